"""What a request is about, in full, and whether all that an approval is bound to can be seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scrm_bot.domain.approvals import Approval, Decision, State, Step
from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Content, Drift
from scrm_bot.views import networks
from scrm_bot.views.blocks import (
    MOST_BODY,
    Block,
    body,
    code,
    context,
    escape,
    line,
    sections,
    size,
    spoken,
)
from scrm_bot.views.differences import difference
from scrm_bot.views.waiting import deadlines, progress, round_line, warnings
from scrm_bot.views.words import mention, plural, when

# Slack refuses about 13,000 in one message; this leaves room for the state, a pause, a brand and the buttons
_MOST_MESSAGE = 10_800
_MOST_ACCOUNTS = 40
_FEW_ACCOUNTS = 8  # where they are listed once more, beside those it has now
_MOST_MEDIA = 10
_MOST_NOTE = 600
_MOST_WINDOW = 60_000  # of a text in a window: Slack refuses views of more than 250 kB
_MOST_IN_WINDOW = 200  # accounts, or files
_MOST_REMARK = 300
_MOST_REMARKS = 5
_LEAST_TEXT = 600
_WATCHED = "An edit in SocialCRM from here on would go out; the bot watches for it."


def contents(approval: Approval, *, accounts: Iterable[Account], now: datetime | None = None) -> list[Block]:
    """The request without its state and its buttons: as much as fits into one message."""
    known = tuple(accounts)
    text = _text(approval, _room(approval, known))
    return [*round_line(approval), *text, *_beside(approval, known, now)]


def is_whole(approval: Approval, *, accounts: Iterable[Account]) -> bool:
    """Whether `contents` shows everything that an approval is bound to."""
    content = approval.content
    return (
        size(escape(content.body)) <= _room(approval, tuple(accounts))
        and len(content.account_ids) <= _MOST_ACCOUNTS
        and len(content.media_ids) <= _MOST_MEDIA
    )


def everything(approval: Approval, *, accounts: Iterable[Account]) -> list[Block]:
    """The same for a window, where much more fits."""
    known = tuple(accounts)
    text = body(approval.content.body, most=_MOST_WINDOW)
    facts = _facts(approval, known, None, most=_MOST_IN_WINDOW, most_media=_MOST_IN_WINDOW)
    return [*round_line(approval), *text, *facts, *warnings(approval, known)]


def fits_window(approval: Approval) -> bool:
    """Whether `everything` is everything."""
    content = approval.content
    most = max(len(content.account_ids), len(content.media_ids))
    return size(escape(content.body)) <= _MOST_WINDOW and most <= _MOST_IN_WINDOW


def time_of(approval: Approval, now: datetime | None = None) -> str:
    at = approval.content.at
    if at is None:
        return "as soon as it is approved" if approval.is_open else "at once"
    if Drift.TIME in approval.drift and approval.confirmed_at:
        return f"{when(approval.confirmed_at, approval.zone)} (approved for {when(at, approval.zone)})"
    passed = " ⚠️ This time has passed." if now and approval.is_open and at <= now else ""
    return f"{when(at, approval.zone)}{passed}"


def media_of(content: Content, *, most: int = _MOST_MEDIA) -> str:
    """`2 files: m1, m2`, so that one can be told from another."""
    ids = [code(each) for each in content.media_ids[:most]]
    left = len(content.media_ids) - most
    named = ", ".join([*ids, f"{left} more"] if left > 0 else ids)
    return f"{plural(len(content.media_ids), 'file')}: {named}" if ids else "no file"


def _room(approval: Approval, accounts: tuple[Account, ...]) -> int:
    """How much of the text fits beside the rest, whatever the time and the pause: what is whole stays so."""
    beside = _beside(approval, accounts, None)
    return max(_LEAST_TEXT, min(MOST_BODY, _MOST_MESSAGE - size(spoken(beside))))


def _beside(approval: Approval, accounts: tuple[Account, ...], now: datetime | None) -> list[Block]:
    changes = _changes(approval, accounts)
    most = _FEW_ACCOUNTS if changes and Drift.ACCOUNTS in approval.drift else _MOST_ACCOUNTS
    facts = _facts(approval, accounts, now, most=most)
    return [*changes, *facts, *warnings(approval, accounts)]


def _text(approval: Approval, room: int) -> list[Block]:
    if approval.state is State.VOID and approval.changed_body is not None:
        what = "Asked about, and now"
        return difference(what, approval.content.body, approval.changed_body, most=room)
    if approval.state in {State.SCHEDULED, State.PUBLISHED} and approval.changed_body is not None:
        what = "What was approved, and what SocialCRM has"
        return difference(what, approval.content.body, approval.changed_body, most=room)
    return body(approval.content.body, most=room)


def _changes(approval: Approval, accounts: Sequence[Account]) -> list[Block]:
    """What else than the text is not what was asked about any more: as it was, and as it is."""
    found = approval.found
    if approval.state is not State.VOID or found is None:
        return []
    asked, rows = approval.content, []
    if Drift.ACCOUNTS in approval.drift:
        was, now = (
            networks.names(each.account_ids, accounts, most=_MOST_ACCOUNTS, told=each.accounts_told)
            for each in (asked, found)
        )
        rows.append(f"*Accounts, as asked:* {was}\n*Accounts now:* {now}")
    if Drift.MEDIA in approval.drift:
        rows.append(f"*Media, as asked:* {media_of(asked)}\n*Media now:* {media_of(found)}")
    return sections("\n".join(rows)) if rows else []


def _facts(
    approval: Approval,
    accounts: Sequence[Account],
    now: datetime | None,
    *,
    most: int,
    most_media: int = _MOST_MEDIA,
) -> list[Block]:
    content = approval.content
    goes = networks.counts(content.body, content.account_ids, accounts, most=most, told=content.accounts_told)
    rows = [
        f"*To:* {goes}",
        f"*When:* {time_of(approval, now)}",
    ]
    if content.media_ids:
        rows.append(f"*Media:* {media_of(content, most=most_media)}")
    if approval.note.strip():
        rows.append(f"*Note:* {escape(approval.note, _MOST_NOTE)}")
    people = f"Written by {mention(approval.author)}"
    if approval.requested_by != approval.author:
        people += f", asked by {mention(approval.requested_by)}"
    small = [f"{people} · {code(approval.post_id)}", *_standing(approval, now), *_remarks(approval)]
    return [*sections("\n".join(rows)), context(*small, *([_WATCHED] if _is_watched(approval) else []))]


def _standing(approval: Approval, now: datetime | None) -> list[str]:
    """`1 of 2 approvals (@ben) · due … · expires …`: the rules this request runs under."""
    parts = [*progress(approval), *deadlines(approval, now)]
    return [" · ".join(parts)] if parts else []


def _remarks(approval: Approval) -> list[str]:
    """What was said along with an approval."""
    words = [word for word in approval.decisions if word.step is Step.APPROVE and word.reason.strip()]
    return [_remark(word) for word in words[-_MOST_REMARKS:]]


def _remark(word: Decision) -> str:
    return f"💬 {mention(word.by)} approved: {line(word.reason, _MOST_REMARK)}"


def _is_watched(approval: Approval) -> bool:
    return approval.state is State.SCHEDULED and not approval.drift
