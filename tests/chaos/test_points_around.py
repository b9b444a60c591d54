"""Points of "effectively once" that lie in Slack, with people, or in time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.posts import Post
from scrm_bot.usecases.outcomes import Timing
from scrm_bot.usecases.publishing import act
from scrm_bot.views.states import chip
from tests.builders import a_card_ref, a_post, an_approved
from tests.chaos.checks import PUBLISH, called, listed, published_once, refusing
from tests.chaos.house import House, headline
from tests.chaos.points import Ledger
from tests.chaos.running import until
from tests.fakes.socialcrm import FakeSocialCRM
from tests.fakes.workspace import some_fakes

pytestmark = pytest.mark.redis


class SlowSocialCRM(FakeSocialCRM):
    """Its calls to publish wait for their turn, and then for an answer, for nearly as long as they may."""

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        self.clock.advance(4)
        try:
            return await super().publish_post(post_id, deadline=deadline)
        finally:
            self.clock.advance(45)


async def test_point_15_two_approvers_and_two_clicks_at_once_publish_once(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Everybody clicks")
    everybody = [house.approver, house.second_approver] * 2

    await asyncio.gather(*(house.click(post_id, by=person) for person in everybody))
    parcel = house.slack.deliveries[-1].parcel
    await house.slack.http.deliver(parcel)

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    assert len((await house.state(post_id, State.PUBLISHED)).approved_by) == 1
    ledger.hit(15)


async def test_point_15_an_approval_and_a_rejection_at_once_end_in_one_of_them(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Yes and no")

    await asyncio.gather(
        house.approver.command(f"/scrm approve {post_id}"),
        house.second_approver.command(f"/scrm reject {post_id} not yet"),
    )

    ended = await house.told(post_id, State.PUBLISHED, State.REJECTED)
    await house.nothing_left()
    was_published = ended.state is State.PUBLISHED
    assert house.was_called(post_id) == house.sandbox.went_out[post_id] == was_published
    assert [d.step for d in ended.decisions] == ["approve" if was_published else "reject"]
    ledger.hit(15)


async def test_point_19_uninstalled_between_the_approval_and_the_call_nothing_is_sent(
    own_house: House, ledger: Ledger
) -> None:
    house = own_house
    await house.up("web", "worker")
    post_id = await house.asked("The last one out")
    house.freeze("worker")
    assert await house.click(post_id)
    await house.state(post_id, State.APPROVED)

    house.slack.uninstall()
    await house.slack.idle()
    await until(house.is_disconnected, what="the key to be forgotten")
    house.thaw("worker")

    async def is_forgotten() -> bool:
        return await house.store.latest_for(post_id) is None

    await until(is_forgotten, what="the request to be forgotten")
    assert house.was_called(post_id) == 0
    assert house.processes["worker"].returncode is None
    ledger.hit(19)


@pytest.mark.parametrize("jump", [4.0, -4.0])
async def test_point_20_the_clock_jumps_while_a_late_call_is_under_way(
    house: House, ledger: Ledger, jump: float
) -> None:
    post_id = await house.asked("What time is it")
    house.sandbox.faults.add("delay", method="POST", path=PUBLISH, seconds=1.6)

    assert await house.click(post_id)
    await until(lambda: called(house, post_id), what="the call")
    house.shift_clock(jump)

    await published_once(house, post_id)
    assert house.was_called(post_id) == 1
    ledger.hit(20)


async def test_point_20_a_clock_that_was_set_back_makes_nobody_read_in_a_loop(
    house: House, ledger: Ledger
) -> None:
    post_id = await house.asked("Before its time")
    house.sandbox.faults.add("drop", method="POST", path=PUBLISH)

    assert await house.click(post_id)
    await house.state(post_id, State.UNKNOWN)
    house.shift_clock(-4.0)

    await published_once(house, post_id)
    assert house.sandbox.count("GET", f"/v1/posts/{post_id}") < 40
    ledger.hit(20)


@pytest.mark.parametrize("code", ["internal_error", "ratelimited"])
async def test_point_23_slack_refuses_the_update_and_the_card_becomes_true_later(
    house: House, ledger: Ledger, code: str
) -> None:
    post_id = await house.asked("Slack says no")

    with refusing("chat.update", code) as refused:
        assert await house.click(post_id)
        await house.state(post_id, State.PUBLISHED)
        assert house.sandbox.went_out[post_id] == 1
        await until(lambda: listed(refused), what="a refusal")

    await published_once(house, post_id)
    ledger.hit(23)


async def test_point_23_a_card_that_was_deleted_is_posted_anew(house: House, ledger: Ledger) -> None:
    post_id = await house.asked("Somebody tidied up")
    (card,) = house.cards(post_id)
    room = next(room for room in house.slack.space.rooms.values() if room.name == "approvals")
    room.forget(card)

    await house.approver.command(f"/scrm approve {post_id}")

    await published_once(house, post_id)
    (anew,) = house.cards(post_id)
    assert anew.ts != card.ts
    ledger.hit(23)


async def test_point_20_a_call_that_waited_long_for_its_turn_is_not_repeated_while_it_may_still_arrive() -> (
    None
):
    fakes = some_fakes()
    socialcrm = SlowSocialCRM(a_post(), clock=fakes.clock)
    socialcrm.lose_answer("publish_post", late=timedelta(seconds=130))
    workspace = replace(fakes.workspace, socialcrm=socialcrm)
    await fakes.approvals.add(an_approved(act_at=fakes.clock.now(), card=a_card_ref()))

    again = await act(workspace, "apr_1", timing=Timing())
    while again:
        fakes.clock.at = max(again, fakes.clock.at)
        again = await act(workspace, "apr_1", timing=Timing())

    assert socialcrm.count("publish_post") == 1
    assert (await fakes.approvals.get("apr_1")).state is State.PUBLISHED


async def test_a_card_posted_by_a_process_that_died_before_it_could_note_where_is_true_too(
    house: House,
) -> None:
    post_id = house.draft("Two cards, one request")
    house.arm("card-posted")

    await house.editor.command(f"/scrm publish {post_id}")
    await house.killed_at("card-posted", "web")
    await house.up("web")
    await house.told(post_id, State.PENDING)
    await house.approver.command(f"/scrm approve {post_id}")
    await published_once(house, post_id)

    (card,) = house.cards(post_id)  # the one that was posted was found, and no other posted beside it
    assert headline(card).startswith(chip(await house.state(post_id, State.PUBLISHED)))
