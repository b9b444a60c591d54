"""What a post, as read, says about a call: done, under way, broken, not done, or nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.traces import UNTOLD, Seen, Trace, is_known, out_at, seen, trace_of, with_answer, word
from scrm_bot.socialcrm import wire
from tests.builders import LATER, NOW, a_post

DRAFT = Trace("draft", NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("changes", "before", "expected"),
    [
        ({"status": "published"}, DRAFT, Seen.DONE),
        ({"status": "publishing"}, DRAFT, Seen.RUNNING),
        ({"status": "scheduled"}, DRAFT, Seen.RUNNING),
        ({}, DRAFT, Seen.NOT_DONE),
        ({}, None, Seen.NOT_DONE),
        ({"published_at": NOW}, DRAFT, Seen.UNCLEAR),
        ({"published_at": NOW}, None, Seen.UNCLEAR),
        ({"published_at": NOW}, Trace("draft", published_at=NOW), Seen.NOT_DONE),
        ({"scheduled_at": LATER}, DRAFT, Seen.NOT_DONE),
        ({"status": "failed"}, DRAFT, Seen.BROKEN),
        ({"status": "failed"}, None, Seen.BROKEN),
        ({"status": "failed", "error": "No."}, Trace("failed", DRAFT.updated_at, error="No."), Seen.NOT_DONE),
        ({"status": "failed", "error": "New."}, Trace("failed", DRAFT.updated_at, error="No."), Seen.BROKEN),
        ({"status": "failed", "updated_at": NOW}, Trace("failed", DRAFT.updated_at), Seen.BROKEN),
        ({"status": "In_Review"}, Trace("in_review"), Seen.NOT_DONE),
        ({"status": "in_review", "published_at": NOW}, Trace("in_review"), Seen.UNCLEAR),
        ({"status": "in_review"}, DRAFT, Seen.UNCLEAR),
        ({"status": "in_review"}, None, Seen.UNCLEAR),
        ({"status": UNTOLD}, Trace(UNTOLD), Seen.UNCLEAR),
        ({"status": UNTOLD, "published_at": NOW}, Trace(UNTOLD), Seen.DONE),
        ({"status": UNTOLD, "scheduled_at": LATER}, Trace(UNTOLD), Seen.RUNNING),
        ({"status": ""}, None, Seen.UNCLEAR),
    ],
)
def test_a_post_after_a_call_to_publish_it(
    changes: dict[str, Any], before: Trace | None, expected: Seen
) -> None:
    assert seen(a_post(**changes), to_schedule=False, before=before) is expected


@pytest.mark.parametrize(
    ("changes", "before", "expected"),
    [
        ({"status": "scheduled"}, DRAFT, Seen.DONE),
        ({"status": UNTOLD, "scheduled_at": LATER}, Trace(UNTOLD), Seen.DONE),
        ({"scheduled_at": LATER}, DRAFT, Seen.UNCLEAR),
        ({"scheduled_at": LATER}, Trace("draft", scheduled_at=LATER), Seen.NOT_DONE),
        ({}, DRAFT, Seen.NOT_DONE),
    ],
)
def test_a_post_after_a_call_to_schedule_it(
    changes: dict[str, Any], before: Trace | None, expected: Seen
) -> None:
    assert seen(a_post(**changes), to_schedule=True, before=before) is expected


def test_a_trace_is_all_that_a_call_could_change() -> None:
    post = a_post(status="Failed", scheduled_at=LATER, published_at=NOW, error="No.")

    assert trace_of(post) == Trace("failed", post.updated_at, LATER, NOW, "No.")


@pytest.mark.parametrize(
    ("status", "published_at", "answered", "told"),
    [
        ("draft", None, "published", "draft"),
        (UNTOLD, None, "published", "published"),
        (UNTOLD, None, UNTOLD, UNTOLD),
        (UNTOLD, NOW, "draft", "published"),
    ],
)
def test_an_answer_counts_only_where_reading_tells_nothing(
    status: str, published_at: datetime | None, answered: str, told: str
) -> None:
    read = a_post(status=status, published_at=published_at)

    assert word(with_answer(read, a_post(status=answered, body="Not from here."))) == told
    assert with_answer(read, a_post(status=answered, body="Not from here.")).body == read.body
    assert with_answer(read, None) == read


def test_a_word_is_known_or_none_at_all() -> None:
    assert [is_known(each) for each in ("Draft", "unknown", "queued")] == [True, True, False]
    assert wire.UNTOLD_STATUS == UNTOLD


@pytest.mark.parametrize(
    ("status", "published_at", "scheduled_at", "at"),
    [
        ("Published", NOW, LATER, NOW),
        ("published", None, LATER, LATER),
        ("published", None, None, None),
        ("scheduled", NOW, LATER, None),
        ("posted", NOW, LATER, NOW),
        ("queued", None, LATER, None),
        (UNTOLD, NOW, None, NOW),
        (UNTOLD, None, LATER, None),
    ],
)
def test_a_post_went_out_when_its_status_says_that_it_did(
    status: str, published_at: datetime | None, scheduled_at: datetime | None, at: datetime | None
) -> None:
    assert out_at(a_post(status=status, published_at=published_at, scheduled_at=scheduled_at)) == at


@pytest.mark.parametrize(
    ("published_at", "scheduled_at", "at"),
    [(None, LATER, None), (None, NOW, NOW), (NOW, LATER, NOW), (LATER, None, LATER), (None, None, None)],
)
def test_a_plan_that_is_still_ahead_tells_nothing_of_when_it_went_out(
    published_at: datetime | None, scheduled_at: datetime | None, at: datetime | None
) -> None:
    out = a_post(status="published", published_at=published_at, scheduled_at=scheduled_at)

    assert out_at(out, now=NOW) == at
