"""The due index beside `taskiq-redis` and `pydocket`: the same jobs on a redis-server, workers as processes.

    python -m bench.jobs [--only scrm-bot] [--lease 5] [--rounds 3]

Four questions: how many jobs that do nothing one worker does in a second; how soon an idle worker begins a
job; how long after a SIGKILL the jobs in hand are done by another worker; and, of 10,000 jobs due at one
moment with two workers, when the last is done, and how many run twice or never. Appends are on. The lease is
set to the same seconds for all, the libraries' other settings are their own. Fails when the product's queue
runs a job twice or loses one.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from bench.budget_rivals import MissingError
from bench.jobs_rivals import QUEUES, version
from bench.jobs_stage import PATIENCE, Stage, stage
from bench.jobs_worker import BEGAN, ENDED

OURS = "scrm-bot"
IN_HAND = 10
DUE_AT_ONCE = 10_000
ADDS_WITHIN = 40.0  # seconds in which every queue has stored those


@dataclass(slots=True)
class Figures:
    """`recovered` is None when the jobs in hand were not done within four leases."""

    rate: float = 0.0
    pick_up: tuple[float, float] = (0.0, 0.0)
    recovered: float | None = None
    after_another: float | None = None
    last: float = 0.0
    twice: int = 0
    lost: int = 0
    problem: str = ""


def now() -> datetime:
    return datetime.now(UTC)


async def throughput(name: str, lease: float, figures: Figures) -> None:
    jobs = QUEUES[name].jobs
    async with AsyncExitStack() as stack:
        at = await stage(stack, name, lease)
        await at.queue.put(range(jobs), now())
        await at.worker()
        await at.until(lambda: at.ends() >= jobs)
        count(at, jobs, figures)
        times = [line.at for line in at.told(ENDED)]
        figures.rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


async def idle(name: str, lease: float, figures: Figures, *, jobs: int = 300) -> None:
    """One job after the other, each after a while in which nothing was to be done."""
    dice = Random(4)
    async with AsyncExitStack() as stack:
        at = await stage(stack, name, lease)
        await at.worker()
        await asyncio.sleep(1)
        put: list[float] = []
        for number in range(jobs):
            await asyncio.sleep(dice.uniform(0.02, 0.06))
            put.append(time.monotonic())
            await at.queue.put([number], now())
        await at.until(lambda: at.ends() >= jobs)
        count(at, jobs, figures)
        waits = sorted(line.at - put[line.number] for line in at.told(ENDED))
        figures.pick_up = waits[len(waits) // 2] * 1000, waits[int(len(waits) * 0.99)] * 1000


async def killed(name: str, lease: float, figures: Figures) -> None:
    """SIGKILL to a worker with jobs in hand, while another one is idle."""
    async with AsyncExitStack() as stack:
        at = await stage(stack, name, lease)
        victim = await at.worker(hang=True)
        await at.queue.put(range(IN_HAND), now())
        await at.until(lambda: len(at.told(BEGAN)) >= IN_HAND)
        await at.worker()
        victim.kill()
        victim.wait()
        dead = time.monotonic()
        if await at.until(lambda: at.ends() >= IN_HAND, seconds=4 * lease):
            figures.recovered = max(line.at for line in at.told(ENDED)) - dead
        else:
            await at.queue.put([IN_HAND], now())
            again = time.monotonic()
            if await at.until(lambda: at.ends() > IN_HAND, seconds=4 * lease):
                figures.after_another = max(line.at for line in at.told(ENDED)) - again
        await asyncio.sleep(1.5 * lease)  # so that a second run has its time to show
        count(at, IN_HAND, figures)


async def due_at_once(name: str, lease: float, figures: Figures, *, jobs: int = DUE_AT_ONCE) -> None:
    schedules = QUEUES[name].schedules
    async with AsyncExitStack() as stack:
        at = await stage(stack, name, lease)
        began = time.monotonic()
        start = began + ADDS_WITHIN * jobs / DUE_AT_ONCE
        await at.queue.put(range(jobs), now() + timedelta(seconds=start - began))
        if time.monotonic() > start - 3:
            raise RuntimeError(f"{name} took {time.monotonic() - began:.0f} s to store {jobs} jobs")
        await asyncio.gather(*(at.worker(start=0.0 if schedules else start) for _ in range(2)))
        await at.until(lambda: at.ends() >= jobs, seconds=start - time.monotonic() + PATIENCE)
        await asyncio.sleep(1.5 * lease)
        count(at, jobs, figures)
        figures.last = max(line.at for line in at.told(ENDED)) - start


def count(at: Stage, jobs: int, figures: Figures) -> None:
    ended = Counter(line.number for line in at.told(ENDED))
    figures.twice += sum(times > 1 for times in ended.values())
    figures.lost += sum(number not in ended for number in range(jobs))


Question = Callable[[str, float, Figures], Awaitable[None]]
QUESTIONS: tuple[Question, ...] = (throughput, idle, killed, due_at_once)


async def measure(name: str, lease: float, rounds: int) -> Figures:
    """The middle of the rounds' rates; all else once."""
    figures, rates = Figures(), list[float]()
    try:
        for _ in range(rounds - 1):
            await throughput(name, lease, figures)
            rates.append(figures.rate)
        for ask in QUESTIONS:
            await ask(name, lease, figures)
    except MissingError as error:
        return Figures(problem=str(error))
    figures.rate = sorted([*rates, figures.rate])[rounds // 2]
    return figures


def row(name: str, found: Figures) -> str:
    title = f"{name} {version(name)}".strip()
    if found.problem:
        return f"{title:20}  {found.problem}"
    p50, p99 = found.pick_up
    return (
        f"{title:20}  {found.rate:8,.0f}  {p50:6.1f} {p99:7.1f}  {recovery(found):>24}"
        f"  {found.last:7.2f} s  {found.twice:5}  {found.lost:5}"
    )


def recovery(found: Figures) -> str:
    if found.recovered is not None:
        return f"{found.recovered:.1f} s"
    if found.after_another is not None:
        return "only when another came"
    return "not within 8 leases"


def ratios(figures: dict[str, Figures]) -> list[str]:
    """The product's figures in terms of the others'."""
    mine = figures[OURS]
    return [
        f"against {name}: {mine.rate / other.rate:.1f} times the jobs a second, "
        f"{mine.pick_up[0] / other.pick_up[0]:.2f} of the pick-up, "
        f"{mine.last / other.last:.2f} of the time to the last of 10,000"
        for name, other in figures.items()
        if name != OURS and not other.problem
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", action="append", choices=QUEUES, help="not all of them")
    parser.add_argument("--lease", type=float, default=5.0, help="seconds, for all")
    parser.add_argument("--rounds", type=int, default=3, help="of jobs per second; the middle one counts")
    options = parser.parse_args()
    own = ", ".join(f"{name} {kind.lease:g} s" for name, kind in QUEUES.items())
    print(f"lease of all {options.lease:g} s (as they come: {own}); load average {os.getloadavg()[0]:.1f}")
    titles = (
        f"{'jobs/s':>8}  {'pick-up p50, p99':>14}  {'after SIGKILL':>20}  {'10,000 due':>9}  twice   lost"
    )
    print(f"{'':20}  {titles}")
    figures = {}
    for name in options.only or QUEUES:
        figures[name] = asyncio.run(measure(name, options.lease, options.rounds))
        print(row(name, figures[name]), flush=True)
    if OURS not in figures:
        return 0
    print("\n".join(ratios(figures)))
    return 1 if figures[OURS].twice or figures[OURS].lost else 0


if __name__ == "__main__":
    sys.exit(main())
