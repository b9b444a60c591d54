"""/scrm status"""

import pytest

from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
)
from scrm_bot.domain.limits import BudgetState, Limits
from tests.builders import NOW
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import said, told


async def test_status_tells_what_is_used_who_waits_and_what_was_refused(fakes: Fakes) -> None:
    budget = BudgetState(used=123, people=1, background=34, pause=11.5, refused=95.0)
    fakes.limits.stands = Limits(budget, {"POST /ai/rewrite": NOW})

    shown = said(await told(fakes, "status"))

    assert "used 123/600 in the last 60 seconds" in shown
    assert "1 person and 34 background calls" in shown
    assert "stopped for another 12 seconds" in shown
    assert "95 seconds ago" in shown
    assert "POST /ai/rewrite" in shown


async def test_quiet_limits_are_said_to_be_quiet(fakes: Fakes) -> None:
    shown = said(await told(fakes, "status"))

    assert "*Waiting for a turn:* nobody" in shown
    assert "none in the last day" in shown


async def test_status_without_its_limits_shows_the_rest(fakes: Fakes) -> None:
    fakes.limits.raises = StoreUnavailableError("gone")

    shown = said(await told(fakes, "status"))

    assert "Connected" in shown
    assert "Requests" not in shown


async def test_without_a_key_there_are_no_limits_to_tell() -> None:
    assert "Requests" not in said(await told(some_fakes(), "status"))


@pytest.mark.parametrize(
    "error",
    [
        BudgetExhaustedError(retry_in=30),
        RateLimitedError(retry_in=30),
        SocialCRMUnreachableError("ClientConnectorError"),
        SocialCRMAmbiguousError("answered 502"),
    ],
)
async def test_what_keeps_a_key_from_being_tried_says_nothing_against_it(
    fakes: Fakes, error: ScrmError
) -> None:
    fakes.socialcrm.refuse("list_posts", error)

    shown = said(await told(fakes, "status"))

    assert "A key is stored" in shown
    assert "could not be tried just now" in shown
    assert "does not work" not in shown


async def test_a_key_that_socialcrm_refuses_is_said_not_to_work(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_posts", UnauthorizedError("Revoked."))

    assert "does not work" in said(await told(fakes, "status"))
