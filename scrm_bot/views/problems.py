"""Every error in plain words: what happened, what is safe, what to do next."""

import re

from scrm_bot.domain.approvals import State, Step
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalConflictError,
    ApprovalError,
    ApprovalNotFoundError,
    ApproversUnknownError,
    BudgetExhaustedError,
    ContentChangedError,
    DrawingError,
    ForbiddenScopeError,
    InvalidRequestError,
    NoApprovalsChannelError,
    NoApproversError,
    NotAnApproverError,
    NotConnectedError,
    NotPermittedError,
    OutdatedViewError,
    PausedError,
    RecentLapseError,
    ScrmError,
    SelfApprovalError,
    SlackRefusedError,
    SocialCRMError,
    StoreUnavailableError,
    TransitionError,
    UnauthorizedError,
    UsageError,
    VaultError,
    WhenError,
)
from scrm_bot.views import ids, refusals
from scrm_bot.views.blocks import Block, Message, actions, button, code, line, message, plain, section
from scrm_bot.views.words import group, mention, wait
from scrm_bot.views.words import sentence as ended

_MOST_QUOTE = 500
_STATES = {state.value: state.value.replace("_", " ") for state in State} | {
    State.CHANGES_REQUESTED.value: "sent back for changes",
    State.PENDING.value: "waiting for approval",
    State.UNKNOWN.value: "being checked",
    State.VOID.value: "void (its card says why)",
}
_ALWAYS_THE_SAME = {
    NotConnectedError: "No SocialCRM key is connected yet. An admin connects one with `/scrm connect`.",
    DrawingError: "The chart could not be drawn. Its numbers stand in the digest and in `/scrm stats`.",
    RecentLapseError: "The bot's memory (Redis) has just begun anew, and an earlier call may still be on its "
    "way. Nothing more was sent. Try again in a minute or two.",
}
_REFUSED = {  # by Slack's own word
    "push_limit_reached": "Close this window first, then try again: Slack opens three on top of each other "
    "at the most. Nothing was changed.",
    "token_expired": "The bot's access to this workspace ran out and could not be renewed just now, so "
    "nothing was shown. What was decided is kept. Try again in a minute; if it stays so, whoever installed "
    "the bot installs it again.",
}
_DONE_BY_SOMEBODY = frozenset(
    {State.APPROVED, State.REJECTED, State.CHANGES_REQUESTED, State.ON_HOLD, State.WITHDRAWN}
)
_FIELDS = {  # how SocialCRM's parameters may be named in its sentence → the modal's field
    "account_ids": "accounts",
    "account": "accounts",
    "accounts": "accounts",
    "media_ids": "media",
    "media": "media",
    "scheduled_at": "when",
    "body": "text",
    "text": "text",
    "prompt": "prompt",
    "tone": "tone",
}

TYPED_KEY_REFUSED = (
    "SocialCRM refused the key you entered, so nothing was changed. Check that all of it was copied and that "
    "it was not revoked, or create a new one in SocialCRM."
)


def explain(
    error: Exception, *, request_id: str = "", verb: str = "", connected_by: str = "", queued: bool = False
) -> Message:
    """The answer to a person. `queued` only where something really waits to be tried again."""
    told = sentence(error, request_id=request_id, verb=verb, connected_by=connected_by, queued=queued)
    way_out = _way_out(error)
    return message(section(told), *([actions(way_out)] if way_out else []))


def sentence(
    error: Exception, *, request_id: str = "", verb: str = "", connected_by: str = "", queued: bool = False
) -> str:
    """The same in Slack's markup, for a place that has its own blocks."""
    match error:
        case SocialCRMError():
            return refusals.sentence(error, connected_by=connected_by, queued=queued)
        case ApprovalError():
            return _from_approval(error)
        case UsageError():
            return _from_usage(error, verb)
        case SlackRefusedError():
            return _from_slack(error)
        case ScrmError():
            return _from_bot(error) or _unknown(request_id)
        case _:
            return _unknown(request_id)


def field_errors(error: Exception) -> tuple[tuple[str, str], ...]:
    """(field, plain sentence) for a modal, where the error is about one of its fields; else empty."""
    match error:
        case UsageError(field=field) if field:
            return ((field, _plain(error.message)),)
        case InvalidRequestError():
            named = [word for word in re.findall(r"[a-z_]+", error.message.lower()) if word in _FIELDS]
            told = _plain(f"SocialCRM did not accept this: {error.message}")
            return ((_FIELDS[named[0]], told),) if named else ()
        case _:
            return ()


def field_of(error: Exception) -> str:
    """The field that it is about, "" where it names none."""
    return next((field for field, _ in field_errors(error)), "")


def _plain(text: str) -> str:
    return str(plain(text, 300)["text"])


def _way_out(error: Exception) -> Block | None:
    match error:
        case UnauthorizedError() | ForbiddenScopeError() | NotConnectedError() | VaultError():
            return button("Connect", ids.Action.CONNECT, style="primary")
        case NoApproversError() | NoApprovalsChannelError() | ApproversUnknownError():
            return button("Settings", ids.Action.SHOW_SETTINGS, style="primary")
        case _:
            return None


