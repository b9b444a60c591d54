from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import NotFoundError, ScrmError, SocialCRMUnreachableError
from scrm_bot.domain.remarks import Remark
from scrm_bot.usecases import reporting
from scrm_bot.usecases.outcomes import Timing
from tests.builders import LATER, a_card_ref, an_approved, metrics
from tests.fakes.workspace import Fakes

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
OUT = Remark()
NUMBERS = [metrics("acct_1", likes=3.0, engagement_rate=0.5), metrics("acct_2", likes=4.0)]
SUMMED = metrics("", likes=7.0)


async def published(fakes: Fakes, **changes: object) -> Approval:
    """A request that was scheduled for its time, and went out then."""
    fakes.clock.at = LATER
    fakes.socialcrm.post_numbers["post_123"] = NUMBERS
    changes = {"at": LATER, "confirmed_at": LATER, "card": a_card_ref(), "state": State.PUBLISHED, **changes}
    return await fakes.approvals.add(an_approved(**changes))


async def run(fakes: Fakes) -> datetime | None:
    return await reporting.report(fakes.workspace, "apr_1", timing=Timing())


async def test_a_scheduled_post_that_is_out_is_told_at_once_and_its_numbers_later(fakes: Fakes) -> None:
    await published(fakes)

    assert await run(fakes) == LATER + HOUR
    assert fakes.announcer.remarks == [OUT]
    fakes.clock.at = LATER + HOUR
    assert await run(fakes) == LATER + DAY
    assert fakes.announcer.remarks[1:] == [Remark(HOUR, SUMMED)]
    fakes.clock.at = LATER + DAY
    assert await run(fakes) is None
    assert fakes.announcer.remarks[2:] == [Remark(DAY, SUMMED)]
    assert (await fakes.approvals.get("apr_1")).remarks == 3
    assert fakes.audit.entries == []


async def test_of_a_post_that_went_out_at_once_only_its_numbers_are_told(fakes: Fakes) -> None:
    await published(fakes, at=None)

    assert await run(fakes) == LATER + HOUR
    assert fakes.announcer.remarks == []


async def test_after_a_long_rest_only_the_last_numbers_are_told(fakes: Fakes) -> None:
    await published(fakes)
    fakes.clock.at = LATER + 2 * DAY

    assert await run(fakes) is None
    assert fakes.announcer.remarks == [OUT, Remark(DAY, SUMMED)]


async def test_without_numbers_that_is_told(fakes: Fakes) -> None:
    await published(fakes, remarks=1)
    fakes.socialcrm.post_numbers.clear()
    fakes.clock.at = LATER + HOUR

    await run(fakes)

    assert fakes.announcer.remarks == [Remark(HOUR)]


async def test_numbers_that_cannot_be_read_are_told_when_they_can(fakes: Fakes) -> None:
    await published(fakes, remarks=1)
    fakes.clock.at = LATER + HOUR
    fakes.socialcrm.refuse("get_post_analytics", SocialCRMUnreachableError())

    assert await run(fakes) == LATER + HOUR + timedelta(minutes=5)
    assert fakes.announcer.remarks == []
    await run(fakes)
    assert fakes.announcer.remarks == [Remark(HOUR, SUMMED)]


@pytest.mark.parametrize(
    ("error", "late"), [(SocialCRMUnreachableError(), timedelta(hours=6, seconds=1)), (NotFoundError(), HOUR)]
)
async def test_numbers_that_never_come_are_left_out(fakes: Fakes, error: ScrmError, late: timedelta) -> None:
    await published(fakes, remarks=1)
    fakes.clock.at = LATER + HOUR + late
    fakes.socialcrm.refuse("get_post_analytics", error)

    assert await run(fakes) == LATER + DAY
    assert fakes.announcer.remarks == []


@pytest.mark.parametrize(("code", "again"), [("is_archived", HOUR), ("internal_error", timedelta(minutes=5))])
async def test_where_slack_takes_no_reply_it_comes_later_or_never(
    fakes: Fakes, code: str, again: timedelta
) -> None:
    await published(fakes)
    fakes.announcer.refuse(code)

    assert await run(fakes) == LATER + again


async def test_what_is_not_out_or_not_there_has_nothing_to_report(fakes: Fakes) -> None:
    assert await run(fakes) is None

    await published(fakes, state=State.SCHEDULED)
    assert await run(fakes) is None
    assert fakes.announcer.remarks == []
