import pytest

from scrm_bot.domain.errors import SocialCRMUnreachableError
from scrm_bot.usecases import accounts
from tests.fakes.workspace import Fakes


async def test_accounts_are_asked_for_once_and_kept(fakes: Fakes) -> None:
    first = await accounts.known(fakes.workspace)

    assert first == tuple(fakes.socialcrm.accounts)
    assert await accounts.known(fakes.workspace) == first
    assert fakes.socialcrm.count("list_accounts") == 1


async def test_names_are_done_without_when_they_cannot_be_read(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_accounts", SocialCRMUnreachableError(), times=2)

    assert await accounts.known_or_none(fakes.workspace) == ()
    with pytest.raises(SocialCRMUnreachableError):
        await accounts.known(fakes.workspace)
    assert await accounts.known_or_none(fakes.workspace) == tuple(fakes.socialcrm.accounts)
