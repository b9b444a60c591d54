"""The payloads of commands and interactions, key for key as Slack sends them."""

from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.views import View
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person


def slash_command(
    space: Workspace,
    person: Person,
    room: Room,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    world = space.world
    return {
        "token": world.app.verification_token,
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": room.id,
        "channel_name": "privategroup" if room.kind == "private" else room.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _common(space: Workspace, person: Person, kind: str) -> Json:
    """What every block_actions, block_suggestion and view payload has."""
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": space.world.team_id}
    return _shortcut(space, kind) | {"user": user, "api_app_id": space.world.app.id}


def _shortcut(space: Workspace, kind: str) -> Json:
    """What shortcuts have too; they tell less of the person, and no app."""
    world = space.world
    return {
        "type": kind,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "token": world.app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_of(room: Room) -> Json:
    return {"id": room.id, "name": "privategroup" if room.kind == "private" else room.name}


def message_container(room: Room, message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": room.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def _on_message(space: Workspace, room: Room, message: Message) -> Json:
    told: Json = {"container": message_container(room, message), "channel": channel_of(room)}
    if not message.ephemeral:
        told["message"] = message.to_api(space.world, with_metadata=True)
    return told


def _on_view(space: Workspace, view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": view.to_api(space.world)}


def message_action(space: Workspace, person: Person, room: Room, message: Message, **more: object) -> Json:
    """block_actions from a message."""
    return _common(space, person, "block_actions") | _on_message(space, room, message) | more


def view_action(space: Workspace, person: Person, view: View, **more: object) -> Json:
    """block_actions from a modal or the App Home."""
    return _common(space, person, "block_actions") | _on_view(space, view) | more


def message_suggestion(
    space: Workspace, person: Person, room: Room, message: Message, **more: object
) -> Json:
    return _common(space, person, "block_suggestion") | _on_message(space, room, message) | more


def view_suggestion(space: Workspace, person: Person, view: View, **more: object) -> Json:
    return _common(space, person, "block_suggestion") | _on_view(space, view) | more


def view_submission(
    space: Workspace, person: Person, view: View, *, trigger_id: str, urls: list[Json]
) -> Json:
    told: Json = {"trigger_id": trigger_id, "view": view.to_api(space.world), "response_urls": urls}
    return _common(space, person, "view_submission") | told


def view_closed(space: Workspace, person: Person, view: View, *, is_cleared: bool) -> Json:
    told: Json = {"view": view.to_api(space.world), "is_cleared": is_cleared}
    return _common(space, person, "view_closed") | told


def global_shortcut(space: Workspace, person: Person, *, callback_id: str, trigger_id: str) -> Json:
    told: Json = {"callback_id": callback_id, "trigger_id": trigger_id, "action_ts": space.mint.ts()}
    told["user"] = {"id": person.id, "username": person.name, "team_id": space.world.team_id}
    return _shortcut(space, "shortcut") | told


def message_shortcut(
    space: Workspace,
    person: Person,
    room: Room,
    message: Message,
    *,
    callback_id: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    told: Json = {
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": space.mint.ts(),
        "message_ts": message.ts,
        "response_url": response_url,
        "message": message.to_api(space.world),
        "channel": channel_of(room),
        "user": {"id": person.id, "name": person.name, "team_id": space.world.team_id},
    }
    return _shortcut(space, "message_action") | told
