"""Why SocialCRM did not take a call or show a post, in words for the card."""

from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    ForbiddenScopeError,
    InvalidRequestError,
    NotConnectedError,
    NotFoundError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    RecentLapseError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMUnreachableError,
    UnauthorizedError,
    VaultError,
)

GONE = "The post is gone from SocialCRM."
NO_SUCH_POST = "SocialCRM answered that it has no such post to send, so nothing was sent."


def of_call(error: ScrmError) -> str:
    """One plain sentence of why SocialCRM did not take a call, and the way out."""
    match error:
        case NotConnectedError():
            text = "SocialCRM is not connected any more: `/scrm connect`, then ask again."
        case UnauthorizedError() | VaultError():
            is_told = isinstance(error, UnauthorizedError) and error.admin_told
            text = "SocialCRM did not accept the workspace's key: connect again, then ask again."
            text += " An admin is told." if is_told else ""
        case ForbiddenScopeError():
            scope = error.scope or "posts:publish"
            lacks = f"The workspace's key{_whose(error)} lacks the scope {scope}"
            text = f"{lacks}: connect a key that has it, then ask again."
        case PaymentRequiredError():
            text = "Publishing needs a paid SocialCRM plan. Nothing is tried again; the draft is kept."
        case QuotaExceededError():
            text = "The SocialCRM plan's quota for publishing is used up. The draft is kept; ask again later."
        case NotFoundError():
            text = NO_SUCH_POST
        case InvalidRequestError():
            text = f"SocialCRM did not take it: {error.message or 'invalid request'}"
        case _:
            text = "SocialCRM refused the call."
    return text


def of_unsent(error: ScrmError) -> str:
    """Why a post was not sent that could not be read before its call, and the way out."""
    if isinstance(error, NotFoundError):
        way_out = (
            "Connect the key that it was asked for with (`/scrm connect`), or draft it anew; then ask again"
        )
        return f"Nothing was sent: {of_reading(error)}. {way_out}."
    return of_call(error)


def of_no_call(error: ScrmError) -> str:
    """Of a post that comes too late and could not be read: nothing is said that was not seen."""
    why = f"The bot knows of no call for it, and could not read the post: {of_reading(error)}."
    return f"{why} Look in SocialCRM before you ask again."


def of_forgetting(error: ScrmError) -> str:
    """The same where the intent of a call may be forgotten."""
    why = "The bot's memory (Redis) has just begun anew, so an earlier call may have been made"
    return f"{why}, and the post could not be read: {of_reading(error)}."


def of_waiting(error: ScrmError, at: str) -> str:
    """What an approved post waits for, and until when: `at` is the next try, for people."""
    match error:
        case RateLimitedError() | BudgetExhaustedError():
            return f"Queued: too many calls wait for the key's turn. The next try is at {at}."
        case RecentLapseError():
            why = "the bot's memory (Redis) has just begun anew, and an earlier call may still be on its way"
            return f"Queued: {why}. The next try is at {at}."
        case _:
            why = of_reading(error)
            return f"{why[0].upper()}{why[1:]}. Nothing was sent; the bot tries again by itself."


def of_reading(error: ScrmError) -> str:
    """What stands in the way of reading a post: the end of a sentence, after "because" or a colon."""
    match error:
        case NotConnectedError():
            text = "SocialCRM is not connected any more (`/scrm connect`)"
        case UnauthorizedError() | VaultError():
            text = "SocialCRM does not accept the workspace's key (`/scrm connect`)"
        case ForbiddenScopeError():
            scope = error.scope or "posts:read"
            text = f"the workspace's key{_whose(error)} lacks the scope {scope} (`/scrm connect`)"
        case RateLimitedError() | BudgetExhaustedError():
            text = "too many calls wait for the key's turn"
        case SocialCRMUnreachableError() | SocialCRMAmbiguousError():
            text = "SocialCRM does not answer"
        case SocialCRMContractError():
            text = "SocialCRM's answer could not be understood"
        case NotFoundError():
            text = "another key is connected by now, and it does not show the post"
        case _:
            text = "SocialCRM refuses to show it"
    return text


def _whose(error: ForbiddenScopeError) -> str:
    return f", connected by <@{error.connected_by}>," if error.connected_by else ""
