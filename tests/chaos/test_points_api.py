"""Points of "effectively once" at which SocialCRM does something else than was asked."""

from dataclasses import replace

import pytest

from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.domain.approvals import State
from tests.chaos.checks import PUBLISH, SENDING, never_sent, published_once
from tests.chaos.house import House
from tests.chaos.points import Ledger

pytestmark = pytest.mark.redis


async def test_point_07_received_and_never_applied_it_is_sent_again_after_looking(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Dropped at the door")
    house.sandbox.faults.add("drop", method="POST", path=PUBLISH)

    assert await house.click(post_id)
    await house.told(post_id, State.UNKNOWN)

    await published_once(house, post_id)
    assert house.was_called(post_id) == 2
    ledger.hit(7)


async def test_point_08_applied_after_our_time_out_it_is_not_sent_again(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Slow, but it arrives")
    house.sandbox.faults.add("delay", method="POST", path=PUBLISH, seconds=1.6)

    assert await house.click(post_id)
    await house.told(post_id, State.UNKNOWN)
    assert house.sandbox.went_out[post_id] == 0

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(8)


@pytest.mark.parametrize("at", ["", "tomorrow 09:00"])
async def test_point_09_applied_and_the_answer_lost(house: House, ledger: Ledger, at: str) -> None:
    post_id = await house.asked("Done, untold", at=at)
    house.sandbox.faults.add("drop_after", method="POST", path=SENDING)

    assert await house.click(post_id)

    await house.told(post_id, State.SCHEDULED if at else State.PUBLISHED)
    await house.nothing_left()
    assert house.was_called(post_id) == 1
    assert house.sandbox.went_out[post_id] == (0 if at else 1)
    ledger.hit(9)


async def test_point_16_edited_between_the_approval_and_the_call_nothing_is_sent(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("The price is 5 euros")
    house.freeze("worker")
    assert await house.click(post_id)
    await house.state(post_id, State.APPROVED)

    posts = house.sandbox.posts.by_id
    posts[post_id] = replace(posts[post_id], body="The price is 50 euros")
    house.thaw("worker")

    await never_sent(house, post_id, State.VOID)
    assert (await house.state(post_id, State.VOID)).changed_body == "The price is 50 euros"
    ledger.hit(16)


async def test_point_17_published_in_socialcrm_meanwhile_nothing_is_sent_again(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Somebody was faster")
    house.freeze("worker")
    assert await house.click(post_id)
    await house.state(post_id, State.APPROVED)

    house.publish_in_socialcrm(post_id)
    house.thaw("worker")

    await published_once(house, post_id)
    assert house.was_called(post_id) == 0
    ledger.hit(17)


@pytest.mark.parametrize("scope", ["", "posts:publish"])
async def test_point_18_the_key_is_revoked_or_loses_its_scope_and_everybody_is_told(
    house: House, ledger: Ledger, scope: str
) -> None:
    post_id = await house.asked("With a dead key")
    before = house.key
    house.freeze("worker")
    assert await house.click(post_id)
    await house.state(post_id, State.APPROVED)

    without = {"insights:read", "posts:read", "posts:write"}
    weaker = house.sandbox.create_key(name="Weaker", scopes=without)
    await house.connect(weaker)
    if not scope:
        house.sandbox.revoke_key(weaker)
    house.thaw("worker")

    failed = await house.told(post_id, State.FAILED)
    await house.nothing_left()
    await house.connect(before)
    assert house.sandbox.went_out[post_id] == 0
    assert (scope or "key") in failed.detail
    assert await house.approver.wait_for_message("Failed", channel="dm")
    ledger.hit(18)


async def test_point_22_a_429_midway_is_waited_out(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Too many requests")
    house.sandbox.faults.add("429", method="POST", path=PUBLISH, times=2, seconds=1)

    assert await house.click(post_id)

    await published_once(house, post_id)
    assert house.was_called(post_id) == 3
    ledger.hit(22)


async def test_point_22_a_quota_that_is_used_up_midway_is_told_and_not_tried_again(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("The last of the month")
    house.sandbox.faults.add("error", code="quota_exceeded", method="POST", path=PUBLISH, times=None)

    assert await house.click(post_id)

    failed = await house.told(post_id, State.FAILED)
    await house.nothing_left()
    assert house.was_called(post_id) == 1
    assert house.sandbox.posts.get(post_id).status is Status.DRAFT
    assert "quota" in failed.detail
    ledger.hit(22)
