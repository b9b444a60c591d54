"""The calendar's look: what SocialCRM has, what the bot was asked for, bounded among thousands."""

from datetime import date, timedelta

import pytest

from scrm_bot.domain.approvals import State, Step
from scrm_bot.domain.calendar import SHOWN, Calendar, Span, Stand
from scrm_bot.domain.clashes import ClashKind
from scrm_bot.domain.posts import Post
from scrm_bot.usecases import calendar
from tests.builders import a_post, an_approval
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

WEEK = Span(date(2026, 11, 30), 7, "Europe/Berlin")  # START is its Monday, 10:00 there
HOUR = timedelta(hours=1)
MOST_CALLS = 20


def planned(post_id: str, hours: float, **more: object) -> Post:
    return a_post(id=post_id, status="scheduled", scheduled_at=START + hours * HOUR, **more)


def thousands(fakes: Fakes, count: int = 10_000, *, every: int = 1) -> Fakes:
    """Every so-many-th of this many posts is planned within the hour after tomorrow."""

    def made(number: int) -> Post:
        body = f"{number} ".ljust(2_000, "x")
        if number % every:
            return a_post(id=f"post_{number}", body=body)
        return planned(f"post_{number}", 24 + number / count, body=body, account_ids=(f"acct_{number}",))

    async def listed(*, limit: int = 20, offset: int = 0) -> list[Post]:
        fakes.socialcrm.calls.append(("list_posts", ""))
        return [made(number) for number in range(offset + 1, min(offset + limit, count) + 1)]

    fakes.socialcrm.list_posts = listed  # type: ignore[method-assign]
    return fakes


def stands(found: Calendar) -> dict[str, Stand]:
    return {entry.post_id: entry.stand for entry in found.entries}


async def test_the_days_are_those_of_the_zone(fakes: Fakes) -> None:
    assert calendar.today(fakes.workspace, "Europe/Berlin") == date(2026, 11, 30)
    fakes.clock.advance(hours=14.5)
    assert calendar.today(fakes.workspace, "Europe/Berlin") == date(2026, 12, 1)
    assert calendar.today(fakes.workspace, "UTC") == date(2026, 11, 30)


async def test_what_is_planned_is_told_apart_from_what_waits() -> None:
    fakes = some_fakes(planned("post_1", 3), a_post(id="post_2"), a_post(id="post_3"))
    await fakes.approvals.add(an_approval(id="apr_2", post_id="post_2", at=START + 5 * HOUR))
    held = an_approval(id="apr_3", post_id="post_3", at=START + 6 * HOUR, state=State.ON_HOLD)
    await fakes.approvals.add(held)
    await fakes.approvals.add(an_approval(id="apr_4", post_id="post_4"))

    found = await calendar.look(fakes.workspace, WEEK)

    assert stands(found) == {"post_1": Stand.SCHEDULED, "post_2": Stand.WAITING, "post_3": Stand.HELD}
    assert (found.total, found.untimed, found.is_all) == (3, 1, True)


@pytest.mark.parametrize(
    ("hours", "inside"), [(-10.01, False), (-9.99, True), (157.99, True), (158.01, False)]
)
async def test_a_week_is_seven_days_where_the_person_is(hours: float, inside: object) -> None:
    fakes = some_fakes(a_post(id="a", status="published", published_at=START + hours * HOUR))

    assert bool((await calendar.look(fakes.workspace, WEEK)).entries) == inside


async def test_what_socialcrm_says_now_counts() -> None:
    fakes = some_fakes(planned("post_1", 3), a_post(id="post_2"), planned("post_3", 4, body="Moved"))
    for number in (1, 2, 3, 4):
        state = State.SCHEDULED if number > 1 else State.SCHEDULING
        at = START + 2 * HOUR
        await fakes.approvals.add(
            an_approval(id=f"apr_{number}", post_id=f"post_{number}", at=at, state=state)
        )

    found = await calendar.look(fakes.workspace, WEEK)

    assert stands(found) == {
        "post_4": Stand.SCHEDULED,  # too old to be among those looked at
        "post_1": Stand.SCHEDULED,
        "post_3": Stand.SCHEDULED,
    }
    assert [entry.at for entry in found.entries] == [START + hours * HOUR for hours in (2, 3, 4)]


async def test_a_failed_post_that_is_asked_for_again_waits() -> None:
    fakes = some_fakes(planned("post_1", -2))
    fakes.socialcrm.change("post_1", status="failed")
    await fakes.approvals.add(an_approval(post_id="post_1", at=START + HOUR))

    assert stands(await calendar.look(fakes.workspace, WEEK)) == {"post_1": Stand.WAITING}


async def test_a_neighbour_outside_the_days_is_still_in_the_way() -> None:
    day = Span(WEEK.first, 1, WEEK.zone)
    fakes = some_fakes(planned("a", 13.5, body="One"), planned("b", 14.2, body="Two"))  # 23:30 and 00:12

    found = await calendar.look(fakes.workspace, day)

    assert list(stands(found)) == ["a"]
    assert [mark.kind for mark in found.marks["a"]] == [ClashKind.SAME_HOUR]


async def test_a_full_day_is_shown_in_parts_without_looking_again() -> None:
    fakes = thousands(some_fakes(), 60)
    first = await calendar.look(fakes.workspace, WEEK)

    second = await calendar.look(fakes.workspace, WEEK, skip=SHOWN, key=first.key)
    third = await calendar.look(fakes.workspace, WEEK, skip=2 * SHOWN, key=second.key)

    assert [len(each.entries) for each in (first, second, third)] == [25, 25, 10]
    assert [each.left for each in (first, second, third)] == [35, 10, 0]
    assert fakes.socialcrm.count("list_posts") == 2
    assert len({entry.post_id for each in (first, second, third) for entry in each.entries}) == 60


async def test_a_look_that_is_not_kept_any_more_is_made_anew() -> None:
    fakes = some_fakes(planned("a", 3))

    found = await calendar.look(fakes.workspace, WEEK, key="k_gone")

    assert list(stands(found)) == ["a"]


async def test_among_ten_thousand_a_look_is_bounded_and_says_so() -> None:
    fakes = thousands(some_fakes())

    found = await calendar.look(fakes.workspace, WEEK)

    assert fakes.socialcrm.count("list_posts") <= MOST_CALLS
    assert (found.looked, found.is_all) == (950, False)
    assert len(found.entries) == SHOWN
    assert found.total == 500
    assert sum(map(len, fakes.memory.kept.values())) < 500 * 600


async def test_among_ten_thousand_everything_is_found_by_looking_further() -> None:
    fakes = thousands(some_fakes(), every=1_000)
    found, clicks, most = await calendar.look(fakes.workspace, WEEK), 0, 0
    while not found.is_all:
        before = fakes.socialcrm.count("list_posts")
        found = await calendar.look(fakes.workspace, WEEK, key=found.key, further=True)
        most = max(most, fakes.socialcrm.count("list_posts") - before)
        clicks += 1

    assert found.total == 10
    assert most <= MOST_CALLS
    assert clicks == 10


async def test_looking_further_forgets_what_no_longer_waits() -> None:
    fakes = thousands(some_fakes(), 1_000, every=5_000)
    approval = await fakes.approvals.add(an_approval(post_id="post_x", at=START + HOUR))
    first = await calendar.look(fakes.workspace, WEEK)
    await fakes.approvals.save(approval.moved(Step.WITHDRAW))

    further = await calendar.look(fakes.workspace, WEEK, key=first.key, further=True)

    assert stands(first) == {"post_x": Stand.WAITING}
    assert stands(further) == {}
