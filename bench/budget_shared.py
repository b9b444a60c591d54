"""What somebody else who uses the same key does to us: refusals with the budget, and with plain backoff.

    python -m bench.budget_shared [--windows 6]

The server allows 600 per window (6 s here) in a sliding log, and another user takes a third, two thirds or
nine tenths of it for the middle half of a run; nobody tells us. Four budgets, one for each process, share one
redis-server. Plain backoff: the same pace, and each refused call tries again alone, after a second of the
minute, doubling to 16.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

from bench import servers
from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.ports import Lane
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database

LIMIT, WINDOW, PROCESSES, CALLERS = 600, 6.0, 4, 150
SHARES = (1 / 3, 2 / 3, 0.9)
KEY = "a1b2c3"


@dataclass(slots=True)
class Server:
    """A sliding log of what was let in. Refusals of the other user are its own affair."""

    taken: deque[float] = field(default_factory=deque)
    refused: int = 0
    served: int = 0

    def lets_in(self) -> bool:
        now = time.monotonic()
        while self.taken and self.taken[0] <= now - WINDOW:
            self.taken.popleft()
        if len(self.taken) >= LIMIT:
            return False
        self.taken.append(now)
        return True

    def asked_by_us(self) -> bool:
        fine = self.lets_in()
        self.served += fine
        self.refused += not fine
        return fine

    async def other_user(self, share: float, *, start: float, end: float) -> None:
        await asyncio.sleep(max(0.0, start - time.monotonic()))
        while time.monotonic() < end:
            self.lets_in()
            await asyncio.sleep(WINDOW / LIMIT / share)


Call = Callable[[RedisBudget, Server], Awaitable[None]]


async def with_the_budget(budget: RedisBudget, server: Server) -> None:
    await budget.take(KEY, Lane.BACKGROUND)
    if not server.asked_by_us():
        await budget.refused(KEY, retry_in=WINDOW / 60)  # as SocialCRM says: a second of a minute


async def with_backoff(budget: RedisBudget, server: Server) -> None:
    pause = WINDOW / 60
    await budget.take(KEY, Lane.BACKGROUND)
    while not server.asked_by_us():
        await asyncio.sleep(pause * random.uniform(0.75, 1.25))
        pause = min(2 * pause, WINDOW * 16 / 60)


@asynccontextmanager
async def budgets() -> AsyncIterator[list[RedisBudget]]:
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(servers.redis())
        made = []
        for _ in range(PROCESSES):
            database = Database(clients(parse(redis)))
            stack.push_async_callback(database.close)
            made.append(RedisBudget(database, limit=LIMIT, window=WINDOW))
        yield made


async def measure(call: Call, share: float, windows: int) -> Server:
    server, began = Server(), time.monotonic()
    end = began + windows * WINDOW

    async def caller(budget: RedisBudget) -> None:
        while time.monotonic() < end:
            try:
                await call(budget, server)
            except BudgetExhaustedError as error:
                await asyncio.sleep(min(error.retry_in or 1.0, max(0.0, end - time.monotonic())))

    async with budgets() as made:
        quarter = (end - began) / 4
        other = server.other_user(share, start=began + quarter, end=end - quarter)
        callers = asyncio.gather(other, *(caller(made[at % PROCESSES]) for at in range(CALLERS)))
        with suppress(TimeoutError):  # who still waits for a turn then has none in this run
            async with asyncio.timeout(end - began):
                await callers
    return server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--windows", type=int, default=8, help="of 6 s, the other user is there for half of them"
    )
    options = parser.parse_args()
    fine = True
    print(
        f"{'another user takes':>20}  {'refused: budget':>16}  {'backoff':>14}  served: budget        backoff"
    )
    for share in SHARES:
        ours = asyncio.run(measure(with_the_budget, share, options.windows))
        plain = asyncio.run(measure(with_backoff, share, options.windows))
        fine &= ours.refused < plain.refused
        print(
            f"{share:>20.0%}  {ours.refused:>16}  {plain.refused:>14}  {ours.served:>14}  {plain.served:>13}",
            flush=True,
        )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
