"""Whose key was refused, and which admin hears of it."""

from datetime import timedelta

import pytest

from scrm_bot.domain.errors import ForbiddenScopeError, SocialCRMError, UnauthorizedError, VaultError
from scrm_bot.domain.jobs import JobKind
from scrm_bot.domain.team import Holders, Team
from scrm_bot.domain.workspaces import Connection
from scrm_bot.usecases import keyholders
from tests.builders import ADMIN, a_connection, some_settings
from tests.fakes.stores import FakeKeyVault
from tests.fakes.workspace import Fakes

FINGERPRINT = a_connection().fingerprint


@pytest.fixture
def fakes(fakes: Fakes) -> Fakes:
    fakes.vault.known = a_connection()
    fakes.settings.settings = some_settings(team=Team(admins=Holders(people=("UOTHER", ADMIN))))
    return fakes


async def refused(fakes: Fakes, fingerprint: str = FINGERPRINT) -> UnauthorizedError:
    error = UnauthorizedError()
    await keyholders.note(fakes.workspace, error, fingerprint)
    return error


async def test_of_a_missing_scope_it_is_known_who_connected_the_key(fakes: Fakes) -> None:
    error = ForbiddenScopeError(scope="posts:write")

    await keyholders.note(fakes.workspace, error, FINGERPRINT)

    assert (error.connected_by, error.admin_told) == (ADMIN, False)
    assert fakes.queue.put_jobs == []


async def test_many_refusals_of_one_key_are_told_once(fakes: Fakes) -> None:
    errors = [await refused(fakes) for _ in range(3)]

    assert all(error.admin_told for error in errors)
    assert {(job.kind, job.key) for job in fakes.queue.put_jobs} == {
        (JobKind.KEY_REFUSED, f"key_refused:{FINGERPRINT}")
    }
    assert await keyholders.tell(fakes.workspace) is None
    assert await keyholders.tell(fakes.workspace) is None
    assert fakes.announcer.refused_keys == [(ADMIN, a_connection())]

    before = len(fakes.queue.put_jobs)
    assert (await refused(fakes)).admin_told
    assert len(fakes.queue.put_jobs) == before


async def test_the_same_key_connected_once_more_is_news_again(fakes: Fakes) -> None:
    await keyholders.tell(fakes.workspace)
    again = a_connection(connected_at=fakes.clock.now())
    fakes.vault.known = again

    await keyholders.tell(fakes.workspace)

    assert fakes.announcer.refused_keys == [(ADMIN, a_connection()), (ADMIN, again)]


@pytest.mark.parametrize("known", [None, a_connection(fingerprint="another")])
async def test_of_a_key_that_is_not_in_use_any_more_nothing_is_said(
    fakes: Fakes, known: Connection | None
) -> None:
    fakes.vault.known = known

    error = await refused(fakes)

    assert (error.connected_by, error.admin_told, fakes.queue.put_jobs) == ("", False, [])


async def test_where_nobody_can_say_whose_it_is_the_refusal_stands_as_it_is(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sealed(_: FakeKeyVault) -> Connection | None:
        raise VaultError

    monkeypatch.setattr(FakeKeyVault, "connection", sealed)
    error: SocialCRMError = await refused(fakes)

    assert (error.connected_by, error.admin_told) == ("", False)


async def test_after_a_disconnect_there_is_nothing_to_tell(fakes: Fakes) -> None:
    fakes.vault.known = None

    assert await keyholders.tell(fakes.workspace) is None
    assert fakes.announcer.refused_keys == []


async def test_where_the_first_admin_cannot_be_told_the_next_one_is(fakes: Fakes) -> None:
    fakes.announcer.refuse("user_not_found")

    assert await keyholders.tell(fakes.workspace) is None
    assert [user for user, _ in fakes.announcer.refused_keys] == ["UOTHER"]


async def test_where_no_admin_can_be_told_it_is_not_tried_at_each_call(fakes: Fakes) -> None:
    fakes.announcer.refuse("user_not_found", times=2)

    assert await keyholders.tell(fakes.workspace) is None
    assert await keyholders.tell(fakes.workspace) is None
    assert fakes.announcer.refused_keys == []


async def test_slacks_own_trouble_is_waited_out(fakes: Fakes) -> None:
    fakes.announcer.refuse("ratelimited", retry_in=30.0)

    assert await keyholders.tell(fakes.workspace) == fakes.clock.now() + timedelta(seconds=30)
    assert await keyholders.tell(fakes.workspace) is None
    assert [user for user, _ in fakes.announcer.refused_keys] == [ADMIN]
