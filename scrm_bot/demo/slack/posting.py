"""Saying, changing and taking back messages, and telling everyone who should hear of it."""

import re
from dataclasses import replace

from scrm_bot.demo.slack import shapes
from scrm_bot.demo.slack.messages import Content, Message
from scrm_bot.demo.slack.mint import random_id
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace

SUBSCRIPTIONS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
LINK = re.compile(r"<(https?://([^/|>\s]+)[^|>]*)(?:\|[^>]*)?>")


def say(space: Workspace, room: Room, message: Message) -> None:
    """Put a message into a room for all to see."""
    root = room.find(message.thread_ts) if message.thread_ts else None
    if root is not None and not root.thread_ts:
        root.thread_ts = root.ts
    room.messages.append(message)
    for reader in room.members - {message.user, space.bot}:
        room.unread[reader] += 1
    _publish(space, room, "message", message)
    if root is not None:
        _publish(space, room, "message_changed", root)
    _tell_bot(space, room, message)


def whisper(space: Workspace, room: Room, message: Message) -> None:
    """Show a message to one person only."""
    room.whisper(message)
    _publish(space, room, "ephemeral", message)


def change(space: Workspace, room: Room, message: Message, content: Content, *, edited: bool = True) -> None:
    before = message.to_api(space.world)
    message.earlier.append(message.content)
    message.content = replace(content, username=content.username or message.content.username)
    if edited and not message.ephemeral:
        message.edited_ts = space.mint.ts()
    _publish(space, room, "ephemeral_replaced" if message.ephemeral else "message_changed", message)
    if not message.ephemeral:
        changed = {"message": message.to_api(space.world), "previous_message": before}
        _announce_hidden(space, room, {"subtype": "message_changed", **changed})


def delete(space: Workspace, room: Room, message: Message) -> None:
    room.forget(message)
    if message.ephemeral:
        audience = frozenset({message.ephemeral_for})
        space.hub.publish("ephemeral_deleted", audience, channel=room.id, ts=message.ts)
        return
    space.hub.publish("message_deleted", space.audience(room), channel=room.id, ts=message.ts)
    previous = message.to_api(space.world)
    gone = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": previous}
    _announce_hidden(space, room, gone)


def _publish(space: Workspace, room: Room, kind: str, message: Message) -> None:
    audience = frozenset({message.ephemeral_for}) if message.ephemeral else space.audience(room)
    told = shapes.message(space, room, message)
    space.hub.publish(kind, audience, channel=room.id, ts=message.ts, message=told)


def _tell_bot(space: Workspace, room: Room, message: Message) -> None:
    if space.bot not in room.members:
        return
    event = message.to_api(space.world) | {
        "channel": room.id,
        "channel_type": room.event_type,
        "event_ts": message.ts,
    }
    if not message.by_bot:
        event["client_msg_id"] = random_id("m")
    space.announce(SUBSCRIPTIONS[room.kind], event)
    if not message.by_bot:
        _tell_mention(space, room, message, event)
        _tell_links(space, room, message)


def _tell_mention(space: Workspace, room: Room, message: Message, event: Json) -> None:
    if room.kind == "im" or f"<@{space.bot}>" not in message.content.text:
        return
    mention = {key: value for key, value in event.items() if key != "channel_type"}
    space.announce("app_mention", mention | {"type": "app_mention"})


def _tell_links(space: Workspace, room: Room, message: Message) -> None:
    links = [
        {"url": url, "domain": domain}
        for url, domain in LINK.findall(message.content.text)
        if any(domain == each or domain.endswith("." + each) for each in space.manifest.unfurl_domains)
    ]
    if not links:
        return
    event: Json = {"type": "link_shared", "user": message.user, "channel": room.id, "links": links}
    event |= {"message_ts": message.ts, "is_bot_user_member": True, "source": "conversations_history"}
    event |= {"unfurl_id": f"{room.id}.{message.ts}", "event_ts": message.ts}
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    space.announce("link_shared", event)


def _announce_hidden(space: Workspace, room: Room, what: Json) -> None:
    if space.bot not in room.members:
        return
    ts = space.mint.ts()
    event = {"type": "message", "hidden": True, "channel": room.id, "channel_type": room.event_type, **what}
    space.announce(SUBSCRIPTIONS[room.kind], event | {"ts": ts, "event_ts": ts})
