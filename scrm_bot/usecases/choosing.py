"""Connected accounts and posts, and which of them people mean."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.insights import Account
from scrm_bot.ports import Workspace

PAGE = 50
PAGES = 10
SHOWN = 10
_AROUND = "`'\"\u201c\u201d()"
_LINK = re.compile(
    r"<?https?://[^\s<>|]*/(post_[A-Za-z0-9_-]{1,120})(?:[/?#][^\s<>|]*)?(?:\|[^<>]*)?>?", re.IGNORECASE
)
_GAPS = str.maketrans({",": " ", ";": " "})


async def read_accounts(workspace: Workspace) -> tuple[Account, ...]:
    """Every connected account, page by page until a short page."""
    found: dict[str, Account] = {}
    for page in range(PAGES):
        accounts = await workspace.socialcrm.list_accounts(limit=PAGE, offset=page * PAGE)
        found.update((account.id, account) for account in accounts)
        if len(accounts) < PAGE:
            break
    return tuple(found.values())


def choose_accounts(typed: str, accounts: Sequence[Account]) -> tuple[str, ...]:
    """The ids of what was typed: ids, @handles, networks, or `all`, in the order typed, each once."""
    if not accounts:
        raise UsageError("No account is connected in SocialCRM yet.", field="accounts")
    chosen: dict[str, None] = {}
    for word in typed.translate(_GAPS).split():
        chosen.update(dict.fromkeys(account.id for account in _meant(word, accounts)))
    if not chosen:
        raise UsageError(f"Which accounts? {_known(accounts)}", field="accounts")
    return tuple(chosen)


def understood(typed: str, accounts: Sequence[Account]) -> tuple[str, ...]:
    """As `choose_accounts`, without the words that name no account."""
    named = [word for word in typed.translate(_GAPS).split() if _hits(word, accounts)]
    return choose_accounts(" ".join(named), accounts) if named else ()


def post_word(typed: str) -> str:
    """The word that names a post, without what people put around it; of a link to a post, its id."""
    word = typed.strip().strip(_AROUND).rstrip(".,;:!?").strip(_AROUND)
    link = _LINK.fullmatch(word)
    return link[1] if link else word


def is_account_word(word: str, accounts: Iterable[Account]) -> bool:
    """Whether `word` names at least one of the accounts."""
    wanted = word.casefold()
    return any(wanted in _names(account) for account in accounts)


def matching(accounts: Iterable[Account], typed: str, *, most: int = 100) -> tuple[Account, ...]:
    """Those with every typed word somewhere in their label, network, name or id."""
    words = typed.casefold().split()
    hits = [
        account
        for account in accounts
        if all(
            word in f"{account.label} {account.network} {account.name} {account.id}".casefold()
            for word in words
        )
    ]
    return tuple(hits[:most])


def _meant(word: str, accounts: Sequence[Account]) -> list[Account]:
    hits = _hits(word, accounts)
    if not hits:
        wanted = word.casefold()
        names = sorted(name for account in accounts for name in _names(account))
        close = get_close_matches(wanted, names, n=1)
        hint = f"Did you mean `{close[0]}`?" if close else _known(accounts)
        raise UsageError(f"No connected account is called “{word}”. {hint}", field="accounts")
    return hits


def _hits(word: str, accounts: Iterable[Account]) -> list[Account]:
    wanted = word.casefold()
    return [account for account in accounts if wanted == "all" or wanted in _names(account)]


def _names(account: Account) -> frozenset[str]:
    """What one may type for this account, in lower case."""
    handle = account.handle.removeprefix("@").casefold()
    network = account.network.casefold()
    names = {account.id.casefold(), network}
    if handle:
        names |= {handle, f"@{handle}", f"{network}:{handle}", f"{network}/{handle}"}
    return frozenset(names - {""})


def _known(accounts: Sequence[Account]) -> str:
    shown = ", ".join(f"`{account.id}` ({account.label})" for account in accounts[:SHOWN])
    return f"There are {shown}{' and more' if len(accounts) > SHOWN else ''}; or `all`."
