"""App Home: what needs the reader first, how things stand last."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Post
from scrm_bot.views import approvals, help, ids, networks  # noqa: A004 - the page called help
from scrm_bot.views.blocks import (
    MOST_VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    header,
    line,
    section,
)
from scrm_bot.views.status import Standing, key_line, limit_lines, rule_lines
from scrm_bot.views.words import plural, when

_MOST_WAITING = 5
_MOST_POSTS = 8
_MOST_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person's Home shows.

    `to_decide` is how many of those waiting wait for the reader's own word; `missing` names what could not
    be read just now.
    """

    standing: Standing
    waiting: Sequence[Approval] = ()
    failed: Sequence[Post] = ()
    upcoming: Sequence[Post] = ()
    accounts: Sequence[Account] = ()
    zone: str = "UTC"
    admin: bool = False
    missing: Sequence[str] = field(default=())
    to_decide: int = 0


def home(desk: Desk) -> View:
    """The whole tab; for a workspace without a key what the bot does, and Connect."""
    if desk.standing.connection is None:
        return _tab(help.welcome().blocks)
    pause = desk.standing.settings.pause
    return _tab(
        [
            *([approvals.banner(pause)] if pause else []),
            actions(button("New post", ids.Action.NEW_POST, style="primary"), *_doors(desk)),
            *_waiting(desk),
            *_failed(desk),
            *_upcoming(desk),
            divider(),
            header("Connection and rules"),
            section(key_line(desk.standing)),
            section("\n".join(rule_lines(desk.standing.settings))),
            *_limits(desk),
            *_missing(desk),
        ]
    )


def _tab(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks[:MOST_VIEW_BLOCKS])}


def _doors(desk: Desk) -> list[Block]:
    doors = [button("Posts", ids.Action.SHOW_POSTS), button("Stats", ids.Action.SHOW_STATS)]
    if desk.admin:
        doors.append(button("Settings", ids.Action.SHOW_SETTINGS))
    return [*doors, button("Help", ids.Action.SHOW_HELP)]


def _waiting(desk: Desk) -> list[Block]:
    title = header("Needs you")
    if not desk.waiting:
        unknown = "requests" in desk.missing
        return [title, section("Not known right now." if unknown else "Nothing waits for you.")]
    known = tuple(desk.accounts)
    rows = [
        block for request in desk.waiting[:_MOST_WAITING] for block in approvals.row(request, accounts=known)
    ]
    left = len(desk.waiting) - _MOST_WAITING
    more = [context(f"{plural(left, 'more request')}: `/scrm approvals`")] if left > 0 else []
    several = approvals.several_row() if desk.to_decide > 1 else []
    return [title, *several, *rows, *more]


def _failed(desk: Desk) -> list[Block]:
    if not desk.failed:
        return []
    rows = [
        _post(post, f"❌ {line(post.error, 200) or 'SocialCRM gave no reason'}")
        for post in desk.failed[:_MOST_POSTS]
    ]
    return [header("Failed"), *rows]


def _upcoming(desk: Desk) -> list[Block]:
    if not desk.upcoming:
        return []
    rows = []
    for post in desk.upcoming[:_MOST_POSTS]:
        at = when(post.scheduled_at, desk.zone) if post.scheduled_at else "no time"
        rows.append(_post(post, f"🗓️ {at} · {networks.names(post.account_ids, desk.accounts, most=3)}"))
    return [header("Next 7 days"), *rows]


def _post(post: Post, told: str) -> Block:
    excerpt = line(post.body, _MOST_EXCERPT) or "_No text._"
    return section(f"{excerpt}\n{told}", accessory=button("Show", ids.Action.SHOW_POST, post.id))


def _limits(desk: Desk) -> list[Block]:
    limits = desk.standing.limits
    return [header("Requests and quota"), section("\n".join(limit_lines(limits)))] if limits else []


def _missing(desk: Desk) -> list[Block]:
    if not desk.missing:
        return []
    names = ", ".join(line(name, 60) for name in desk.missing[:8])
    return [context(f"⚠️ Could not be read just now: {names}.")]
