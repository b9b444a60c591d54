"""App Home: what needs the reader first, how things stand last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.insights import Account, Metrics, metric_label
from scrm_bot.domain.posts import Post
from scrm_bot.views import approval_lists, approvals, help, ids, networks  # noqa: A004 - the page called help
from scrm_bot.views.blocks import (
    MOST_VIEW_BLOCKS,
    Block,
    View,
    actions,
    bold,
    button,
    context,
    divider,
    fields,
    header,
    line,
    section,
)
from scrm_bot.views.status import Standing, key_line, limit_lines, rule_lines
from scrm_bot.views.words import listed, number, plural, when

_MOST_WAITING = 5
_MOST_OTHERS = 3
_MOST_BLOCKED = 3
_MOST_FAILED = 6
_MOST_POSTS = 8
_MOST_NUMBERS = 6
_MOST_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person's Home shows.

    `to_decide` is how many of those waiting, the first ones, wait for the reader's own word, `withdrawable`
    are the ids of those that the reader may withdraw; `blocked` are
    requests that go nowhere by themselves, whosoever they are; `new` is said on a person's first visit;
    `missing` names what could not be read just now; `looked` is how many of the newest posts were looked at,
    0 for all there are.
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
    withdrawable: Collection[str] = ()
    blocked: Sequence[Approval] = ()
    numbers: Metrics | None = None
    new: bool = False
    looked: int = 0


def welcome(*, admin: bool = False) -> View:
    """For a workspace without a key: what the bot does, how it begins, and Connect."""
    who = "You can do this" if admin else "An admin does this"
    steps = (
        f"*1.* Connect a SocialCRM key. {who}: it is made in SocialCRM's settings, and kept encrypted here.\n"
        "*2.* Choose the channel for approvals, and who approves, with `/scrm settings`.\n"
        "*3.* Write the first post with `/scrm draft`. Nothing goes out before somebody approves it."
    )
    said, *buttons = help.welcome().blocks
    return _tab([said, *buttons, section(steps)])


def closed() -> View:
    """For guests and others who were given no role."""
    told = (
        "*SocialCRM in Slack*\nThe team plans and approves its social posts here. You have no role in it "
        "yet: an admin can give you one with `/scrm team`."
    )
    return _tab([section(told)])


def unsure() -> View:
    """While Slack does not say who the reader is."""
    told = (
        "*SocialCRM in Slack*\nThe bot cannot check who you are just now, so it shows nothing here. Nothing "
        "was changed. Open the Home tab again in a minute; if it stays so, tell whoever runs the bot."
    )
    return _tab([section(told)])


def home(desk: Desk) -> View:
    """The whole tab, what matters most first."""
    pause = desk.standing.settings.pause
    return _tab(
        [
            *([approvals.banner(pause)] if pause else []),
            *_newcomer(desk),
            actions(button("New post", ids.Action.NEW_POST, style="primary"), *_doors(desk)),
            *_waiting(desk),
            *_blocked(desk),
            *_with_others(desk),
            *_upcoming(desk),
            *_how_far(desk),
            *_numbers(desk),
            divider(),
            header("Connection"),
            section(key_line(desk.standing)),
            *_limits(desk),
            header("Settings"),
            section("\n".join(rule_lines(desk.standing.settings))),
            *_gaps(desk),
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
    if not desk.to_decide:
        unknown = "approvals" in desk.missing
        return [title, section("Not known right now." if unknown else "Nothing waits for you.")]
    several = approval_lists.several_row() if desk.to_decide > 1 else []
    return [title, *several, *_requests(desk, desk.waiting[: desk.to_decide], most=_MOST_WAITING)]


def _with_others(desk: Desk) -> list[Block]:
    """The reader's own requests, and those that have the reader's word already."""
    others = desk.waiting[desk.to_decide :]
    if not others:
        return []
    return [header("Waiting for others"), *_requests(desk, others, most=_MOST_OTHERS, decides=False)]


def _requests(desk: Desk, found: Sequence[Approval], *, most: int, decides: bool = True) -> list[Block]:
    rows = [
        block
        for request in found[:most]
        for block in approval_lists.row(
            request,
            accounts=desk.accounts,
            decides=decides,
            withdraws=request.id in desk.withdrawable,
        )
    ]
    left = len(found) - most
    return [*rows, *([context(f"{plural(left, 'more request')}: `/scrm approvals`")] if left > 0 else [])]


def _newcomer(desk: Desk) -> list[Block]:
    if not desk.new:
        return []
    told = (
        "👋 *Good to see you.* Here you find what waits for you, and it stays up to date while you look.\n"
        "Write with *New post* or `/scrm draft`, ask for approval there, and see what becomes of it on "
        "its card. In threads, mention the bot. `/scrm help` lists the rest."
    )
    return [section(told)]


def _blocked(desk: Desk) -> list[Block]:
    if not desk.failed and not desk.blocked:
        return []
    requests = [
        block
        for request in desk.blocked[:_MOST_BLOCKED]
        for block in approval_lists.row(request, accounts=desk.accounts)
    ]
    rows = [
        _post(post, f"❌ {line(post.error, 200) or 'SocialCRM gave no reason'}")
        for post in desk.failed[:_MOST_FAILED]
    ]
    left = len(desk.blocked) + len(desk.failed) - min(len(desk.blocked), _MOST_BLOCKED) - len(rows)
    where = "`/scrm approvals` and `/scrm posts failed` show them"
    more = [context(f"{plural(left, 'more', 'more')}: {where}.")] if left > 0 else []
    return [header("Blocked or failed"), *requests, *rows, *more]


def _numbers(desk: Desk) -> list[Block]:
    if desk.numbers is None:
        return []
    cells = [f"{bold(metric_label(name), 60)}\n{number(value)}" for name, value in desk.numbers.values]
    return [header("Numbers"), fields(*cells[:_MOST_NUMBERS])]


def _gaps(desk: Desk) -> list[Block]:
    """What is still to be set before anything can be approved."""
    rules = desk.standing.settings
    missing = [] if rules.approvals_channel else ["an approvals channel"]
    if not rules.approvers and not rules.approver_groups:
        missing.append("approvers")
    if not missing:
        return []
    who = "*Settings* above" if desk.admin else "an admin with `/scrm settings`"
    told = f"⚠️ Still missing: {listed(missing)}. Until then nothing can be approved. To set it: {who}."
    return [context(told)]


def _upcoming(desk: Desk) -> list[Block]:
    if not desk.upcoming:
        return []
    rows = []
    for post in desk.upcoming[:_MOST_POSTS]:
        at = when(post.scheduled_at, desk.zone) if post.scheduled_at else "no time"
        rows.append(_post(post, f"🗓️ {at} · {networks.targets(post, desk.accounts, most=3)}"))
    return [header("Next 7 days"), *rows]


def _how_far(desk: Desk) -> list[Block]:
    """What stands above may not be all, and where the rest is."""
    if not desk.looked:
        return []
    told = (
        f"Failed and planned posts are looked for among the {desk.looked} newest and those that the bot "
        "scheduled. `/scrm posts failed` and `/scrm calendar` look further back."
    )
    return [context(told)]


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
