"""What Redis may have forgotten is not shown for ever."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Never

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.jobs.lapses import Recollection
from scrm_bot.ports import Lane
from tests.builders import TEAM, a_card_ref, an_approval
from tests.unit.jobs.test_table import Lanes


class Forgetful:
    """A Redis that goes by one name after the other."""

    def __init__(self, *memories: str | Exception) -> None:
        self.memories = list(memories)
        self.noted = ""
        self.looks = 0
        self.over = asyncio.Event()

    async def unseen(self) -> str:
        self.looks += 1
        if not self.memories:
            self.over.set()
            return ""
        if isinstance(now := self.memories[0], Exception):
            self.memories.pop(0)
            raise now
        return "" if now == self.noted else now

    async def scopes(self) -> Sequence[str]:
        return (TEAM,)

    async def seen(self, memory: str) -> None:
        self.noted = memory


async def test_after_a_restart_every_open_card_is_drawn_once(caplog: pytest.LogCaptureFixture) -> None:
    lanes, lapses = Lanes(), Forgetful("second")
    await lanes.fakes.approvals.add(an_approval(card=a_card_ref()))
    recollection = Recollection(lapses, lanes)

    assert await recollection.turn() == 1
    assert [*lanes.fakes.queue.jobs] == ["render:apr_1"]
    assert lapses.noted == "second"
    assert await recollection.turn() == 0
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]
    assert "1 cards are drawn as they are stored" in caplog.text


async def test_who_could_not_put_all_jobs_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes, lapses = Lanes(), Forgetful("second")
    await lanes.fakes.approvals.add(an_approval(card=a_card_ref()))
    with monkeypatch.context() as away:
        away.setattr(lanes.fakes.queue, "put", _unreachable)
        with pytest.raises(StoreUnavailableError):
            await Recollection(lapses, lanes).turn()

    assert lapses.noted == ""
    assert await Recollection(lapses, lanes).turn() == 1


async def test_what_is_over_or_has_no_card_is_left(caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes()
    await lanes.fakes.approvals.add(an_approval(card=a_card_ref(), state=State.REJECTED))
    await lanes.fakes.approvals.add(an_approval(id="apr_2", post_id="post_2"))

    assert await Recollection(Forgetful("second"), lanes).turn() == 0
    assert lanes.fakes.queue.jobs == {}
    assert caplog.text == ""


async def test_cards_of_many_are_drawn_one_after_the_other() -> None:
    lanes = Lanes()
    for number in range(3):
        request = an_approval(id=f"apr_{number}", post_id=f"post_{number}", card=a_card_ref())
        await lanes.fakes.approvals.add(request)

    await Recollection(Forgetful("second"), lanes).turn()

    due = sorted(job.due - lanes.fakes.clock.now() for job in lanes.fakes.queue.jobs.values())
    assert due[0] == timedelta() < due[1] < due[2] < timedelta(seconds=1)


async def test_nothing_that_redis_does_ends_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("scrm_bot.jobs.lapses.EVERY", 0)
    lapses = Forgetful(StoreUnavailableError("away"), ValueError("odd"))
    running = asyncio.create_task(Recollection(lapses, Lanes()).run())
    await lapses.over.wait()

    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def _unreachable(*_: object) -> Never:
    raise StoreUnavailableError("away")
