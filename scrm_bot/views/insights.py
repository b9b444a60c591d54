"""Numbers, accounts, trends and the brand's voice."""

from collections.abc import Iterable, Sequence

from scrm_bot.domain.insights import Account, Metrics, Persona, Trend, metric_label
from scrm_bot.domain.posts import Post
from scrm_bot.views import ids, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    bold,
    button,
    code,
    context,
    escape,
    fields,
    header,
    line,
    message,
    section,
    sections,
)
from scrm_bot.views.posts import status_of
from scrm_bot.views.words import number, plural

_MOST_ROWS = 20
_MOST_METRICS = 10
MOST_TRENDS = 10
_SPOKEN = ("voice", "tone", "style")  # what a persona may call it
_NO_TRENDS = "SocialCRM names no trending topics right now. `/scrm ideas` suggests what to write about."
_TOGETHER = "SocialCRM does not tell accounts apart here: these are the numbers of all of them together."
_NO_PERSONA = "SocialCRM has no brand persona yet. It is set up there; `/scrm persona` shows it then."


def post_stats(
    post: Post, numbers: Sequence[Metrics], *, accounts: Iterable[Account], zone: str = "UTC"
) -> Message:
    """How one post does, for each account where SocialCRM tells them apart."""
    excerpt = section(f"{status_of(post, zone)}\n{escape(post.body, 600).strip() or '_No text._'}")
    shown = [*_all_numbers(numbers, tuple(accounts)), context(code(post.id))]
    return message(header("Post stats"), excerpt, *shown)


def account_stats(numbers: Sequence[Metrics], *, accounts: Iterable[Account], apart: bool = True) -> Message:
    """How the accounts do; without `apart` all together, where some of them were asked for."""
    shown = _all_numbers(numbers, tuple(accounts))
    said = [] if apart or not any(row.values for row in numbers) else [context(_TOGETHER)]
    return message(header("Account stats"), *shown, *said)


def accounts(found: Sequence[Account]) -> Message:
    """The connected accounts, with the ids that commands take."""
    if not found:
        empty = section(
            "No social accounts are connected in SocialCRM yet. Connect one there, then look again."
        )
        return message(header("Accounts"), empty)
    rows = [_account(account) for account in found[:_MOST_ROWS]]
    hint = context(
        "In commands an account is its id, its @handle, its network, or `all`: `/scrm draft Hello --to all`."
    )
    return message(header("Accounts"), *sections("\n".join(rows)), *_more(len(found), "account"), hint)


def trending(trends: Sequence[Trend]) -> Message:
    """Topics of the day, each with Draft this; the button's value is the topic."""
    if not trends:
        return message(header("Trending"), section(_NO_TRENDS))
    rows = [trend_row(rank, trend) for rank, trend in enumerate(trends[:MOST_TRENDS], 1)]
    return message(header("Trending"), *rows)


def trend_row(rank: int, trend: Trend, *, label: str = "Draft this") -> Block:
    volume = f"  {number(trend.volume)}" if trend.volume is not None else ""
    draft = button(label, ids.Action.DRAFT_THIS, f"trend:{trend.topic}", says=f"Draft a post on trend {rank}")
    return section(f"{rank}. {bold(trend.topic)}{volume}", accessory=draft)


def persona(found: Persona) -> Message:
    """The brand's voice as SocialCRM knows it, in its own order."""
    if not found.traits:
        return message(header("Persona"), section(_NO_PERSONA))
    rows = [f"{bold(metric_label(name))}\n{_listed(values)}" for name, values in found.traits[:_MOST_ROWS]]
    more = _more(len(found.traits), "trait")
    way_on = context("`/scrm compose` and `/scrm rewrite` write in this voice.")
    return message(header("Persona"), *[section(row) for row in rows], *more, way_on)


def voice(found: Persona) -> str:
    """The brand's voice in one line, or else the first thing told of the brand; "" where there is nothing."""
    spoken = [trait for trait in found.traits if any(word in trait[0].casefold() for word in _SPOKEN)]
    if not found.traits:
        return ""
    name, values = (spoken or found.traits)[0]
    told = line(", ".join(values), 160)
    return f"Your brand's voice: {told}" if spoken else f"Your brand: {line(metric_label(name), 30)}: {told}"


def _listed(values: Sequence[str]) -> str:
    shown = (
        ", ".join(line(value, 100) for value in values[:10])
        if len(values) > 1
        else escape("".join(values), 400)
    )
    return shown.strip() or "n/a"


def _account(account: Account) -> str:
    name = f" {line(account.name, 60)}" if account.name and account.handle else ""
    status = f" · {line(account.status, 30)}" if account.status else ""
    return f"• {bold(networks.name_of(account), 60)}{name}{status} · {code(account.id)}"


def _all_numbers(numbers: Sequence[Metrics], known: Sequence[Account]) -> list[Block]:
    told = [row for row in numbers if row.values]
    if not told:
        return [section("No numbers yet: n/a. They come in some time after a post is out.")]
    blocks = [block for row in told[:_MOST_METRICS] for block in _numbers(row, known)]
    return [*blocks, *_more(len(told), "account", most=_MOST_METRICS)]


def _numbers(row: Metrics, known: Sequence[Account]) -> list[Block]:
    title = (
        bold(networks.name_of(networks.named([row.account_id], known)[0]), 60)
        if row.account_id
        else "*In all*"
    )
    cells = [f"{bold(metric_label(name), 60)}\n{number(value)}" for name, value in row.values[:_MOST_METRICS]]
    return [section(title), fields(*cells)]


def _more(count: int, what: str, *, most: int = _MOST_ROWS) -> list[Block]:
    return [context(f"{plural(count - most, f'more {what}')} not shown.")] if count > most else []
