"""What runs for ever ends with the process."""

import asyncio
from contextlib import suppress

from scrm_bot.jobs.ending import end


async def test_one_that_keeps_a_cancelling_to_itself_is_cancelled_again() -> None:
    kept = 0

    async def stubborn() -> None:
        nonlocal kept
        while kept < 2:
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            kept += 1
        await asyncio.Event().wait()

    async def obedient() -> None:
        await asyncio.Event().wait()

    async def broken() -> None:
        raise ValueError

    tasks = [asyncio.create_task(each()) for each in (stubborn, obedient, broken)]
    await asyncio.wait(tasks, timeout=0)
    await end(tasks, again=0.01)

    assert kept == 2
    assert all(task.done() for task in tasks)


async def test_where_nothing_runs_nothing_is_to_be_ended() -> None:
    bystander = asyncio.create_task(asyncio.Event().wait())

    await end([])

    assert not bystander.cancelling()
    bystander.cancel()
