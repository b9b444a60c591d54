"""The connected accounts, known for a minute: menus and cards ask for them all the time."""

from dataclasses import asdict

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.insights import Account
from scrm_bot.ports import Workspace
from scrm_bot.usecases import choosing

KEPT_SECONDS = 60
NAME = "accounts"


async def known(workspace: Workspace) -> tuple[Account, ...]:
    """All accounts, at most a minute old."""
    kept = await workspace.memory.recall(NAME)
    if kept is not None:
        return tuple(Account(**row) for row in kept["accounts"])
    found = await choosing.read_accounts(workspace)
    rows = [asdict(account) for account in found]
    await workspace.memory.keep(NAME, {"accounts": rows}, seconds=KEPT_SECONDS)
    return found


async def known_or_none(workspace: Workspace) -> tuple[Account, ...]:
    """The same for showing names: without them ids are shown, which beats an error."""
    try:
        return await known(workspace)
    except ScrmError:
        return ()
