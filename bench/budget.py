"""One key's budget between four processes that want twice of it, beside the libraries people would use.

    python -m bench.budget [--full] [--only scrm-bot] [--windows N] [--crowd]

A server in a process of its own notes every arrival, and five ways of counting are asked what each would
have refused; none of it is told to the callers, so that all budgets see the same. A 6 s window with
everything scaled stands for the 60 s; `--full` runs the product's budget at 60 s. `late` means: 20 % of the
arrivals come up to 2 s late and answers take up to 2 s more (scaled, too). `--crowd` is people only, 90 in
each process at one moment, at the full 60 s: more than there are turns for in the time that a person waits.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from statistics import median

from redis import Redis

from bench import servers
from bench.budget_load import PROCESSES, Order, Told
from bench.budget_rivals import BUDGETS
from bench.budget_server import Server, counting
from bench.budget_windows import WINDOWS
from scrm_bot.ports import Lane
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database

LIMIT = 600
OURS = "scrm-bot"
START_WITHIN = 6.0  # seconds in which four processes are up
UTILISATION = {False: 0.94, True: 0.91}
P99_MS, FAIR, EVALUATIONS, COST = 50.0, 0.97, 1.0, 1.3
CROWD, ASTRAY, SENT_AWAY = 90, 2.0, 3.0  # people in each process; seconds


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured. `refused` is by window; `p99` is a person's wait in milliseconds."""

    refused: dict[str, int]
    utilisation: float
    p99: float
    fairness: float
    evaluations: float
    problem: str = ""


def measure(budget: str, *, window: float, windows: int, late: bool) -> Figures:
    """One run, of one window to get going and `windows` that count."""
    scaled = window / 30 if late else 0.0
    with servers.redis() as redis, counting(lateness=scaled, delay=scaled) as server:
        start = time.monotonic() + START_WITHIN
        end = start + (windows + 1) * window
        order = Order(budget, redis, server.port, LIMIT, window, start, end, seed=0)
        with ThreadPoolExecutor(PROCESSES) as pool:
            running = [pool.submit(process, replace(order, seed=seed)) for seed in range(PROCESSES)]
            told = [each.result() for each in running]
        return figures(told, server, redis, order)


def process(order: Order) -> Told:
    command = [sys.executable, "-m", "bench.budget_load", json.dumps(asdict(order))]
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode:
        return Told(0, [], f"failed: {answer.stderr.decode().strip().rpartition(chr(10))[2]}")
    return Told(**json.loads(answer.stdout))


def figures(told: list[Told], server: Server, redis: str, order: Order) -> Figures:
    if problem := next((each.problem for each in told if each.problem), ""):
        return Figures({}, 0, 0, 0, 0, problem)
    arrivals = server.arrivals()
    counted = [at for at in arrivals if order.start + order.window <= at < order.end]
    allowed = order.limit * (order.end - order.start - order.window) / order.window
    waits = sorted(wait for each in told for wait in each.waits)
    granted = [each.granted for each in told]
    return Figures(
        {name: refused(arrivals, order.limit, order.window) for name, refused in WINDOWS.items()},
        utilisation=len(counted) / allowed,
        p99=waits[int(len(waits) * 0.99)] * 1000,
        fairness=sum(granted) ** 2 / (len(granted) * sum(each * each for each in granted)),
        evaluations=evaluations(redis) / len(arrivals),
    )


def evaluations(redis: str) -> int:
    """Scripts that Redis ran since it started."""
    with Redis.from_url(redis) as client:
        stats = client.info("commandstats")
    return sum(int(stats.get(f"cmdstat_{name}", {}).get("calls", 0)) for name in ("eval", "evalsha"))


async def cost(redis: str, *, rounds: int = 9, count: int = 400) -> float:
    """A grant against a PING through the same client: the middle of the ratios of their medians."""
    database = Database(clients(parse(redis)))
    budget = RedisBudget(database, limit=100_000_000)
    ratios = []

    async def timed(what: str) -> float:
        began = time.perf_counter()
        await (database.do("PING") if what == "ping" else budget.take("cost", Lane.PEOPLE))
        return time.perf_counter() - began

    for _ in range(rounds):
        pings, grants = [], []
        for _ in range(count):  # in turn, so that a busy machine is busy for both
            pings.append(await timed("ping"))
            grants.append(await timed("grant"))
        ratios.append(median(grants) / median(pings))
    await database.close()
    return median(ratios)


