"""chat.*: messages of the bot."""

import re
from dataclasses import replace

from scrm_bot.demo.slack import contents, posting
from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.messages import Content, Message
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.wire import Json, as_object
from scrm_bot.demo.slack.workspace import Workspace

TS = re.compile(r"\d{1,10}\.\d{6}")
UPDATE_LIMIT = 4000


def destination(ask: Ask, channel: str) -> Room:
    """Where a message for `channel` goes: an id, a name, or a person's id for a direct message."""
    space = ask.space
    if channel in space.people:
        if not space.manifest.messages_tab:
            raise RefusalError("messages_tab_disabled")
        return space.dm(channel)
    named = next(
        (r for r in space.rooms.values() if r.kind == "public" and r.name == channel.lstrip("#")), None
    )
    room = named or space.room_for_bot(channel)
    if room.is_archived:
        raise RefusalError("is_archived")
    if space.bot not in room.members and "chat:write.public" not in ask.token.scopes:
        raise RefusalError("not_in_channel")
    return room


def thread(room: Room, ts: str) -> str:
    """The root of the thread that `ts` is in."""
    if not ts:
        return ""
    if not TS.fullmatch(ts):
        raise RefusalError("invalid_thread_ts")
    root = room.find(ts)
    if root is None:
        raise RefusalError("thread_not_found")
    return root.thread_ts or root.ts


async def post_message(ask: Ask) -> Json:
    channel = ask.args.need("channel")
    content = contents.read(ask.args.values)
    contents.require_something(content)
    room = destination(ask, channel)
    root = thread(room, ask.args.text("thread_ts"))
    ask.space.rates.count_message(room.id)
    warnings = contents.truncate(content)
    message = new_message(ask.space, content, thread_ts=root)
    if root and ask.args.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    posting.say(ask.space, room, message)
    told = message.to_api(ask.space.world, with_metadata=True)
    answer: Json = {"channel": room.id, "ts": message.ts, "message": told}
    return answer | ({"response_metadata": {"warnings": warnings}} if warnings else {})


def new_message(space: Workspace, content: Content, *, thread_ts: str = "", only_for: str = "") -> Message:
    """A message by the bot, not yet said."""
    return Message(
        ts=space.mint.ts(),
        user=space.bot,
        content=content,
        by_bot=True,
        thread_ts=thread_ts,
        ephemeral_for=only_for,
    )


async def post_ephemeral(ask: Ask) -> Json:
    channel, user = ask.args.need("channel"), ask.args.need("user")
    content = contents.read(ask.args.values)
    contents.require_something(content)
    if user not in ask.space.people:
        raise RefusalError("user_not_found")
    room = destination(ask, channel)
    if user not in room.members:
        raise RefusalError("user_not_in_channel")
    root = thread(room, ask.args.text("thread_ts"))
    warnings = contents.truncate(content)
    message = new_message(ask.space, content, thread_ts=root, only_for=user)
    posting.whisper(ask.space, room, message)
    answer: Json = {"message_ts": message.ts}
    return answer | ({"response_metadata": {"warnings": warnings}} if warnings else {})


def _own(ask: Ask, *, refusal: str) -> tuple[Room, Message]:
    """The bot's message that `channel` and `ts` name; ephemeral ones are never found."""
    room = ask.space.room_for_bot(ask.args.need("channel"))
    message = room.find(ask.args.need("ts"))
    if message is None:
        raise RefusalError("message_not_found")
    if not message.by_bot:
        raise RefusalError(refusal)
    if room.is_archived:
        raise RefusalError("is_archived")
    return room, message


async def update(ask: Ask) -> Json:
    room, message = _own(ask, refusal="cant_update_message")
    content = contents.read(ask.args.values)
    if not content.text and content.blocks is None and content.attachments is None:
        raise RefusalError("no_text")
    if len(content.text) > UPDATE_LIMIT:
        raise RefusalError("msg_too_long")
    kept = message.content
    changed = replace(
        content,
        blocks=kept.blocks if content.blocks is None else content.blocks,
        attachments=kept.attachments if content.attachments is None else content.attachments,
        metadata=content.metadata or kept.metadata,
    )
    posting.change(ask.space, room, message, changed)
    told = message.to_api(ask.space.world, with_metadata=True)
    del told["ts"]  # Slack tells it outside only
    return {"channel": room.id, "ts": message.ts, "text": told["text"], "message": told}


async def delete(ask: Ask) -> Json:
    room, message = _own(ask, refusal="cant_delete_message")
    posting.delete(ask.space, room, message)
    return {"channel": room.id, "ts": message.ts}


async def get_permalink(ask: Ask) -> Json:
    room = ask.space.room_for_bot(ask.args.need("channel"))
    message = room.find(ask.args.need("message_ts"))
    if message is None:
        raise RefusalError("message_not_found")
    stamp = message.ts.replace(".", "")
    link = f"{ask.space.base_url}/archives/{room.id}/p{stamp}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={room.id}"
    return {"channel": room.id, "permalink": link}


def _linked(ask: Ask) -> tuple[str, str]:
    """Channel and ts of the message, given as such or by unfurl_id and source."""
    unfurl_id = ask.args.text("unfurl_id")
    if not unfurl_id:
        return ask.args.need("channel"), ask.args.need("ts")
    if ask.args.need("source") not in {"composer", "conversations_history"}:
        raise RefusalError("invalid_source")
    channel, _, ts = unfurl_id.partition(".")
    if not ts:
        raise RefusalError("invalid_unfurl_id")
    return channel, ts


async def unfurl(ask: Ask) -> Json:
    channel, ts = _linked(ask)
    room = ask.space.room_for_bot(channel)
    message = room.find(ts)
    if message is None:
        raise RefusalError("cannot_unfurl_message")
    unfurls = ask.args.json("unfurls")
    if not isinstance(unfurls, dict):
        raise RefusalError("invalid_unfurls_format")
    for url, preview in unfurls.items():
        if url not in message.content.text:
            raise RefusalError("cannot_unfurl_url")
        if "blocks" in as_object(preview):
            contents.refuse_bad_blocks(preview["blocks"])
    message.unfurls |= {url: {"from_url": url, **preview} for url, preview in unfurls.items()}
    posting.change(ask.space, room, message, message.content, edited=False)
    return {}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
    "chat.unfurl": Method(unfurl, ("links:write",)),
}
