"""Redis killed, frozen, paused, filled, failed over while people approve: they are told, and it mends."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from scrm_bot.domain.approvals import State
from tests.chaos.house import House, a_house
from tests.chaos.running import until
from tests.conftest import RedisServer
from tests.contract.servers import Watched, cluster, say, wait_for, watched

pytestmark = pytest.mark.redis

NOT_NOTED = "could not note this down"
SENT = {State.PUBLISHED}


@contextmanager
def killed(redis: RedisServer) -> Iterator[None]:
    redis.stop()
    yield
    redis.start()


@contextmanager
def frozen(redis: RedisServer) -> Iterator[None]:
    assert redis.process
    redis.process.send_signal(signal.SIGSTOP)
    yield
    redis.process.send_signal(signal.SIGCONT)


@contextmanager
def paused(redis: RedisServer) -> Iterator[None]:
    say(redis.port, "client", "pause", 4_000)  # it takes no word before that is over
    yield


@contextmanager
def full(redis: RedisServer) -> Iterator[None]:
    """As where `maxmemory` is reached and nothing may be evicted: reads go on, writes do not."""
    say(redis.port, "config", "set", "maxmemory", 1)
    yield
    say(redis.port, "config", "set", "maxmemory", 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits. `word` is in its own card alone; others may name its post beside theirs."""

    house: House
    post_id: str
    word: str

    async def approve(self) -> bool:
        clicked = await self.house.approver.click(
            "Approve", containing=self.word, channel="#approvals", check=False
        )
        return bool(clicked.get("ok"))


async def asked(house: House, count: int) -> list[Asked]:
    """Requests that wait, their cards posted."""
    words = [uuid4().hex for _ in range(count)]
    posts = await asyncio.gather(*(house.asked(f"Spring is here, {word}") for word in words))
    return [Asked(house, post_id, word) for post_id, word in zip(posts, words, strict=True)]


async def all_go_out_once(house: House, requests: Sequence[Asked]) -> None:
    """Who was told that a click was not noted clicks again; then every post is out, and sent once."""
    for each in requests:
        await decided(each)
    for each in requests:
        await house.told(each.post_id, *SENT)
        assert house.reached[each.post_id] == 1


async def decided(request: Asked) -> None:
    """A click of before may still be under way, and take the button from under the next one."""

    async def moved_or_clicked() -> bool:
        found = await request.house.store.latest_for(request.post_id)
        return (found is not None and found.state is not State.PENDING) or await request.approve()

    await until(moved_or_clicked, what=f"{request.post_id} to be decided")


@pytest.mark.parametrize("trouble", [killed, frozen, paused, full])
async def test_people_read_a_sentence_and_what_was_approved_goes_out_once(
    house: House, trouble: Callable[[RedisServer], AbstractContextManager[None]]
) -> None:
    requests = await asked(house, 6)
    await asyncio.gather(*(each.approve() for each in requests[:3]))  # under way when it begins

    with trouble(house.redis):
        await asyncio.gather(*(each.approve() for each in requests[3:]))
        told = await house.approver.wait_for_message(NOT_NOTED, channel="#approvals")
        assert told["ephemeral"]

    await all_go_out_once(house, requests)
    await house.nothing_left()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


@pytest.fixture
async def on_a_pair(pair: Watched, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with a_house(tmp_path_factory.mktemp("pair"), redis_url=pair.url) as house:
        await house.up("web", "worker")
        yield house


async def test_a_failover_while_people_approve_costs_a_click_at_most(on_a_pair: House, pair: Watched) -> None:
    house = on_a_pair
    requests = await asked(house, 6)
    early, late = requests[:3], requests[3:]
    await asyncio.gather(*(each.approve() for each in early))
    noted = [await house.state(each.post_id, State.APPROVED, State.PUBLISHING, *SENT) for each in early]

    pair.primary.stop()
    await asyncio.gather(*(each.approve() for each in late))
    await house.approver.wait_for_message(NOT_NOTED, channel="#approvals")

    for approval in noted:
        await house.state(approval.post_id, *SENT)  # without another click
    await all_go_out_once(house, requests)
    assert pair.leader() == pair.replica.port


async def test_the_main_job_runs_on_a_cluster_and_outlives_the_restart_of_every_node(tmp_path: Path) -> None:
    with cluster(tmp_path) as made:
        async with a_house(tmp_path, redis_url=made.url) as house:
            await house.up("web", "worker")
            first, second = await asked(house, 2)
            assert await first.approve()
            await house.told(first.post_id, *SENT)

            for node in made.nodes:
                node.stop()
                node.start()
                await asyncio.to_thread(wait_for, made.is_whole, "the cluster to be whole again")

            await all_go_out_once(house, [second])
            assert house.reached[first.post_id] == 1
