"""Social networks by name, and how long a post there may be: the bot's own table, advisory only."""

from collections.abc import Iterable, Sequence

from scrm_bot.domain.insights import NETWORKS, Account, network_name
from scrm_bot.domain.posts import Post
from scrm_bot.views.blocks import Option, clean, line

_MOST = {
    "bluesky": 300,
    "facebook": 63_206,
    "google_business": 1500,
    "instagram": 2200,
    "linkedin": 3000,
    "mastodon": 500,
    "pinterest": 500,
    "threads": 500,
    "tiktok": 2200,
    "twitter": 280,
    "x": 280,
    "youtube": 5000,
}

_UNTOLD = "accounts not told"


def name_of(account: Account) -> str:
    """`LinkedIn @acme`, as raw text."""
    network = network_name(account.network)
    who = f"@{account.handle.removeprefix('@')}" if account.handle else account.name or account.id
    return clean(f"{network} {who}").strip() or account.id


def named(account_ids: Sequence[str], accounts: Iterable[Account]) -> list[Account]:
    """The accounts with these ids; an id nobody knows stands for itself."""
    known = {account.id: account for account in accounts}
    return [known.get(account_id, Account(account_id)) for account_id in account_ids]


def targets(post: Post, accounts: Iterable[Account], *, most: int = 8) -> str:
    """Where a post goes; nothing is made up of one that came without its accounts."""
    return names(post.account_ids, accounts, most=most, told=post.accounts_told)


def names(
    account_ids: Sequence[str], accounts: Iterable[Account], *, most: int = 8, told: bool = True
) -> str:
    """`Instagram @acme, LinkedIn @acme`, escaped, with a count of those left out.

    Without `told` SocialCRM did not say where it goes, which is another thing than nowhere.
    """
    found = [line(name_of(account), 60) for account in named(account_ids, accounts)]
    left = len(found) - most
    return ", ".join(found[:most] + ([f"{left} more"] if left > 0 else [])) or _none(told=told)


def counted(text: str, account: Account) -> str:
    """`Instagram @acme (19 of about 2,200)`; marked where the text is longer than that."""
    name, most = line(name_of(account), 60), _MOST.get(account.network.lower())
    if most is None:
        return name
    count, over = f"{len(text):,} of about {most:,}", len(text) - most
    return f"{name} (⚠️ {count}: {over:,} over)" if over > 0 else f"{name} ({count})"


def counts(
    text: str, account_ids: Sequence[str], accounts: Iterable[Account], *, most: int = 8, told: bool = True
) -> str:
    """Every account with its count, for a card."""
    found = named(account_ids, accounts)
    rows = [counted(text, account) for account in found[:most]]
    if len(found) > most:
        rows.append(f"{len(found) - most} more")
    return " · ".join(rows) or _none(told=told)


def _none(*, told: bool) -> str:
    return "no account yet" if told else _UNTOLD


def advice(text: str, accounts: Iterable[Account], *, most: int = 6) -> str:
    """`X: 19 of about 280 · …`, each network once; "" where none of them is in the table."""
    return " · ".join(_advised(text, accounts)[:most])


def over(text: str, accounts: Iterable[Account], *, most: int = 3) -> str:
    """`⚠️ 12 over about 280 for X`, "" where the text is short enough for all of them."""
    told = [
        f"{len(text) - limit:,} over about {limit:,} for {name}"
        for name, limit in _limits(accounts).items()
        if len(text) > limit
    ]
    return f"⚠️ {', '.join(told[:most])}" if told else ""


def choice(account: Account) -> Option:
    """The account as an entry of a menu."""
    return Option(name_of(account), account.id)


def _advised(text: str, accounts: Iterable[Account]) -> list[str]:
    told = []
    for name, limit in _limits(accounts).items():
        left = limit - len(text)
        warned = f" (⚠️ {-left:,} over)" if left < 0 else ""
        told.append(f"{name}: {len(text):,} of about {limit:,}{warned}")
    return told


def _limits(accounts: Iterable[Account]) -> dict[str, int]:
    """Network → how long a post may be there, the shortest first."""
    networks = {account.network.lower() for account in accounts}
    found = {NETWORKS[network]: _MOST[network] for network in networks & _MOST.keys()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))
