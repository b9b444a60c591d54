"""Messages, channels, people and views as the page sees them."""

from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person


def message(space: Workspace, room: Room, said: Message) -> Json:
    told = said.to_api(space.world, with_metadata=True)
    told["reply_count"] = len(room.replies(said.ts))
    told["ephemeral"] = said.ephemeral
    if said.files:
        told["files"] = [_viewable(file) for file in said.files]
    return told


def _viewable(file: Json) -> Json:
    """A file whose link opens for people, who have no bot token."""
    return {**file, "url_private": file["permalink"], "url_private_download": file["permalink"]}


def channel(space: Workspace, room: Room, reader: str) -> Json:
    everything = sorted([*room.messages, *room.whispers.get(reader, [])], key=lambda said: said.ts)
    told: Json = {
        "id": room.id,
        "name": space.manifest.name if room.kind == "im" else room.name,
        "is_private": room.kind == "private",
        "is_im": room.kind == "im",
        "members": sorted(room.members),
        "topic": room.topic,
        "is_archived": room.is_archived,
        "unread": room.unread[reader],
        "messages": [message(space, room, said) for said in everything],
    }
    if room.kind == "im":
        told["user"] = space.bot
    return told


def user(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "role": person.role,
        "tz": person.tz,
        "is_bot": False,
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_restricted": person.is_restricted,
        "avatar_color": f"#{person.color}",
    }


def bot(space: Workspace) -> Json:
    return {
        "id": space.bot,
        "name": space.manifest.handle,
        "real_name": space.manifest.name,
        "role": "bot",
        "tz": "Etc/UTC",
        "is_bot": True,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "avatar_color": "#0b4f6c",
    }


def stack(space: Workspace, person: str) -> list[Json]:
    return [view.to_api(space.world) for view in space.views.stacks[person]]


def home(space: Workspace, person: str) -> Json | None:
    shown = space.views.homes.get(person)
    return shown.to_api(space.world) if shown else None


def state(space: Workspace, person: Person) -> Json:
    """Everything the person may see."""
    world, intro = space.world, space.world.intro
    return {
        "team": {"id": world.team_id, "name": world.team_name, "domain": world.team_domain},
        "me": user(person),
        "users": [*(user(each) for each in space.people.values()), bot(space)],
        "channels": [channel(space, room, person.id) for room in space.rooms_of(person)],
        "home": home(space, person.id),
        "views": stack(space, person.id),
        "commands": [
            {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
            for each in space.manifest.commands
        ],
        "shortcuts": [
            {"type": s.type, "name": s.name, "callback_id": s.callback_id, "description": s.description}
            for s in space.manifest.shortcuts
        ],
        "bot": {"user_id": space.bot, "name": space.manifest.name},
        "intro": {
            "title": intro.title,
            "lines": list(intro.lines),
            "try": list(intro.suggestions),
            "running": list(intro.running),
            "verbs": list(intro.verbs),
            "by_hand": intro.by_hand,
        },
        "troubles": space.board.to_ui(),
        "now": world.clock(),
        "seq": space.hub.seq,
    }
