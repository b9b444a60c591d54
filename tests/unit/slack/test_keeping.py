"""A renewed token that Redis does not take is not lost with the moment."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from anyio.lowlevel import checkpoint

from scrm_bot.domain.errors import StoreUnavailableError, VaultError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.keeping import Keeper
from tests.fakes.clock import FixedClock

OLD = Installation("T1", Secret("xoxe.xoxb-old"), refresh_token=Secret("xoxe-1-old"))
FRESH = replace(OLD, bot_token=Secret("xoxe.xoxb-new"), refresh_token=Secret("xoxe-1-new"))
NEWER = replace(OLD, bot_token=Secret("xoxe.xoxb-newer"), refresh_token=Secret("xoxe-1-newer"))
PATIENCE = [0.2, 1.0, 5.0]


class Store:
    """One installation; `away` is whether Redis is."""

    def __init__(self) -> None:
        self.stored: Installation | None = OLD
        self.away = True
        self.unreadable = False

    async def load(self, _: str) -> Installation | None:
        if self.unreadable:
            self.unreadable = False
            raise VaultError
        return self.stored

    async def save(self, installation: Installation) -> None:
        if self.away:
            raise StoreUnavailableError("gone")
        self.stored = installation


class Naps(FixedClock):
    """Sleeps behind the first few last until they are ended, with what happens meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._ended: asyncio.Queue[None] = asyncio.Queue()
        self._begun: asyncio.Queue[None] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if seconds not in PATIENCE or len(self.slept) > len(PATIENCE):
            self._begun.put_nowait(None)
            await self._ended.get()

    async def nap(self) -> None:
        """Until the next one has begun: what was tried before it is over."""
        await self._begun.get()

    def wake(self) -> None:
        self._ended.put_nowait(None)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> Naps:
    return Naps()


@pytest.fixture
def keeper(store: Store, clock: Naps) -> Keeper:
    return Keeper(store.load, store.save, clock)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await checkpoint()


async def test_what_is_stored_is_not_held(keeper: Keeper, store: Store, clock: Naps) -> None:
    store.away = False

    await keeper.keep(FRESH, instead_of=OLD)
    assert (store.stored, keeper.held("T1"), clock.slept) == (FRESH, None, [])


async def test_it_is_held_and_tried_again_until_it_is_stored(
    keeper: Keeper, store: Store, clock: Naps, caplog: pytest.LogCaptureFixture
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    assert keeper.held("T1") == FRESH

    for _ in range(6):
        await clock.nap()
        clock.wake()
    await clock.nap()
    store.away = False
    clock.wake()
    await until(lambda: keeper.held("T1") is None)
    assert store.stored == FRESH
    assert clock.slept == [*PATIENCE, 5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]
    assert "is not stored yet" in caplog.text
    assert "xoxe" not in caplog.text


async def test_a_record_that_does_not_open_just_now_is_looked_at_again(
    keeper: Keeper, store: Store, clock: Naps
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    store.away, store.unreadable = False, True

    await clock.nap()
    clock.wake()
    await clock.nap()
    clock.wake()
    await until(lambda: keeper.held("T1") is None)

    assert store.stored == FRESH


@pytest.mark.parametrize("meanwhile", [NEWER, None, replace(OLD, team_id="E1")], ids=["anew", "gone", "org"])
async def test_who_installed_or_removed_the_bot_meanwhile_is_not_overruled(
    keeper: Keeper, store: Store, clock: Naps, meanwhile: Installation | None
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    store.stored, store.away = meanwhile, False

    await clock.nap()
    clock.wake()
    await until(lambda: keeper.held("T1") is None)
    assert store.stored == meanwhile


async def test_one_that_was_renewed_once_more_is_stored_in_place_of_the_first(
    keeper: Keeper, store: Store, clock: Naps
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    await keeper.keep(NEWER, instead_of=FRESH)
    assert keeper.held("T1") == NEWER
    store.away = False

    await clock.nap()
    clock.wake()
    await until(lambda: keeper.held("T1") is None)
    assert store.stored == NEWER


async def test_one_that_was_renewed_while_the_other_was_stored_is_not_dropped(
    keeper: Keeper, store: Store, clock: Naps
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    save = keeper._save

    async def renewed_meanwhile(installation: Installation) -> None:
        await save(installation)
        keeper._save = save
        await keeper.keep(NEWER, instead_of=FRESH)

    keeper._save, store.away = renewed_meanwhile, False
    await clock.nap()
    clock.wake()
    await until(lambda: store.stored == FRESH)
    assert keeper.held("T1") == NEWER
    await keeper.close()


async def test_whoever_gives_up_waiting_does_not_lose_it(keeper: Keeper, store: Store, clock: Naps) -> None:
    waiting = asyncio.create_task(keeper.keep(FRESH, instead_of=OLD))
    await until(lambda: bool(clock.slept))
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert keeper.held("T1") == FRESH

    store.away = False
    await keeper.close()
    assert store.stored == FRESH


async def test_the_end_of_the_process_waits_for_one_more_try(
    keeper: Keeper, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)
    store.away = False

    await keeper.close()
    assert store.stored == FRESH
    assert "install the bot again" not in caplog.text


async def test_what_is_lost_with_the_process_is_said(
    keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    await keeper.keep(FRESH, instead_of=OLD)

    await keeper.close()
    assert "the new token of T1 is not kept: install the bot again" in caplog.text
