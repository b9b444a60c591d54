"""What SocialCRM's refusals and silences mean, sentence by sentence."""

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.views.blocks import code, line
from scrm_bot.views.words import mention, wait

_MOST_QUOTE = 500
_DOING = {  # part of the endpoint → what it is for, the first that fits
    "/ai/rewrite": "AI rewriting",
    "/ai/compose": "AI composing",
    "/ai/hashtags": "AI hashtags",
    "/ai/thread": "AI threads",
    "/ai/ideas": "AI ideas",
    "/ai/optimise": "AI optimising",
    "/schedule": "scheduling posts",
    "/publish": "publishing posts",
    "/media": "uploading media",
    "/analytics": "analytics",
    "/posts": "posts",
}


def sentence(error: SocialCRMError, *, connected_by: str, queued: bool) -> str:
    match error:
        case UnauthorizedError():
            admin = "An admin is told, and sets" if error.admin_told else "An admin sets"
            told = (
                "SocialCRM refused this workspace's key: it was revoked or is not valid any more. "
                f"Nothing was changed. {admin} a new one with `/scrm connect`."
            )
        case ForbiddenScopeError():
            told = _scope(error, connected_by or error.connected_by)
        case PaymentRequiredError():
            told = (
                f"SocialCRM offers {_doing(error)} on a paid plan only. Nothing was changed and nothing is "
                "retried. After an upgrade in SocialCRM, do it again."
            )
        case QuotaExceededError():
            told = (
                f"The plan's quota for {_doing(error)} is used up. Drafts are kept as they are "
                "and nothing is "
                "retried. It works again when the quota renews or the plan is raised."
            )
        case RateLimitedError():
            told = _rate_limited(error, queued=queued)
        case NotFoundError():
            told = _gone(error)
        case InvalidRequestError():
            told = (
                f"SocialCRM did not accept this: {_quote(error)}. Nothing was changed. Correct it "
                "and try again."
            )
        case _:
            told = _no_clear_answer(error)
    return told


def _no_clear_answer(error: SocialCRMError) -> str:
    where = f" ({code(error.endpoint, 80)})" if error.endpoint else ""
    safe = "It was only a question, so nothing was changed."
    match error:
        case SocialCRMUnreachableError():
            told = (
                "SocialCRM cannot be reached. Nothing was sent, so nothing has changed. Try again "
                "in a minute."
            )
        case SocialCRMAmbiguousError() if _only_reads(error):
            told = f"SocialCRM did not answer in time{where}. {safe} Try again in a minute."
        case SocialCRMAmbiguousError():
            told = (
                f"The request was sent, but SocialCRM's answer was lost{where}: it may or may not have been "
                "carried out. Look with `/scrm posts` before doing it again."
            )
        case SocialCRMContractError() if _only_reads(error):
            told = (
                f"SocialCRM's answer was not understood{where}. {safe} Try again in a "
                "minute; if it stays so, tell whoever runs the bot."
            )
        case SocialCRMContractError():
            told = (
                f"SocialCRM's answer was not understood{where}, so it is not known whether this was carried "
                "out. Look with `/scrm posts` before doing it again, and tell whoever runs the bot."
            )
        case _:
            told = (
                f"SocialCRM refused this{where}: {_quote(error)}. Look with `/scrm posts` where things stand."
            )
    return told


def _only_reads(error: SocialCRMError) -> bool:
    """Whether a lost answer changed nothing in SocialCRM; the assistant at most counted it."""
    return error.endpoint.startswith(("GET ", "POST /ai/"))


def _scope(error: ForbiddenScopeError, connected_by: str) -> str:
    scope = f"the scope {code(error.scope)}" if error.scope else f"the scope for {_doing(error)}"
    who = f", connected by {mention(connected_by)}," if connected_by else ""
    return (
        f"This workspace's key{who} lacks {scope}. Nothing was changed. Create a key with it in SocialCRM "
        "(Settings, API keys), then an admin connects it with `/scrm connect`."
    )


def _rate_limited(error: RateLimitedError, *, queued: bool) -> str:
    soon = wait(error.retry_in)
    if queued:
        return (
            "SocialCRM takes no more requests from this key for now. This is queued and tried "
            f"again in about {soon}."
        )
    return (
        f"SocialCRM takes no more requests from this key for about {soon}. Nothing was changed. "
        "Try again after that."
    )


def _gone(error: NotFoundError) -> str:
    if "/posts" in error.endpoint:
        return (
            "SocialCRM does not have this post: it was deleted, or its id is wrong. `/scrm posts` "
            "shows what is there."
        )
    return (
        "SocialCRM does not have this, or not any more. Nothing was changed. Check what was named: "
        "`/scrm posts` and `/scrm accounts` show what is there."
    )


def _doing(error: SocialCRMError) -> str:
    return next((words for part, words in _DOING.items() if part in error.endpoint), "this")


def _quote(error: SocialCRMError) -> str:
    return f"“{line(error.message, _MOST_QUOTE).rstrip('.') or 'no reason given'}”"
