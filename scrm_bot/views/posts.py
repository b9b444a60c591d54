"""Posts: one in full, many in a list, and what was just done to one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scrm_bot.domain.approvals import IN_MOTION, Approval, State
from scrm_bot.domain.insights import Account
from scrm_bot.domain.lists import PAGE, Listed
from scrm_bot.domain.posts import Post, content_of
from scrm_bot.domain.traces import UNTOLD, out_at, word
from scrm_bot.views import approvals, ids, networks
from scrm_bot.views.blocks import (
    MOST_BODY,
    Block,
    Message,
    Option,
    actions,
    body,
    bold,
    button,
    clip,
    code,
    confirm,
    context,
    escape,
    header,
    line,
    message,
    overflow,
    section,
    size,
    split,
)
from scrm_bot.views.contents import contents
from scrm_bot.views.states import chip
from scrm_bot.views.states import told as request_told
from scrm_bot.views.words import moment, plural, when

_SIGNS = {"draft": "📝", "scheduled": "🗓️", "publishing": "📤", "published": "🟢", "failed": "❌"}
_MOST_EXCERPT = 140
_MOST_NOTE = 200
# A status that was not told may well be a draft's: the use cases decide by what they read.
_EDITABLE = frozenset({"draft", "failed", UNTOLD})
_MOST_FENCED = 2900  # of one section, with room for the fence around it
ASSISTANT = ("rewrite", "optimise", "hashtags", "thread")  # the verbs of the card's menu


def status_of(post: Post, zone: str = "UTC") -> str:
    """`🗓️ *Scheduled* for …`: SocialCRM's own word, an unknown one as it is.

    Of one that is out, only its own time is told as that; without it, what it was planned for.
    """
    status = word(post)
    own = "status not told" if status == UNTOLD else status.replace("_", " ")
    said = f"{_SIGNS.get(status, '▫️')} *{line(own, 40).capitalize() or 'No status'}*"
    out = out_at(post)
    if out and post.published_at:
        return f"{said} {moment(post.published_at, zone)}"
    planned = ", planned" if out else ""
    return f"{said}{planned} for {when(post.scheduled_at, zone)}" if post.scheduled_at else said


def card(
    post: Post,
    *,
    accounts: Iterable[Account],
    zone: str = "UTC",
    request: Approval | None = None,
    now: datetime | None = None,
) -> Message:
    """One post in full, with everything that can be done to it and to its latest request."""
    known = tuple(accounts)
    runs = request is not None and (request.is_open or request.state in IN_MOTION)
    told = _request(post, request, known, now) if request and (runs or word(post) in _EDITABLE) else []
    buttons = _everything(post, request if runs else None)
    about = _post(post, known, zone)
    if request and request.is_open and _is_as_asked(post, request):  # as its card has it: it is decided here
        times = [context(" · ".join(_times(post, zone)))] if _times(post, zone) else []
        about = [section(status_of(post, zone)), *contents(request, accounts=known, now=now), *times]
    return message(*about, *told, *([actions(*buttons)] if buttons else []))


def drafted(
    post: Post,
    *,
    accounts: Iterable[Account],
    zone: str = "UTC",
    saved: str = "Draft saved",
    note: str = "",
) -> Message:
    """The answer to saving: what was saved, the note that waits for the approver, and the way on."""
    first = section(f"✅ {bold(saved)}")
    kept = [context(f"*Note for the approver:* {line(note, _MOST_NOTE)}")] if note.strip() else []
    return message(first, *_post(post, tuple(accounts), zone), *kept, actions(*_after_saving(post)))


def deleted(post_id: str, *, text: str = "") -> Message:
    """After a post was deleted; its text is there for whoever wants it back."""
    return message(section(f"🗑️ {bold('Deleted')} {code(post_id)} is gone from SocialCRM."), *_copyable(text))


def delete_question(post: Post, *, zone: str = "UTC", closes: bool = False) -> Message:
    """Asked before a post is deleted by a command. `closes`: a request about it runs."""
    also = "\nIts request for approval is closed with it." if closes else ""
    sure = button("Delete", ids.Action.DELETE_POST, post.id, style="danger")
    return message(
        section(f"*Delete this post?* It cannot be brought back.{also}\n{status_of(post, zone)}"),
        *(_copyable(post.body) or [section("_No text._")]),
        actions(sure),
    )


def listing(
    listed: Listed,
    *,
    accounts: Iterable[Account],
    zone: str = "UTC",
    title: str = "Posts",
    key: str = "",
) -> Message:
    """Numbered posts, a page at a time. `key` says to the paging buttons which list this is."""
    paging = _paging(listed, key)
    if not listed.posts:
        return message(header(title), *_none(listed), *paging)
    known = tuple(accounts)
    rows = [_row(number, post, known, zone) for number, post in listed.posts[:PAGE]]
    hint = "Use a number instead of an id, such as `/scrm show 1` or `/scrm schedule 2 tomorrow 09:00`."
    return message(header(title), *rows, context(" ".join([*_how_far(listed), hint])), *paging)


def _post(post: Post, accounts: Sequence[Account], zone: str) -> list[Block]:
    rows = [f"*To:* {networks.counts(post.body, post.account_ids, accounts, told=post.accounts_told)}"]
    if post.media_ids:
        rows.append(f"*Media:* {plural(len(post.media_ids), 'file')}")
    if post.error.strip():
        rows.append(f"*Reason:* {escape(post.error, 500)}")
    facts = [code(post.id), *_times(post, zone)]
    return [
        section(status_of(post, zone)),
        *body(post.body),
        section("\n".join(rows)),
        context(" · ".join(facts)),
    ]


def _times(post: Post, zone: str) -> list[str]:
    changed = post.updated_at if post.updated_at != post.created_at else None
    told = {"created": post.created_at, "changed": changed}
    return [f"{word} {moment(at, zone)}" for word, at in told.items() if at]


def _is_as_asked(post: Post, request: Approval) -> bool:
    return content_of(post, at=request.content.at).hash == request.content.hash


def _request(post: Post, request: Approval, accounts: Sequence[Account], now: datetime | None) -> list[Block]:
    """Where its request stands; deciding is possible where what was asked about is what is shown."""
    told = section(f"*Request for approval:* {chip(request)}\n{request_told(request)}")
    if not (request.is_open or request.state in IN_MOTION):
        return [told]  # to ask again is among the post's own actions
    if not request.is_open or _is_as_asked(post, request):
        return [told, *approvals.steps(request, accounts=accounts, now=now)]
    return [told, context("⚠️ The post is no longer what was asked about. `/scrm approvals` shows what was.")]


def _everything(post: Post, request: Approval | None) -> list[Block]:
    """Every action that fits; `request` is the one that runs, which asking again would replace."""
    status = word(post)
    if status in {"published", "publishing"}:
        return [button("Stats", ids.Action.POST_STATS, post.id)]
    if status not in _EDITABLE:
        stats = [] if status == "scheduled" else [button("Stats", ids.Action.POST_STATS, post.id)]
        return [*stats, _delete(post)]
    if request and request.state in IN_MOTION - {State.APPROVED}:
        return []
    ask = [
        button("Ask for approval", ids.Action.ASK_APPROVAL, post.id, style="primary"),
        button("Schedule", ids.Action.SCHEDULE_POST, post.id),
    ]
    return [
        *([] if request else ask),
        button("Edit", ids.Action.EDIT_POST, post.id),
        button("Attach", ids.Action.ATTACH, post.id),
        _delete(post),
        overflow(
            ids.Action.POST_MENU, [Option(verb.capitalize(), f"{verb}:{post.id}") for verb in ASSISTANT]
        ),
    ]


def _copyable(text: str) -> list[Block]:
    """A text to be copied as it is; nothing where there is none."""
    if not text.strip():
        return []
    safe = escape(text).replace("```", "` ` `")
    cut = [context("Its end does not fit here.")] if size(safe) > MOST_BODY else []
    parts = [section(f"```{part}```") for part in split(clip(safe, MOST_BODY), _MOST_FENCED)]
    return [context("Its text, to copy:"), *parts, *cut]


def _after_saving(post: Post) -> list[Block]:
    return [
        button("Ask for approval", ids.Action.ASK_APPROVAL, post.id, style="primary"),
        button("Edit", ids.Action.EDIT_POST, post.id),
        _delete(post),
    ]


def _delete(post: Post) -> Block:
    sure = confirm(
        "Delete this post?",
        "It is deleted in SocialCRM and cannot be brought back.",
        yes="Delete",
        danger=True,
    )
    return button("Delete", ids.Action.DELETE_POST, post.id, style="danger", confirm=sure)


def _row(number: int, post: Post, accounts: Sequence[Account], zone: str) -> Block:
    names = networks.targets(post, accounts, most=3)
    text = f"*{number}.* {_excerpt(post)}\n{status_of(post, zone)} · {names}"
    return section(text, accessory=button("Show", ids.Action.SHOW_POST, post.id, says=f"Show post {number}"))


def _excerpt(post: Post) -> str:
    return line(post.body, _MOST_EXCERPT) or "_No text yet._"


def _none(listed: Listed) -> list[Block]:
    """Nothing on this page: nothing at all, nothing so far, or nothing more."""
    if listed.gone:
        return [section("The posts of this page are no longer there.")]
    if not listed.is_all:
        told = " ".join(["None of these yet.", *_how_far(listed)])
        return [section(told)]
    if listed.previous:
        return [section("There is nothing more.")]
    new = button("New post", ids.Action.NEW_POST, style="primary")
    return [section("No posts here yet. Write the first one."), actions(new)]


def _how_far(listed: Listed) -> list[str]:
    """What of a long list was looked at; nothing where that was all of it."""
    told = [f"No longer there: {plural(listed.gone, 'post')}."] if listed.gone else []
    first, last = listed.place.offset + 1, listed.place.offset + listed.looked
    if listed.is_all and first == 1:
        return told
    further = "" if listed.is_all else " Next goes on after them."
    return [*told, f"Found among posts {first:,} to {max(first, last):,}.{further}"]


def _paging(listed: Listed, key: str) -> list[Block]:
    buttons = []
    if listed.previous:
        buttons.append(button("Previous", ids.Action.PREVIOUS_PAGE, f"{key}:{listed.previous}"))
    if listed.next:
        buttons.append(button("Next", ids.Action.NEXT_PAGE, f"{key}:{listed.next}"))
    return [actions(*buttons)] if buttons else []
