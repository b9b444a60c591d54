"""Points of "effectively once" at which the process ends, stops or is told to end."""

import signal

import pytest

from scrm_bot.domain.approvals import State
from tests.chaos.checks import PUBLISH, called, published_once
from tests.chaos.house import House
from tests.chaos.points import Ledger
from tests.chaos.running import until

pytestmark = pytest.mark.redis


async def test_point_01_killed_before_a_click_is_recorded_a_second_click_does_it(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Nobody wrote it down")
    house.arm("before-recorded")

    assert not await house.click(post_id)
    await house.killed_at("before-recorded", "web")
    await house.up("web")
    await house.state(post_id, State.PENDING)
    assert await house.click(post_id)

    await published_once(house, post_id)
    ledger.hit(1)


async def test_point_02_killed_before_the_acknowledgement_a_recorded_click_is_done(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Written down, and then silence")
    house.arm("recorded")

    assert not await house.click(post_id)
    await house.killed_at("recorded", "web")

    await published_once(house, post_id)
    ledger.hit(2)


async def test_point_03_killed_after_the_approval_before_its_job_is_claimed(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Approved, and nobody there to act")
    await house.kill("worker")
    house.arm("approved")

    assert await house.click(post_id)
    await house.killed_at("approved", "web")
    await house.state(post_id, State.APPROVED)
    assert house.was_called(post_id) == 0
    await house.up("web", "worker")

    await published_once(house, post_id)
    ledger.hit(3)


async def test_point_04_killed_with_the_job_claimed_and_no_intent(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Claimed in vain")
    house.arm("before-intent")

    assert await house.click(post_id)
    await house.killed_at("before-intent", "worker")
    assert (await house.state(post_id, State.APPROVED)).attempt is None
    await house.up("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(4)


@pytest.mark.parametrize("at", ["", "tomorrow 09:00"])
async def test_point_05_killed_with_the_intent_stored_and_nothing_sent(
    house: House, ledger: Ledger, at: str
) -> None:
    post_id = await house.asked("Meant, not sent", at=at)
    house.arm("intent")

    assert await house.click(post_id)
    await house.killed_at("intent", "worker")
    assert house.was_called(post_id) == 0
    await house.up("worker")

    if at:
        told = await house.told(post_id, State.SCHEDULED)
        assert house.sandbox.posts.get(post_id).scheduled_at == told.content.at
    else:
        await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(5)


async def test_point_06_killed_with_half_of_the_request_sent(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Half a request")
    house.arm("half-sent")

    assert await house.click(post_id)
    await house.killed_at("half-sent", "worker")
    await house.up("worker")

    await published_once(house, post_id)
    ledger.hit(6)


@pytest.mark.parametrize("moment", ["answered", "before-outcome"])
async def test_point_10_killed_with_the_answer_read_and_not_stored(
    house: House, ledger: Ledger, moment: str
) -> None:
    post_id = await house.asked("Heard, forgotten")
    house.arm(moment)

    assert await house.click(post_id)
    await house.killed_at(moment, "worker")
    await house.state(post_id, State.PUBLISHING)
    await house.up("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(10)


async def test_point_11_killed_with_the_outcome_stored_and_slack_not_updated(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Known to us alone")
    house.arm("outcome")

    assert await house.click(post_id)
    await house.killed_at("outcome", "worker")
    assert not house.is_true(await house.state(post_id, State.PUBLISHED))
    await house.up("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(11)


async def test_point_11_killed_when_a_person_must_decide_and_no_card_asks_anybody(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Nobody knows, and nobody is told")
    house.sandbox.faults.add("drop", method="POST", path=PUBLISH, times=2)
    house.arm("asks-a-person")

    assert await house.click(post_id)
    await house.killed_at("asks-a-person", "worker")
    assert not house.is_true(await house.state(post_id, State.UNKNOWN))
    await house.up("worker")
    await house.told(post_id, State.UNKNOWN)

    assert await house.click(post_id, "Publish anyway")
    await published_once(house, post_id)
    ledger.hit(11)


async def test_point_12_killed_with_slack_updated_and_the_job_not_finished(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Told, not ticked off")
    house.arm("card-shows-outcome")

    assert await house.click(post_id)
    await house.killed_at("card-shows-outcome", "worker")
    await house.up("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    assert len(house.cards(post_id)) == 1
    ledger.hit(12)


@pytest.mark.parametrize("moment", ["before-intent", "intent"])
async def test_point_13_a_lease_that_ran_out_is_refused_when_its_holder_wakes(
    house: House, ledger: Ledger, moment: str
) -> None:
    post_id = await house.asked("Asleep at the wheel")
    house.arm(moment, "freeze")
    sleeper = house.processes["worker"]

    assert await house.click(post_id)
    await house.struck(moment)
    del house.processes["worker"]
    await house.up("worker")
    await house.told(post_id, State.PUBLISHED)
    sleeper.send_signal(signal.SIGCONT)
    sleeper.send_signal(signal.SIGTERM)
    assert await sleeper.wait() == 0

    await published_once(house, post_id)
    assert f"job act:{(await house.state(post_id, State.PUBLISHED)).id}" in house.said()
    assert "ended after its lease: someone else has it now" in house.said()
    ledger.hit(13)


async def test_point_21_sigterm_while_the_call_is_under_way(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Going home")
    house.sandbox.faults.add("delay", method="POST", path=PUBLISH, seconds=0.5)

    assert await house.click(post_id)
    await until(lambda: called(house, post_id), what="the call")
    assert await house.kill("worker", signal.SIGTERM) == 0

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(21)
