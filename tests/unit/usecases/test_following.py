from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ForbiddenScopeError,
    NotConnectedError,
    PaymentRequiredError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.posts import Drift
from scrm_bot.domain.workspaces import Secret
from scrm_bot.usecases import following, outcomes
from scrm_bot.usecases.outcomes import Timing
from tests.builders import ADMIN, APPROVER, EDITOR, LATER, NOW, a_card_ref, an_approved, an_attempt
from tests.fakes.workspace import Fakes

LATE = "SocialCRM has not published it yet, though its time has come."


async def scheduled(fakes: Fakes, **changes: object) -> Approval:
    """A scheduled request, a moment after its time."""
    fakes.socialcrm.change("post_123", status="scheduled", scheduled_at=LATER)
    fakes.clock.at = LATER + timedelta(seconds=5)
    changes = {"at": LATER, "confirmed_at": LATER, "card": a_card_ref(), "state": State.SCHEDULED, **changes}
    return await fakes.approvals.add(an_approved(**changes))


async def run(fakes: Fakes) -> datetime | None:
    return await following.follow(fakes.workspace, "apr_1", timing=Timing())


async def stored(fakes: Fakes) -> Approval:
    return await fakes.approvals.get("apr_1")


def after(**parts: float) -> datetime:
    return LATER + timedelta(**parts)


async def test_a_post_that_went_out_at_its_time_is_told(fakes: Fakes) -> None:
    await scheduled(fakes)

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at, done.detail) == (State.PUBLISHED, LATER, "")
    assert fakes.announcer.states == [State.PUBLISHED]


async def test_words_that_were_changed_meanwhile_are_told(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", body="Other words")

    await run(fakes)
    done = await stored(fakes)
    assert (done.state, done.drift, done.changed_body) == (State.PUBLISHED, (Drift.TEXT,), "Other words")
    assert fakes.announcer.people_told == [APPROVER, EDITOR]


@pytest.mark.parametrize(
    ("error", "told"), [("X said no.", "X said no."), ("", "SocialCRM could not publish it.")]
)
async def test_a_post_that_failed_at_its_time_is_told_to_author_and_approver(
    fakes: Fakes, error: str, told: str
) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", status="failed", error=error)

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.FAILED, told)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]


async def test_a_post_that_was_unscheduled_voids_the_request(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", status="draft", scheduled_at=None)

    assert await run(fakes) is None
    void = await stored(fakes)
    assert (void.state, void.detail) == (State.VOID, "It is not scheduled in SocialCRM any more.")


async def test_a_post_that_was_deleted_voids_the_request(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.posts.clear()

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.VOID, outcomes.GONE)


async def test_a_post_that_was_moved_is_followed_to_its_new_time(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", scheduled_at=after(hours=3))

    assert await run(fakes) == after(hours=3, seconds=5)
    moved = await stored(fakes)
    assert (moved.state, moved.confirmed_at) == (State.SCHEDULED, after(hours=3))
    assert moved.drift == (Drift.TIME,)
    assert fakes.announcer.states == [State.SCHEDULED]
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    assert await run(fakes) == after(hours=3, seconds=5)
    assert len(fakes.announcer.shown) == 1, "nothing new to show"


async def test_a_late_post_is_read_often_first_and_told_once(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 99

    assert await run(fakes) == after(seconds=10)
    fakes.clock.at = after(minutes=10)
    assert await run(fakes) == after(minutes=10, seconds=5)
    assert fakes.announcer.told == []
    fakes.clock.at = after(minutes=10, seconds=1)
    assert await run(fakes) == after(minutes=15, seconds=1)
    late = await stored(fakes)
    assert (late.state, late.detail) == (State.SCHEDULED, LATE)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    assert await run(fakes) == after(minutes=15, seconds=1)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]


async def test_a_late_post_that_comes_after_all_loses_its_remark(fakes: Fakes) -> None:
    await scheduled(fakes, detail=LATE)

    await run(fakes)
    assert (await stored(fakes)).detail == ""


async def test_after_a_day_it_is_looked_for_seldom_and_after_a_week_people_hear_that_it_ends(
    fakes: Fakes,
) -> None:
    await scheduled(fakes, detail=LATE)
    fakes.socialcrm.change("post_123", status="stuck")

    fakes.clock.at = after(hours=24)
    assert await run(fakes) == after(hours=24, minutes=5)
    fakes.clock.at = after(hours=24, seconds=1)
    assert await run(fakes) == after(hours=25, seconds=1)
    fakes.clock.at = after(days=7)
    assert await run(fakes) == after(days=7, hours=1)
    assert fakes.announcer.told == []
    fakes.clock.at = after(days=7, seconds=1)
    assert await run(fakes) is None
    stopped = await stored(fakes)
    assert (stopped.state, stopped.detail) == (
        State.SCHEDULED,
        "The bot has stopped looking a week after its time: see in SocialCRM whether it went out.",
    )
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    assert await run(fakes) is None
    assert fakes.announcer.people_told == [APPROVER, EDITOR]


@pytest.mark.parametrize("error", [SocialCRMUnreachableError(), UnauthorizedError()])
async def test_what_cannot_be_read_is_read_later(fakes: Fakes, error: ScrmError) -> None:
    await scheduled(fakes)
    fakes.socialcrm.refuse("get_post", error)

    assert await run(fakes) == after(seconds=10)
    assert (await stored(fakes)).state is State.SCHEDULED


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (SocialCRMUnreachableError(), "SocialCRM does not answer"),
        (SocialCRMAmbiguousError(), "SocialCRM does not answer"),
        (UnauthorizedError(), "SocialCRM does not accept the workspace's key (`/scrm connect`)"),
        (NotConnectedError(), "SocialCRM is not connected any more (`/scrm connect`)"),
        (ForbiddenScopeError(), "the workspace's key lacks the scope posts:read (`/scrm connect`)"),
        (ForbiddenScopeError(scope="p:r"), "the workspace's key lacks the scope p:r (`/scrm connect`)"),
        (RateLimitedError(), "too many calls wait for the key's turn"),
        (SocialCRMContractError(), "SocialCRM's answer could not be understood"),
        (PaymentRequiredError(), "SocialCRM refuses to show it"),
    ],
)
async def test_what_cannot_be_read_for_long_is_told_as_unread_and_why(
    fakes: Fakes, error: ScrmError, why: str
) -> None:
    await scheduled(fakes)
    fakes.socialcrm.refuse("get_post", error, times=4)

    await run(fakes)
    assert ((await stored(fakes)).unread_since, fakes.announcer.shown) == (after(seconds=5), [])
    fakes.clock.at = after(minutes=10, seconds=5)
    assert await run(fakes) == after(minutes=15, seconds=5)
    assert fakes.announcer.told == []
    fakes.clock.at = after(minutes=10, seconds=6)
    assert await run(fakes) == after(minutes=15, seconds=6)
    unread = await stored(fakes)
    assert unread.detail == (
        f"The post could not be read since Tue 1 Dec 2026, 09:00 Europe/Berlin: {why}. "
        "Whether it went out is not known."
    )
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    await run(fakes)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    assert [each.what for each in fakes.audit.entries] == ["could_not_be_read"]