def met(found: Figures, *, late: bool) -> bool:
    return (
        not any(found.refused.values())
        and found.utilisation >= UTILISATION[late]
        and found.p99 < P99_MS
        and found.fairness >= FAIR
        and found.evaluations <= EVALUATIONS
    )


def head(window: float) -> None:
    print(f"\n{LIMIT} per {window:g} s, {PROCESSES} processes, load average {os.getloadavg()[0]:.1f}")
    names = "  ".join(f"{name:>15}" for name in WINDOWS)
    print(f"{'':23}       {names}  used    p99 ms  Jain   evals/grant")


def line(name: str, found: Figures, *, late: bool) -> bool:
    """Print one run; whether it met the targets, which only the product's has."""
    title = f"{name:23}  {'late' if late else 'calm'}"
    if found.problem:
        print(f"{title} {found.problem}")
        return True
    refused = "  ".join(f"{count:>15}" for count in found.refused.values())
    fine = met(found, late=late)
    verdict = ("  met" if fine else "  MISSED") if name == OURS else ""
    print(
        f"{title} {refused}  {found.utilisation:5.1%}  {found.p99:6.0f}  {found.fairness:5.3f}"
        f"  {found.evaluations:5.2f}{verdict}",
        flush=True,
    )
    return fine or name != OURS


def matrix(names: list[str], windows: int) -> bool:
    head(6.0)
    fine = True
    for late in (False, True):
        for name in names:
            fine &= line(name, measure(name, window=6.0, windows=windows, late=late), late=late)
    return fine


def full(windows: int) -> bool:
    """Both at once: ten requests a second are no load."""
    head(60.0)
    with ThreadPoolExecutor(2) as pool:
        runs = {
            late: pool.submit(measure, OURS, window=60.0, windows=windows, late=late)
            for late in (False, True)
        }
        missed = [late for late, run in runs.items() if not line(OURS, run.result(), late=late)]
    return not missed


def crowd() -> bool:
    with servers.redis() as redis, ThreadPoolExecutor(PROCESSES) as pool:
        start = time.monotonic() + START_WITHIN
        order = Order(OURS, redis, 0, LIMIT, 60.0, start, start, seed=0, crowd=CROWD)
        told = list(pool.map(process, [order] * PROCESSES))
        asked = evaluations(redis)
    if problem := next((each.problem for each in told if each.problem), ""):
        print(problem)
        return False
    granted = sum(each.granted for each in told)
    astray = max((each for of in told for each in of.astray), default=0.0)
    away = max((each for of in told for each in of.refused), default=0.0)
    waits = max((each for of in told for each in of.waits), default=0.0)
    fine = asked / granted <= EVALUATIONS and astray <= ASTRAY and away <= SENT_AWAY
    print(
        f"\na crowd of {PROCESSES * CROWD}: {granted} served within {waits:.1f} s, "
        f"told up to {astray:.1f} s wrong, the others sent away within {away:.1f} s, "
        f"{asked / granted:.2f} evals/grant  "
        f"{'met' if fine else 'MISSED'}",
        flush=True,
    )
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--full", action="store_true", help="the product's budget at 60 s, after the rest")
    parser.add_argument("--only", action="append", choices=BUDGETS, help="not all of them")
    parser.add_argument("--windows", type=int, default=5, help="how many windows are counted")
    parser.add_argument("--crowd", action="store_true", help="only the crowd of people")
    options = parser.parse_args()
    if options.crowd:
        return 0 if crowd() else 1
    with servers.redis() as redis:
        ratio = asyncio.run(cost(redis))
    print(f"a grant takes {ratio:.2f} times a PING: {'met' if ratio <= COST else 'MISSED'} ({COST})")
    fine = ratio <= COST
    fine &= matrix(options.only or list(BUDGETS), options.windows)
    fine &= crowd()
    if options.full:
        fine &= full(options.windows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
