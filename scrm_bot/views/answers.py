"""Short answers that confirm what somebody just did."""

from collections.abc import Sequence
from datetime import datetime

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.views import ids, posts
from scrm_bot.views.blocks import (
    Message,
    actions,
    body,
    button,
    clip,
    code,
    context,
    escape,
    line,
    message,
    section,
    sections,
    size,
    split,
)
from scrm_bot.views.states import chip, told
from scrm_bot.views.waiting import progress, shortfall
from scrm_bot.views.words import channel, mention, plural, when

_MOST_RAW = 9000
_MOST_PIECE = 2900  # of one section, with room for the fence around it
_TELLS = frozenset({State.REJECTED, State.CHANGES_REQUESTED})


def asked(approval: Approval, *, approvals_channel: str) -> Message:
    """The request is up: where, and what happens once it is approved."""
    at = approval.content.at
    then = f"SocialCRM gets it for {when(at, approval.zone)}" if at else "it goes out"
    shown = f"🙋 *Asked for approval* in {channel(approvals_channel)}. Once approved, {then}."
    short = [section(told) for told in shortfall(approval)]
    return message(section(shown), *short, context(code(approval.post_id)))


def dry_run(post_id: str, *, at: datetime | None, zone: str, approvals_channel: str) -> Message:
    """What `schedule` or `publish` would ask, without asking."""
    then = f"schedule it for {when(at, zone)}" if at else "publish it"
    where = channel(approvals_channel) if approvals_channel else "the approvals channel (not set yet)"
    shown = f"*Dry run.* This would ask in {where} to {then}. Nothing was asked."
    return message(section(shown), context(code(post_id)))


def decided(approval: Approval) -> Message:
    """What a step led to: the request's state, in the card's own words."""
    if approval.state is State.PENDING:
        so_far = ", ".join(progress(approval))  # ends with mentions, whose letters' case matters
        shown = f"{chip(approval)}\nNoted: {so_far[:1].lower()}{so_far[1:]}."
    elif approval.state is State.APPROVED:  # this message is not updated, so it says what stays true
        next_step = (
            "SocialCRM is asked next." if approval.content.at else "Right after this it can be undone there."
        )
        shown = f"{chip(approval)}\nNoted. Its card tells what comes of it. {next_step}"
    else:
        also = "\nThe author is told." if approval.state in _TELLS else ""
        shown = f"{chip(approval)}\n{told(approval)}{also}"
    return message(section(shown), context(code(approval.post_id)))


def handed_over(approval: Approval, to: str) -> Message:
    """Somebody else may decide now."""
    return message(
        section(f"🤝 *Handed over.* {mention(to)} may decide about this now, and is told."),
        context(code(approval.post_id)),
    )


def in_brief(told: Message) -> Message:
    """The same for the modal, where the whole of it stands in the conversation as well."""
    doors = [block for block in told.blocks if block["type"] == "actions"]
    where = context("The whole post is in the conversation, too, where only you see it.")
    return message(told.blocks[0], where, *doors)


def saved(post_id: str, *, voided: bool) -> Message:
    """After an edit."""
    void = (
        "\nIts request for approval was about the old version and is void now: ask again." if voided else ""
    )
    return message(section(f"✅ *Saved*{void}"), context(code(post_id)))


def saved_words(planned: str, *, voided: bool) -> str:
    """The first words over a saved draft: when it is meant for, and what the change did to its request."""
    told = f"Draft saved, planned for {planned}" if planned else "Draft saved"
    return f"{told}. Its request for approval is void now: ask again" if voided else told


def attached_words(number: int, *, voided: bool) -> str:
    """The first words over a post that got files, and what that did to its request."""
    told = f"{plural(number, 'file')} attached" if number else "Nothing attached"
    return f"{told}. Its request for approval is void now: ask again" if voided else told


def without_files(
    told: Message, post_id: str, left_out: Sequence[tuple[str, str]], *, asking: bool = False
) -> Message:
    """A post that is saved without some of its files: their names, each with a sentence that says why.

    `asking`: approval was to be asked for, and was not.
    """
    names: dict[str, list[str]] = {}
    for name, why in left_out:
        names.setdefault(why, []).append(line(name, 80))
    rows = [why if why.startswith(each[0]) else f"{', '.join(each)}: {why}" for why, each in names.items()]
    heading = f"⚠️ *{plural(len(left_out), 'file')} not attached*"
    if asking:
        rows.append("So approval was not asked for. Attach the files first, or ask for the post as it is.")
    again = button("Attach files", ids.Action.ATTACH, post_id)
    return message(*told.blocks, *sections("\n".join([heading, *rows])), actions(again))


def with_stray_flag(told: Message, typed: str, meant: str) -> Message:
    """A text that was taken with what may have been a flag in it."""
    remark = f"{code(typed)} is no flag, so it is part of the text. Did you mean {code(meant)}?"
    return message(*told.blocks, context(remark))


def not_asked(problem: Message, saved: Message) -> Message:
    """The draft is saved, but the request for approval was refused."""
    return message(*saved.blocks, section("⚠️ *Approval was not asked for.*"), *problem.blocks)


def given_back(problem: Message, text: str, *, again: str = "", as_draft: str = "") -> Message:
    """What was typed cannot be done: why, and the person's own text, unchanged.

    `again` is where the question is kept, for one that may be answered a moment later; `as_draft` where a
    line is kept, for one that is mended more easily in a window.
    """
    own = [context("*Your text, unchanged*"), *body(text)] if text.strip() else []
    ways = [
        *([button("Try again", ids.Action.TRY_AGAIN, again, style="primary")] if again else []),
        *([button("Open as draft", ids.Action.DRAFT_THIS, as_draft, style="primary")] if as_draft else []),
    ]
    more = [actions(*ways)] if ways else []
    return message(*problem.blocks, *own, *more)


def deleted(post_id: str, *, closed: bool, text: str = "") -> Message:
    """After a post was deleted; `text` is what it said."""
    also = [context("Its request for approval is closed.")] if closed else []
    return message(*posts.deleted(post_id, text=text).blocks, *also)


def posted(channel_id: str) -> Message:
    """After something was posted elsewhere."""
    return message(section(f"Posted in {channel(channel_id)}."))


def expired_text() -> Message:
    """A button whose text is not kept any more."""
    return message(section("That text is no longer kept. Run the command again for a new one."))


def readable(paths: Sequence[str]) -> Message:
    """What `/scrm api` can read."""
    rows = "\n".join(code(f"/scrm api {path}", 200) for path in paths)
    told = "Lists take `limit` and `offset`, such as `/scrm api /v1/posts?limit=5&amp;offset=10`."
    return message(section(f"*What can be read*\n{rows}"), context(told))


def raw(path: str, text: str) -> Message:
    """A JSON answer as it came, shortened where it does not fit a message."""
    safe = escape(text).replace("```", "` ` `")
    parts = [section(f"```{part}```") for part in split(clip(safe, _MOST_RAW), _MOST_PIECE)]
    cut = [context(f"Cut: the answer is {len(text):,} characters long.")] if size(safe) > _MOST_RAW else []
    return message(section(f"*GET* {code(path, 300)}"), *parts, *cut)