async def test_what_can_be_read_again_is_told_as_it_is(fakes: Fakes) -> None:
    await scheduled(fakes, detail="The post could not be read since …", unread_since=LATER)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 1

    fakes.clock.at = after(minutes=11)
    await run(fakes)
    late = await stored(fakes)
    assert (late.detail, late.unread_since) == (LATE, None)
    assert [each.what for each in fakes.audit.entries] == ["late"]
    await run(fakes)
    done = await stored(fakes)
    assert (done.state, done.detail, done.unread_since) == (State.PUBLISHED, "", None)


async def test_a_short_time_without_reading_is_forgotten(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 1

    await run(fakes)
    assert await run(fakes) == after(seconds=10)
    assert (await stored(fakes)).unread_since is None
    assert fakes.announcer.shown == []


async def test_a_post_without_a_status_is_followed_by_its_times(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", status="unknown", published_at=LATER)

    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED


@pytest.mark.parametrize(("confirmed_at", "at"), [(None, LATER), (None, None)])
async def test_without_a_time_read_back_the_one_asked_for_counts(
    fakes: Fakes, confirmed_at: datetime | None, at: datetime | None
) -> None:
    await scheduled(fakes, confirmed_at=confirmed_at, at=at, created_at=LATER)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())

    assert await run(fakes) == after(seconds=10)


async def test_a_scheduled_post_without_any_time_is_late(fakes: Fakes) -> None:
    await scheduled(fakes)
    fakes.socialcrm.change("post_123", scheduled_at=None)

    assert await run(fakes) == after(seconds=10)


async def test_a_request_that_moved_on_is_not_followed(fakes: Fakes) -> None:
    await scheduled(fakes, state=State.PUBLISHED)

    assert await run(fakes) is None
    assert fakes.socialcrm.calls == []
    assert fakes.announcer.states == [State.PUBLISHED]


async def test_a_request_that_is_gone_is_not_followed(fakes: Fakes) -> None:
    assert await run(fakes) is None


async def test_after_a_conflict_it_looks_again(fakes: Fakes) -> None:
    await scheduled(fakes)
    save = fakes.approvals.save

    async def slower(approval: Approval, **more: object) -> Approval:
        fakes.approvals.save = save  # type: ignore[method-assign]
        raise ApprovalConflictError

    fakes.approvals.save = slower  # type: ignore[method-assign]
    assert await run(fakes) == after(seconds=5)
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED


@pytest.mark.parametrize("is_the_bots", [True, False], ids=["by the bot", "in SocialCRM itself"])
async def test_a_post_that_another_key_does_not_show_is_told_as_not_known(
    fakes: Fakes, *, is_the_bots: bool
) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=NOW)
    attempt = an_attempt(key=mine.fingerprint) if is_the_bots else None
    await scheduled(fakes, attempt=attempt, key="" if is_the_bots else mine.fingerprint)
    await fakes.vault.store(Secret("sk-other-2222"), by=ADMIN, at=NOW)
    fakes.socialcrm.posts.clear()

    await run(fakes)
    fakes.clock.at = after(minutes=11)
    assert await run(fakes) is not None
    found = await stored(fakes)
    assert found.state is State.SCHEDULED
    assert found.detail.endswith(
        "another key is connected by now, and it does not show the post. Whether it went out is not known."
    )
