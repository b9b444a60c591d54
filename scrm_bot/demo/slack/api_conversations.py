"""conversations.*: channels, their members and what was said in them."""

from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.paging import page
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.wire import Json

READ = {"public": "channels:read", "private": "groups:read", "im": "im:read"}
HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


async def open_(ask: Ask) -> Json:
    users = ask.args.names("users")
    channel = ask.args.text("channel")
    if channel:
        room = ask.space.room_for_bot(channel)
    elif len(users) == 1:
        if users[0] not in ask.space.people:
            raise RefusalError("user_not_found")
        room = ask.space.dm(users[0])
    else:
        raise RefusalError("users_list_not_supplied" if not users else "not_enough_users")
    told = room.to_api(ask.space.world, bot_is=ask.space.bot)
    return {"channel": told if ask.args.flag("return_im") else {"id": room.id}}


def _room(ask: Ask, scopes: dict[str, str]) -> Room:
    """The named room, if the token's scopes cover its kind."""
    room = ask.space.room_for_bot(ask.args.need("channel"))
    ask.token.need(scopes[room.kind])
    return room


async def info(ask: Ask) -> Json:
    return {"channel": _room(ask, READ).to_api(ask.space.world, bot_is=ask.space.bot)}


async def list_(ask: Ask) -> Json:
    kinds = ask.args.names("types") or ["public_channel"]
    if unknown := [kind for kind in kinds if kind not in TYPES]:
        raise RefusalError("invalid_types", messages=[f"[ERROR] unknown type: {unknown[0]}"])
    wanted = {TYPES[kind] for kind in kinds}
    for kind in wanted - {"mpim"}:
        ask.token.need(READ[kind])
    rooms = [
        room.to_api(ask.space.world, bot_is=ask.space.bot)
        for room in ask.space.rooms.values()
        if room.kind in wanted and (room.kind == "public" or ask.space.bot in room.members)
        if not (room.is_archived and ask.args.flag("exclude_archived"))
    ]
    channels, metadata = page(rooms, ask.args)
    return {"channels": channels, "response_metadata": metadata}


async def members(ask: Ask) -> Json:
    room = _room(ask, READ)
    found, metadata = page([{"id": member} for member in sorted(room.members)], ask.args)
    return {"members": [member["id"] for member in found], "response_metadata": metadata}


def _readable(ask: Ask) -> Room:
    room = _room(ask, HISTORY)
    if ask.space.bot not in room.members:
        raise RefusalError("not_in_channel")
    return room


async def history(ask: Ask) -> Json:
    room = _readable(ask)
    roots = [message for message in room.messages if message.thread_ts in {"", message.ts}]
    return _messages(ask, room, list(reversed(_between(ask, roots))))


async def replies(ask: Ask) -> Json:
    room = _readable(ask)
    root = room.find(ask.args.need("ts"))
    if root is None:
        raise RefusalError("thread_not_found")
    root = room.find(root.thread_ts or root.ts) or root
    return _messages(ask, room, [root, *_between(ask, room.replies(root.ts))])


def _between(ask: Ask, messages: list[Message]) -> list[Message]:
    low = _bound(ask.args.text("oldest") or "0", RefusalError("invalid_ts_oldest"))
    high = _bound(ask.args.text("latest") or "9999999999", RefusalError("invalid_ts_latest"))
    inclusive = ask.args.flag("inclusive")
    return [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and float(message.ts) in {low, high})
    ]


def _bound(ts: str, refusal: RefusalError) -> float:
    try:
        return float(ts)
    except ValueError as error:
        raise refusal from error


def _messages(ask: Ask, room: Room, messages: list[Message]) -> Json:
    with_metadata = ask.args.flag("include_all_metadata")
    told = [_told(ask, room, message, with_metadata=with_metadata) for message in messages]
    found, metadata = page(told, ask.args)
    more = bool(metadata["next_cursor"])
    return {"messages": found, "has_more": more, "pin_count": 0, "response_metadata": metadata}


def _told(ask: Ask, room: Room, message: Message, *, with_metadata: bool) -> Json:
    told = message.to_api(ask.space.world, with_metadata=with_metadata)
    answers = room.replies(message.ts)
    if answers:
        told |= {"reply_count": len(answers), "reply_users_count": len({a.user for a in answers})}
        told |= {"latest_reply": answers[-1].ts, "reply_users": sorted({a.user for a in answers})}
    return told


METHODS = {
    "conversations.open": Method(open_, ("im:write",)),
    "conversations.info": Method(info),
    "conversations.list": Method(list_),
    "conversations.members": Method(members),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
}
