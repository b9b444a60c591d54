"""What people type, turned into what Slack sends: escapes, mentions, links."""

import re
from collections import Counter

from scrm_bot.demo.slack.workspace import Workspace

PIECES = (
    r"(?P<url>https?://[^\s<>|]+)"
    r"|(?<![\w@.])@(?P<user>{names})(?!\w|[.\-]\w)"
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
    mentions = _mentions(space)

    def replace(match: re.Match[str]) -> str:
        piece = match.group()
        match match.lastgroup:
            case "url":
                return "<" + piece.replace("&", "&amp;") + ">"
            case "user":
                user, handle = mentions.get(match["user"].casefold(), ("", ""))
                if not user:  # letters that a pattern takes for one another, and `casefold` does not
                    return piece
                return f"<@{user}|{handle}>" if named else f"<@{user}>"
            case "channel":
                return _channel(space, piece[1:]) or piece
            case _:
                return ENTITIES[piece]

    names = "|".join(re.escape(name) for name in sorted(mentions, key=len, reverse=True))
    return re.sub(PIECES.format(names=names), replace, text, flags=re.IGNORECASE)


def _mentions(space: Workspace) -> dict[str, tuple[str, str]]:
    """Whom a name after "@" means, as id and handle. Handles win over full names, those over first ones."""
    everyone = [(each.id, each.name, each.real_name or each.name) for each in space.people.values()]
    everyone.append((space.bot, space.manifest.handle, space.manifest.handle))
    given = Counter(full.split()[0].casefold() for _, _, full in everyone)
    firsts = {full.split()[0].casefold(): (user, handle) for user, handle, full in everyone}
    # who shares a first name is called by more than that
    mentions = {name: whom for name, whom in firsts.items() if given[name] == 1}
    mentions |= {full.casefold(): (user, handle) for user, handle, full in everyone}
    return mentions | {handle.casefold(): (user, handle) for user, handle, _ in everyone}


def _channel(space: Workspace, name: str) -> str:
    """Slack keeps channels' names in small letters, and people do not."""
    wanted, rooms = name.casefold(), (room for room in space.rooms.values() if room.kind != "im")
    room = next((room for room in rooms if room.name.casefold() == wanted), None)
    return f"<#{room.id}|{room.name}>" if room else ""
