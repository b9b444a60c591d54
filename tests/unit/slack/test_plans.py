"""What somebody wants of a draft, as it is kept, told and typed again."""

from datetime import UTC, datetime

import pytest

from scrm_bot.domain.when import When, read_when
from scrm_bot.slack import plans
from scrm_bot.slack.plans import Plan
from tests.builders import LATER
from tests.fakes.clock import START
from tests.unit.slack.deeds import a_caller, connected

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        (LATER, "Europe/Berlin"),
        (LATER, "America/New_York"),
        (LATER, "Asia/Kathmandu"),
        (LATER, ""),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin"),  # 02:30, the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin"),  # 02:30, the second time
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Berlin"),  # just after the gap
    ],
)
def test_what_is_proposed_means_the_same_moment_again(at: datetime, zone: str) -> None:
    proposed = Plan(at, zone).typed(now=BEFORE)

    assert read_when(proposed, now=BEFORE, zone="Pacific/Auckland").at == at


def test_a_time_that_has_passed_is_not_proposed() -> None:
    assert Plan(LATER, "UTC").typed(now=LATER) == ""


def test_without_a_time_there_is_nothing_to_propose_or_tell() -> None:
    assert (Plan().typed(now=START), Plan().told) == ("", "")


async def test_a_plan_is_kept_with_the_zone_it_was_typed_in() -> None:
    fakes = connected()

    kept = await plans.keep(fakes.workspace, "post_1", When(LATER, "Asia/Tokyo"), zone="UTC", note="Hurry")

    assert kept == Plan(LATER, "Asia/Tokyo", "Hurry")
    assert await plans.of(fakes.workspace, "post_1") == kept


@pytest.mark.parametrize("when", [None, When(None, "Europe/Berlin")])
async def test_without_a_time_the_zone_and_the_note_are_kept(when: When | None) -> None:
    fakes = connected()

    await plans.keep(fakes.workspace, "post_1", when, zone="Europe/Berlin", note="Hurry")

    assert await plans.of(fakes.workspace, "post_1") == Plan(None, "Europe/Berlin", "Hurry")


async def test_a_post_nobody_planned_has_an_empty_plan() -> None:
    assert await plans.of(connected().workspace, "post_123") == Plan()


async def test_asking_without_a_plan_tells_times_in_the_askers_zone() -> None:
    fakes = connected()

    await plans.ask(fakes.workspace, "post_123", a_caller(trigger_id="", message_ts="5.5"))

    assert fakes.announcer.shown[0].zone == "Europe/Berlin"
