"""Days in a zone, what stands in them, and what gets in the way of what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.approvals import State
from scrm_bot.domain.calendar import Entry, Mark, Span, Stand, marks, of_post, of_request
from scrm_bot.domain.clashes import ClashKind
from tests.builders import LATER, NOW, a_post, an_approval

HOUR = timedelta(hours=1)


def an_entry(post_id: str, at: datetime = LATER, stand: Stand = Stand.SCHEDULED, **more: Any) -> Entry:
    return Entry(post_id, at, stand, **{"account_ids": ("acct_1",), **more})


@pytest.mark.parametrize(
    ("zone", "first", "begins", "hours"),
    [
        ("UTC", date(2026, 11, 30), datetime(2026, 11, 30, tzinfo=UTC), 24),
        ("Europe/Berlin", date(2026, 11, 30), datetime(2026, 11, 29, 23, tzinfo=UTC), 24),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23),  # no midnight
    ],
)
def test_a_day_is_as_long_as_it_is_there(zone: str, first: date, begins: datetime, hours: int) -> None:
    span = Span(first, 1, zone)

    assert span.begins == begins
    assert span.ends - span.begins == hours * HOUR
    assert span.holds(span.begins)
    assert not span.holds(span.ends)
    assert span.holds(span.ends, around=HOUR)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([1, 7]), st.integers(-60, 60))
def test_spans_follow_each_other_without_a_gap(first: date, days: int, by: int) -> None:
    span = Span(first, days, "Europe/Berlin").moved(by)

    assert span.ends == span.moved(1).begins
    assert span.moved(1).moved(-1) == span
    assert span.last == span.moved(1).first - timedelta(days=1)


@pytest.mark.parametrize("by", [-(10**5), 10**5])
def test_a_calendar_has_its_ends(by: int) -> None:
    assert Span(date(2026, 1, 1), 7, "UTC").moved(by).begins.year in {2000, 2999}


@pytest.mark.parametrize(
    ("status", "stand"),
    [
        ("scheduled", Stand.SCHEDULED),
        ("Scheduled", Stand.SCHEDULED),
        ("publishing", Stand.PUBLISHING),
        ("published", Stand.PUBLISHED),
        ("failed", Stand.FAILED),
    ],
)
def test_a_post_stands_where_socialcrm_has_it(status: str, stand: Stand) -> None:
    post = a_post(status=status, scheduled_at=LATER, published_at=NOW)

    entry = of_post(post)

    assert entry
    assert entry.stand is stand
    assert entry.at == (NOW if stand is Stand.PUBLISHED else LATER)


@pytest.mark.parametrize(
    ("status", "scheduled_at", "at"), [("published", LATER, LATER), ("scheduled", None, None)]
)
def test_only_what_went_out_stands_where_the_other_time_is(
    status: str, scheduled_at: datetime | None, at: datetime | None
) -> None:
    published_at = None if scheduled_at else NOW

    entry = of_post(a_post(status=status, scheduled_at=scheduled_at, published_at=published_at))

    assert (entry.at if entry else None) == at


@pytest.mark.parametrize(
    "changes", [{"status": "draft", "scheduled_at": LATER}, {"status": "scheduled"}, {"status": "in_review"}]
)
def test_what_has_no_time_has_no_place(changes: dict[str, Any]) -> None:
    assert of_post(a_post(**changes)) is None


@pytest.mark.parametrize(
    ("state", "stand"),
    [
        (State.PENDING, Stand.WAITING),
        (State.ON_HOLD, Stand.HELD),
        (State.APPROVED, Stand.APPROVED),
        (State.SCHEDULING, Stand.APPROVED),
        (State.UNKNOWN, Stand.APPROVED),
        (State.SCHEDULED, Stand.SCHEDULED),
    ],
)
def test_a_request_stands_at_the_time_it_asks_for(state: State, stand: Stand) -> None:
    entry = of_request(an_approval(at=LATER, state=state))

    assert entry
    assert (entry.at, entry.stand) == (LATER, stand)


@pytest.mark.parametrize("state", [State.REJECTED, State.VOID, State.PUBLISHED, State.FAILED])
def test_a_request_that_ended_has_no_place(state: State) -> None:
    assert of_request(an_approval(at=LATER, state=state)) is None


def test_a_request_without_a_time_has_no_place() -> None:
    assert of_request(an_approval()) is None


def test_what_socialcrm_moved_stands_where_it_was_moved_to() -> None:
    entry = of_request(an_approval(at=LATER, state=State.SCHEDULED, confirmed_at=NOW))

    assert entry
    assert entry.at == NOW


def test_the_same_account_within_the_hour_is_marked_at_both() -> None:
    near = an_entry("b", LATER + HOUR)

    found = marks([an_entry("a"), near, an_entry("c", LATER + 3 * HOUR)])

    assert found == {
        "a": (Mark(ClashKind.SAME_HOUR, near.at),),
        "b": (Mark(ClashKind.SAME_HOUR, LATER),),
    }


def test_the_nearest_is_named() -> None:
    entries = [an_entry("a"), an_entry("b", LATER + HOUR), an_entry("c", LATER + HOUR / 2)]

    assert marks(entries)["a"] == (Mark(ClashKind.SAME_HOUR, LATER + HOUR / 2),)
    assert marks(entries)["b"] == (Mark(ClashKind.SAME_HOUR, LATER + HOUR / 2),)


@pytest.mark.parametrize(
    "other",
    [
        an_entry("b", account_ids=("acct_2",)),
        an_entry("b", LATER + 2 * HOUR),
        an_entry("b", stand=Stand.FAILED),
        an_entry("b", stand=Stand.PUBLISHED),
        an_entry("b", LATER + timedelta(days=8), words="same"),
    ],
)
def test_what_is_in_nobodys_way_is_not_marked(other: Entry) -> None:
    assert marks([an_entry("a", words="same"), other]) == {}


@pytest.mark.parametrize("stand", [Stand.PUBLISHED, Stand.WAITING, Stand.HELD])
def test_the_same_text_is_marked_however_it_is_spaced(stand: Stand) -> None:
    one = of_post(a_post(id="a", status="scheduled", scheduled_at=LATER, body="Open  on\nSunday"))
    two = of_request(an_approval(post_id="b", at=LATER + 5 * HOUR, body="open on sunday"))
    assert one
    assert two
    told = an_entry("b", two.at, stand, words=two.words)

    assert marks([one, told])["a"] == (Mark(ClashKind.SAME_TEXT, two.at),)


def test_two_that_went_out_are_in_nobodys_way() -> None:
    both = [an_entry(post_id, stand=Stand.PUBLISHED, words="same") for post_id in "ab"]

    assert marks(both) == {}


def test_no_text_is_not_the_same_text() -> None:
    empty = [of_post(a_post(id=each, status="scheduled", body=" ", scheduled_at=LATER)) for each in "ab"]

    found = marks([entry for entry in empty if entry])

    assert {mark.kind for each in found.values() for mark in each} == {ClashKind.SAME_HOUR}
