"""Slash commands and shortcuts: from what a person does to what the bot answers."""

from collections.abc import Mapping

from scrm_bot.demo.slack import contents, payloads, posting, typed
from scrm_bot.demo.slack.api_chat import new_message
from scrm_bot.demo.slack.delivery import Parcel, Reply
from scrm_bot.demo.slack.errors import DeliveryError, RefusalError, UnknownThingError
from scrm_bot.demo.slack.outcomes import Outcome, failed
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person

RESPONSE_TYPES = {"ephemeral", "in_channel"}


async def run_command(space: Workspace, person: Person, *, channel: str, text: str) -> Outcome:
    """`/scrm draft hello`, as typed into a channel."""
    room = space.room_seen_by(person, channel)
    name, _, rest = text.strip().partition(" ")
    command = space.manifest.command(name)
    if command is None:
        return failed("invalid_command", f"{name} is not a valid command.")
    rest = rest.strip()
    payload = payloads.slash_command(
        space,
        person,
        room,
        command=name,
        text=typed.in_command(space, rest) if command.should_escape else rest,
        trigger_id=space.triggers.give(person.id),
        response_url=space.links.give(space.world.team_id, person.id, room),
    )
    try:
        reply = await space.post.deliver(Parcel("slash_commands", payload))
    except DeliveryError as error:
        code = "operation_timeout" if error.reason == "http_timeout" else "dispatch_failed"
        return failed(code, f'{name} failed with the error "{code}"')
    if reply.status != 200:
        space.fault(f"{name} was answered with HTTP {reply.status}")
        return failed("dispatch_failed", f'{name} failed with the error "dispatch_failed"')
    return _show(space, person, room, name, reply)


def _show(space: Workspace, person: Person, room: Room, name: str, reply: Reply) -> Outcome:
    """The body of the acknowledgement, if any, as a message."""
    try:
        said = _body(reply)
        if said:
            answer(space, person, room, said)
    except (ValueError, TypeError, RefusalError) as error:
        space.fault(f"{name} was answered with a body Slack does not take: {error}")
        sentence = f'{name} failed with the error "invalid_command_response"'
        return failed("invalid_command_response", sentence)
    return Outcome()


def _body(reply: Reply) -> Json:
    text = reply.body.decode().strip()
    if not text:
        return {}
    if reply.is_json:
        return reply.json()
    return {"text": text}


def answer(space: Workspace, person: Person, room: Room, said: Mapping[str, object]) -> None:
    """A message answering an interaction: to the person alone unless it says `in_channel`."""
    kind = said.get("response_type", "ephemeral")
    if kind not in RESPONSE_TYPES:
        raise RefusalError("invalid_response_type")
    content = contents.read(said)
    contents.require_something(content)
    contents.truncate(content)
    thread_ts = str(said.get("thread_ts") or "")
    if kind == "in_channel":
        posting.say(space, room, new_message(space, content, thread_ts=thread_ts))
    else:
        posting.whisper(space, room, new_message(space, content, thread_ts=thread_ts, only_for=person.id))


async def run_shortcut(
    space: Workspace, person: Person, *, kind: str, callback_id: str, channel: str = "", message_ts: str = ""
) -> Outcome:
    """A global shortcut, or one from a message's menu."""
    offered = {(each.type, each.callback_id) for each in space.manifest.shortcuts}
    if (kind, callback_id) not in offered:
        raise UnknownThingError(f"the app has no {kind} shortcut {callback_id!r}")
    trigger_id = space.triggers.give(person.id)
    if kind == "global":
        payload = payloads.global_shortcut(space, person, callback_id=callback_id, trigger_id=trigger_id)
    else:
        payload = _message_shortcut(space, person, channel, message_ts, callback_id, trigger_id)
    return await send(space, payload)


def _message_shortcut(  # noqa: PLR0917  # the payload's own parts
    space: Workspace, person: Person, channel: str, message_ts: str, callback_id: str, trigger_id: str
) -> Json:
    room = space.room_seen_by(person, channel)
    message = room.find(message_ts)
    if message is None:
        raise UnknownThingError(f"there is no message {message_ts} in #{room.name}")
    return payloads.message_shortcut(
        space,
        person,
        room,
        message,
        callback_id=callback_id,
        trigger_id=trigger_id,
        response_url=space.links.give(space.world.team_id, person.id, room, message),
    )


async def send(space: Workspace, payload: Json) -> Outcome:
    """Deliver an interaction whose acknowledgement says nothing more than that it came."""
    reply = await acknowledged(space, payload)
    return reply if isinstance(reply, Outcome) else Outcome()


async def acknowledged(space: Workspace, payload: Json) -> Reply | Outcome:
    """The bot's acknowledgement of an interaction, or what the person is told where there was none."""
    try:
        reply = await space.post.deliver(Parcel("interactive", payload))
    except DeliveryError as error:
        return failed("operation_timeout" if error.reason == "http_timeout" else "dispatch_failed")
    if reply.status != 200:
        space.fault(f"{payload['type']} was answered with HTTP {reply.status}")
        return failed("dispatch_failed")
    return reply
