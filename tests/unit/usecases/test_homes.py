"""What Home tells everybody, and each person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import ScrmError, SlackRefusedError, StoreUnavailableError, UnauthorizedError
from scrm_bot.domain.workspaces import Person
from scrm_bot.usecases import approvals, homes
from tests.builders import ADMIN, APPROVER, EDITOR, LATER, a_content, a_post, an_approval, metrics
from tests.fakes.workspace import Fakes, some_fakes


@pytest.fixture
def fakes() -> Fakes:
    return some_fakes()


async def test_numbers_of_all_accounts_are_read_once_a_minute(fakes: Fakes) -> None:
    fakes.socialcrm.numbers = [metrics(likes=2.0, engagement_rate=0.1), metrics("acct_2", likes=3.0)]

    first, second = await homes.look(fakes.workspace), await homes.look(fakes.workspace)

    assert first.numbers == second.numbers
    assert first.numbers
    assert first.numbers.values == (("likes", 5.0),)
    assert fakes.socialcrm.count("get_account_analytics") == 1


async def test_without_numbers_none_are_made_up(fakes: Fakes) -> None:
    assert (await homes.look(fakes.workspace)).numbers is None


async def test_what_was_handed_over_is_told_although_the_list_is_long(fakes: Fakes) -> None:
    request = an_approval(state=State.SCHEDULED, post_id="post_old", content=a_content(at=LATER))
    fakes.approvals.approvals[request.id] = request
    late = a_post(id="post_late", status="scheduled", scheduled_at=LATER + timedelta(days=9))
    fakes.socialcrm.posts["post_late"] = late

    upcoming = (await homes.look(fakes.workspace)).upcoming

    assert [post.id for post in upcoming] == ["post_old"]


async def test_a_failed_post_counts_however_its_status_is_written(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", status="Failed")

    assert [post.id for post in (await homes.look(fakes.workspace)).failed] == ["post_123"]


@pytest.mark.parametrize(("count", "looked"), [(49, 0), (50, 50), (60, 50)])
async def test_how_far_was_looked_is_told_where_there_may_be_more(count: int, looked: int) -> None:
    fakes = some_fakes(*(a_post(id=f"post_{number}") for number in range(count)))

    assert (await homes.look(fakes.workspace)).looked == looked


async def test_what_is_on_hold_is_blocked_for_all_and_told_once(fakes: Fakes) -> None:
    asked = await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key="1")
    await approvals.hold(fakes.workspace, asked.id, by=APPROVER)

    facts = await homes.look(fakes.workspace)
    own = await homes.own(fakes.workspace, EDITOR, facts)

    assert [request.id for request in facts.blocked] == [asked.id]
    assert own.waiting == []


async def test_requests_for_the_readers_word_come_first(fakes: Fakes) -> None:
    fakes.socialcrm.posts["post_2"] = a_post(id="post_2")
    theirs = await approvals.ask(fakes.workspace, "post_2", at=None, by=EDITOR, key="1")
    fakes.clock.at += timedelta(minutes=1)
    own = await approvals.ask(fakes.workspace, "post_123", at=None, by=APPROVER, key="2")

    mine = await homes.own(fakes.workspace, APPROVER, await homes.look(fakes.workspace))

    assert [request.id for request in mine.waiting] == [theirs.id, own.id]
    assert mine.to_decide == 1


async def test_who_was_told_that_it_is_overdue_is_offered_no_way_out_of_it(fakes: Fakes) -> None:
    asked = await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key="1")
    fakes.approvals.approvals[asked.id] = replace(asked, escalated=(ADMIN,))

    facts = await homes.look(fakes.workspace)
    told = await homes.own(fakes.workspace, ADMIN, facts)
    author = await homes.own(fakes.workspace, EDITOR, facts)

    assert [each.id for each in told.waiting] == [asked.id]
    assert told.withdrawable == set()
    assert author.withdrawable == {asked.id}


async def test_while_slack_does_not_answer_an_author_still_has_the_way_out(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key="1")

    async def away(user_id: str) -> Person:
        raise SlackRefusedError("unreachable", method="users.info")

    monkeypatch.setattr(fakes.people, "get", away)
    own = await homes.own(fakes.workspace, EDITOR, await homes.look(fakes.workspace))

    assert own.to_decide == 0
    assert own.withdrawable == {asked.id}


@pytest.mark.parametrize(
    ("method", "error", "name"),
    [("list_posts", UnauthorizedError(), "posts"), ("get_account_analytics", UnauthorizedError(), "numbers")],
)
async def test_what_cannot_be_read_is_named(fakes: Fakes, method: str, error: ScrmError, name: str) -> None:
    fakes.socialcrm.refuse(method, error)

    assert (await homes.look(fakes.workspace)).missing == (name,)


async def test_limits_that_cannot_be_had_are_named(fakes: Fakes) -> None:
    fakes.limits.raises = StoreUnavailableError("gone")

    assert (await homes.look(fakes.workspace)).missing == ("requests and quota",)