def _from_approval(error: ApprovalError) -> str:
    match error:
        case AlreadyDecidedError() | TransitionError():
            return _too_late(error)
        case NotAnApproverError():
            return (
                "You are not among this request's approvers, so nothing was changed. `/scrm team` names them."
            )
        case SelfApprovalError():
            return (
                "You wrote this post or asked for it, and here authors do not approve their own. "
                "Nothing was changed. Another approver has to decide."
            )
        case OutdatedViewError():
            return (
                "This request has changed since it was shown to you, so nothing was decided. "
                "`/scrm approvals` shows it as it is now."
            )
        case PausedError():
            reason = f": {ended(line(error.reason, _MOST_QUOTE))}" if error.reason.strip() else "."
            return (
                f"Publishing through the bot is paused by {mention(error.by)}{reason} Nothing was sent. "
                "An admin ends the pause with `/scrm unpause`."
            )
        case _:
            return _about_request(error)


def _about_request(error: ApprovalError) -> str:
    match error:
        case ApprovalNotFoundError():
            return "There is no such request, or not any more. `/scrm approvals` shows what is open."
        case ApprovalConflictError():
            return (
                "Someone else acted on this request at the same moment, so yours was not counted. Look again."
            )
        case ContentChangedError():
            return (
                "The post is not what was asked about any more, so nothing was sent. Ask for approval again."
            )
        case NoApproversError():
            return (
                "Nobody is named who could approve. The draft is kept. An admin names approvers in "
                "`/scrm settings`."
            )
        case _:
            return _about_rules(error)


def _about_rules(error: ApprovalError) -> str:
    match error:
        case ApproversUnknownError():
            return (
                f"Every approver is needed here, and Slack does not say who is in {group(error.group)}, so "
                "nothing was approved. An admin chooses the approvers anew in `/scrm settings`, then the "
                "author asks again."
            )
        case NoApprovalsChannelError():
            return (
                "No channel is set for approvals. The draft is kept. An admin chooses one in "
                "`/scrm settings`."
            )
        case _:
            return (
                "This request does not allow that step. Nothing was changed. `/scrm approvals` "
                "shows what is open."
            )


def _too_late(error: TransitionError) -> str:
    state = _STATES.get(error.state, line(error.state, 40))
    if error.state == State.PENDING and error.step == Step.REASSIGN:
        return (
            "You have approved this, so your place is used and cannot be handed over. Nothing was changed. "
            "You can point another approver to it; an approver who has not decided hands over theirs, "
            "and an admin who has not approved adds one."
        )
    if error.state == State.PENDING and isinstance(error, AlreadyDecidedError):
        return "You have approved this already. It still waits for the other approvals it needs."
    by = f" by {mention(error.by)}" if error.by and error.state in _DONE_BY_SOMEBODY else ""
    return f"Nothing was changed: this request is already {state}{by}."


def _from_usage(error: UsageError, verb: str) -> str:
    known = error.verb or verb
    told = line(error.message, 1000)
    if isinstance(error, WhenError):
        return (
            f"{told}\nTimes look like `now`, `in 2h30m`, `tomorrow 09:00`, `fri 5pm` or `fri 09:00 "
            "Europe/Berlin`; a date such as `2030-12-01 09:00` works, too."
        )
    return f"{told}\nHow it works: `/scrm help {line(known, 40)}`." if known else told


def _from_slack(error: SlackRefusedError) -> str:
    match error.code:
        case "not_in_channel" | "channel_not_found":
            return (
                "The bot is not in that channel, so nothing was posted there. Invite it with "
                "`/invite @scrm-bot`, then try again."
            )
        case "is_archived":
            return "That channel is archived, so nothing was posted there. Choose another one."
        case "ratelimited" | "rate_limited":
            soon = f" for about {wait(error.retry_in)}" if error.retry_in else ""
            return (
                f"Slack takes no more messages from the bot{soon}. What was decided is kept; try "
                "again after that."
            )
        case "expired_trigger_id" | "trigger_expired" | "exchanged_trigger_id" | "trigger_exchanged":
            return (
                "Slack allows three seconds to open a window, and this took longer. Nothing was "
                "changed. Try again."
            )
        case "push_limit_reached" | "token_expired":
            return _REFUSED[error.code]
        case refusal:
            return (
                f"Slack refused to show this ({code(refusal)}). What was decided is kept. "
                "If it happens again, tell whoever runs the bot."
            )


def _from_bot(error: ScrmError) -> str:
    match error:
        case NotConnectedError() | DrawingError() | RecentLapseError():
            return _ALWAYS_THE_SAME[type(error)]
        case BudgetExhaustedError():
            return (
                "Many requests are waiting for this key's turn. The next is free in about "
                f"{wait(error.retry_in)}. "
                "Nothing was sent. Try again after that."
            )
        case StoreUnavailableError():
            return (
                "The bot's memory (Redis) does not answer. What was stored before is safe; this "
                "last step may "
                "not have been stored. Look again in a minute before repeating it."
            )
        case VaultError():
            return (
                "The stored SocialCRM key cannot be opened any more, so nothing was sent. An "
                "admin connects it "
                "again with `/scrm connect`; whoever runs the bot checks the encryption keys."
            )
        case NotPermittedError():
            return f"Only {line(error.needs, 200)} can do this. Nothing was changed."
        case _:
            return ""


def _unknown(request_id: str) -> str:
    found = f" Whoever runs the bot finds it under {code(request_id, 80)}." if request_id else ""
    return (
        "The bot failed at this by a fault of its own, and it is not certain how far it came. "
        f"Look with `/scrm posts` before repeating it.{found}"
    )
