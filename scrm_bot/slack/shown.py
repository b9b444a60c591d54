"""What an edit window showed of its post, so that saving it changes what the person changed alone."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.ports import Workspace

_OVERTAKEN = (
    "Somebody else has changed this post since the window was opened, so nothing was saved. `/scrm show` has "
    "it as it is now; saving once more replaces that."
)


class OvertakenPostError(UsageError):
    """Both changed the same since; `seen` is what the window is about once the person was told so."""

    def __init__(self, seen: str, *, field: str) -> None:
        super().__init__(_OVERTAKEN, field=field)
        self.seen = seen


def prints(post: Post) -> str:
    """The post's text and accounts, in the few characters that a window can carry."""
    return f"{_print([post.body.strip()])}.{_print(sorted(post.account_ids))}"


@dataclass(frozen=True, slots=True)
class Shown:
    """By their prints; "" where the window is of before this was kept."""

    text: str = ""
    accounts: str = ""

    @classmethod
    def read(cls, about: Mapping[str, Any]) -> "Shown":
        text, _, accounts = str(about.get("shown", "")).partition(".")
        return cls(text, accounts)


async def changed(
    workspace: Workspace, about: Mapping[str, Any], wanted: PostChanges
) -> tuple[PostChanges, Post | None]:
    """What of it the person changed, and the post where it was read for that.

    Raises `OvertakenPostError` where somebody else changed the same, too.
    """
    shown, stored = Shown.read(about), None
    if not shown.text:
        return wanted, stored
    text = None if wanted.body is None else _print([wanted.body.strip()])
    accounts = None if wanted.account_ids is None else _print(sorted(wanted.account_ids))
    if text == shown.text:
        wanted, text = replace(wanted, body=None), None
    if accounts == shown.accounts:
        wanted, accounts = replace(wanted, account_ids=None), None
    if text or accounts:
        stored = await workspace.socialcrm.get_post(str(about["post"]))
        now = Shown.read({"shown": prints(stored)})
        by_text = bool(text) and now.text not in {shown.text, text}
        by_accounts = bool(accounts) and now.accounts not in {shown.accounts, accounts}
        if by_text or by_accounts:
            seen = f"{(now if by_text else shown).text}.{(now if by_accounts else shown).accounts}"
            raise OvertakenPostError(seen, field="text" if by_text else "accounts")
    return wanted, stored


def _print(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
