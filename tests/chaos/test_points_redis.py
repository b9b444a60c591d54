"""The point of "effectively once" that lies in Redis: it goes away, or forgets what it had confirmed."""

import os
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.store import keys
from tests.chaos.checks import PUBLISH, called, published_once, went_out
from tests.chaos.house import TEAM, House
from tests.chaos.points import Ledger
from tests.chaos.running import until
from tests.conftest import RedisServer

pytestmark = pytest.mark.redis


async def test_point_14_redis_is_killed_between_the_intent_and_the_outcome(
    own_house: House, ledger: Ledger
) -> None:
    house = own_house
    await house.up("web", "worker")
    post_id = await house.asked("Redis goes away")
    house.sandbox.faults.add("delay", method="POST", path=PUBLISH, seconds=0.5)

    assert await house.click(post_id)
    await until(lambda: called(house, post_id), what="the call")
    house.redis.stop()
    await until(lambda: went_out(house, post_id), what="the post to go out")
    house.redis.start()

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(14)


async def test_point_14_a_failover_that_forgets_the_newest_writes_publishes_nothing_twice(
    own_house: House, ledger: Ledger
) -> None:
    house = own_house
    await house.up("web")
    post_id = await house.asked("Redis forgets")
    assert await house.click(post_id)
    await house.told(post_id, State.APPROVED)
    names = await house.database.do("KEYS", "*")
    before = {name: await house.database.do("DUMP", name) for name in names}
    await house.up("worker")
    await published_once(house, post_id)
    await house.kill("worker")

    await house.database.do("FLUSHALL")
    for name, value in before.items():
        await house.database.do("RESTORE", name, 0, value)
    assert (await house.state(post_id, State.APPROVED)).attempt is None
    await house.up("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(14)


async def test_point_14_an_intent_that_redis_forgot_keeps_the_next_call_back_until_the_first_has_arrived(
    own_house: House, ledger: Ledger
) -> None:
    house = own_house
    house.environment["SCRM_SETTLE_SECONDS"] = "6"  # by far longer than the call, however busy the machine is
    await house.database.do(
        "CONFIG", "SET", "appendfsync", "always"
    )  # so that the file is as long as it says
    await house.up("web", "worker")
    post_id = await house.asked("Sent, and forgotten")
    await until(lambda: dated(house), what="the worker to note which Redis this is")
    house.arm("before-intent", "freeze")
    house.sandbox.faults.add("delay", method="POST", path=PUBLISH, seconds=2.5)
    assert await house.click(post_id)
    await house.struck("before-intent")

    kept = newest_file(house.redis)
    before = kept.stat().st_size
    house.thaw("worker")
    await until(lambda: called(house, post_id), what="the call")
    house.redis.stop()
    os.truncate(kept, before)
    house.redis.start()
    assert (await house.state(post_id, State.APPROVED)).attempt is None
    assert house.sandbox.went_out[post_id] == 0

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(14)


@pytest.mark.parametrize("dies", [(), ("web", "worker")], ids=["Redis alone", "all with it"])
async def test_point_14_a_decision_that_redis_forgot_does_not_stay_on_its_card(
    own_house: House, ledger: Ledger, dies: tuple[str, ...]
) -> None:
    house = own_house
    await house.up("web", "worker")
    post_id = await house.asked("Decided, shown, forgotten")
    await house.nothing_left()

    kept = newest_file(house.redis)
    before = kept.stat().st_size
    await house.approver.command(f"/scrm reject {post_id} not this one")
    await house.told(post_id, State.REJECTED)
    for part in dies:
        await house.kill(part)
    house.redis.stop()
    os.truncate(kept, before)  # as where the disk was slow, or a replica that lagged took over
    house.redis.start()
    await house.up(*dies)

    await house.told(post_id, State.PENDING)
    assert await house.click(post_id)
    await published_once(house, post_id)
    ledger.hit(14)


async def dated(house: House) -> bool:
    return bool(await house.database.do("EXISTS", keys.history(keys.shard_of(TEAM))))


def newest_file(redis: RedisServer) -> Path:
    """What this Redis appends its writes to."""
    (found,) = (redis.folder / "appendonlydir").glob("*.incr.aof")
    return found
