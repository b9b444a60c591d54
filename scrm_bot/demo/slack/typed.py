"""What people type, turned into what Slack sends: escapes, mentions, links."""

import re
from collections.abc import Callable

from scrm_bot.demo.slack.workspace import Workspace

PIECES = re.compile(
    r"(?P<url>https?://[^\s<>|]+)"
    r"|(?P<user>(?<![\w@.])@[a-z0-9][\w.\-]*)"
    r"|(?P<channel>(?<![\w#])#[a-z0-9][\w\-]*)"
    r"|(?P<special>[&<>])"
)
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def in_message(space: Workspace, text: str) -> str:
    """A message as the Events API and history show it."""
    return _rewrite(space, text, named=False)


def in_command(space: Workspace, text: str) -> str:
    """The text of a command that asked for escaping: ids with names after a bar."""
    return _rewrite(space, text, named=True)


def _rewrite(space: Workspace, text: str, *, named: bool) -> str:
    def replace(match: re.Match[str]) -> str:
        piece = match.group()
        match match.lastgroup:
            case "url":
                return "<" + piece.replace("&", "&amp;") + ">"
            case "user":
                return _trailing(piece, lambda name: _user(space, name, named=named))
            case "channel":
                return _channel(space, piece[1:]) or piece
            case _:
                return ENTITIES[piece]

    return PIECES.sub(replace, text)


def _trailing(piece: str, find: Callable[[str], str]) -> str:
    """Names may end in a dot or hyphen that belongs to the sentence."""
    bare = piece.rstrip(".-")
    return (find(bare[1:]) or bare) + piece[len(bare) :]


def _user(space: Workspace, name: str, *, named: bool) -> str:
    names = {person.name: person.id for person in space.people.values()}
    names[space.manifest.handle] = space.bot
    user = names.get(name)
    if user is None:
        return ""
    return f"<@{user}|{name}>" if named else f"<@{user}>"


def _channel(space: Workspace, name: str) -> str:
    room = next((room for room in space.rooms.values() if room.name == name and room.kind != "im"), None)
    return f"<#{room.id}|{room.name}>" if room else ""
