"""Words that people use for a verb, and that are spelled nothing like it."""

from collections.abc import Iterable

from scrm_bot.domain.grammar import nearest

_MEANT = {
    "cancel": "withdraw",
    "create": "draft",
    "list": "posts",
    "login": "connect",
    "new": "draft",
    "pending": "approvals",
    "post": "draft",
    "queue": "approvals",
    "remove": "delete",
    "scheduled": "posts scheduled",
    "users": "team",
}
# What SocialCRM cannot do: no verb comes near it, least of all one that does the opposite.
_MISSING = {
    "unpublish": "SocialCRM has no unpublish: what is out is taken down in the network itself. What is not "
    "out yet is stopped with `/scrm withdraw POST`.",
}


def meant(word: str, verbs: Iterable[str]) -> str | None:
    """The verb somebody most likely meant by `word`, with what goes behind it."""
    known = set(verbs)
    close = nearest(word, sorted(known | _MEANT.keys() | _MISSING.keys()))
    found = _MEANT.get(close or "", close)
    return found if found and found.partition(" ")[0] in known else None


def missing(word: str) -> str:
    """What to say of something that SocialCRM cannot do, "" where it is nothing of that kind.

    A misspelt `publish` is nearer to the verb that there is.
    """
    return _MISSING.get(nearest(word, ["publish", *_MISSING]) or "", "")
