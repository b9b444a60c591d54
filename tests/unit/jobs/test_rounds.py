"""What digests have lost is put back, once an hour."""

import asyncio
from collections.abc import Sequence

import pytest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.jobs.rounds import EVERY, Audit
from scrm_bot.ports import Lane
from scrm_bot.usecases import planning
from tests.builders import TEAM, a_digest_schedule
from tests.unit.jobs.test_table import Lanes


class Turns:
    """Gives these teams, one list a turn; an error is raised; then none, for ever."""

    def __init__(self, *turns: Sequence[str] | Exception) -> None:
        self.turns = list(turns)
        self.asked: list[int] = []
        self.over = asyncio.Event()

    async def take(self, *, seconds: int) -> Sequence[str]:
        self.asked.append(seconds)
        turn = self.turns.pop(0) if self.turns else ()
        if not self.turns:
            self.over.set()
        if isinstance(turn, Exception):
            raise turn
        return turn


async def test_a_lost_job_is_put_back_in_the_background(caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes()
    await planning.switch_on(lanes.fakes.workspace, a_digest_schedule())
    ((key, job),) = lanes.fakes.queue.jobs.items()
    await lanes.fakes.queue.cancel(key)
    rounds = Turns([TEAM])
    audit = Audit(rounds, lanes)

    assert await audit.turn() == 1
    assert await audit.turn() == 0
    assert lanes.fakes.queue.jobs == {key: job}
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]
    assert rounds.asked == [EVERY, EVERY]
    assert "1 jobs of digests were missing" in caplog.text


async def test_without_redis_it_tries_again_later(caplog: pytest.LogCaptureFixture) -> None:
    rounds = Turns(StoreUnavailableError())
    running = asyncio.create_task(Audit(rounds, Lanes()).run())
    await rounds.over.wait()
    await asyncio.sleep(0)

    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "could not be looked after" in caplog.text
