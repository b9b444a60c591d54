"""What a post may get in the way of."""

from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.clashes import Asked, Clash, ClashKind, clashes
from scrm_bot.domain.posts import Post
from tests.builders import LATER, NOW, a_content, a_post

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def found(*others: Post, **content: Any) -> tuple[Clash, ...]:
    return clashes(a_content(**{"at": LATER} | content), others, post_id="post_123", now=NOW)


def planned(post_id: str = "post_7", **changes: Any) -> Post:
    return a_post(
        **{"id": post_id, "status": "scheduled", "body": "Other words", "scheduled_at": LATER} | changes
    )


def out(**changes: Any) -> Post:
    return a_post(**{"id": "post_8", "status": "published", "published_at": NOW - DAY} | changes)


@pytest.mark.parametrize("away", [-HOUR, -MINUTE, timedelta(), HOUR])
def test_another_post_of_the_account_within_the_hour(away: timedelta) -> None:
    (clash,) = found(planned(scheduled_at=LATER + away))

    assert clash == Clash(ClashKind.SAME_HOUR, "post_7", LATER + away, ("acct_1",))


@pytest.mark.parametrize(
    "other",
    [
        planned(scheduled_at=LATER + HOUR + MINUTE),
        planned(scheduled_at=LATER - HOUR - MINUTE),
        planned(scheduled_at=None),
        planned(account_ids=("acct_2",)),
        planned("post_123"),
        planned(status="draft"),
        out(body="Other words", published_at=LATER - MINUTE),
    ],
)
def test_what_is_no_clash_of_times(other: Post) -> None:
    assert found(other) == ()


def test_only_the_accounts_of_both_are_named() -> None:
    (clash,) = found(
        planned(account_ids=("acct_3", "acct_2", "acct_1")), account_ids=("acct_4", "acct_3", "acct_1")
    )

    assert clash.accounts == ("acct_1", "acct_3")


def test_a_post_to_publish_goes_out_about_now() -> None:
    assert len(found(planned(scheduled_at=NOW + HOUR), at=None)) == 1
    assert found(planned(scheduled_at=LATER), at=None) == ()


@pytest.mark.parametrize("body", ["Launch day is here.", " launch  day is\nHERE. "])
def test_the_same_words_planned_for_another_day(body: str) -> None:
    other = planned(body=body, scheduled_at=LATER + 9 * DAY, account_ids=("acct_2",))

    assert found(other) == (Clash(ClashKind.SAME_TEXT, "post_7", LATER + 9 * DAY),)


def test_the_same_words_planned_without_a_time_that_is_told() -> None:
    (clash,) = found(planned(body="Launch day is here.", scheduled_at=None))

    assert (clash.kind, clash.at, clash.accounts) == (ClashKind.SAME_TEXT, None, ("acct_1",))


def test_the_same_words_that_went_out_a_short_while_ago() -> None:
    (clash,) = found(out(published_at=NOW - 7 * DAY))

    assert clash == Clash(ClashKind.SAME_TEXT, "post_8", NOW - 7 * DAY, ("acct_1",), published=True)


def test_without_a_time_of_its_own_a_post_went_out_when_it_was_planned() -> None:
    (clash,) = found(out(published_at=None, scheduled_at=NOW - DAY))

    assert clash == Clash(ClashKind.SAME_TEXT, "post_8", NOW - DAY, ("acct_1",), published=True)


@pytest.mark.parametrize(
    "other",
    [
        out(published_at=NOW - 7 * DAY - MINUTE),
        out(published_at=None),
        out(published_at=None, scheduled_at=NOW - 7 * DAY - MINUTE),
        out(published_at=None, scheduled_at=LATER),
        out(body="Launch day is near."),
        a_post(id="post_9"),
        a_post(id="post_9", status="failed"),
    ],
)
def test_what_is_no_clash_of_words(other: Post) -> None:
    assert found(other) == ()


def test_two_posts_without_words_do_not_say_the_same() -> None:
    assert found(out(body=" "), body="") == ()


def test_a_few_are_told_the_nearest_first() -> None:
    others = [planned(f"post_{n}", scheduled_at=LATER + timedelta(minutes=n)) for n in (50, 10, 40, 20, 30)]
    before = planned("post_5", scheduled_at=LATER - timedelta(minutes=5))

    assert [clash.post_id for clash in found(*others, before)] == ["post_5", "post_10", "post_20"]


def test_the_status_counts_in_any_letter_case() -> None:
    assert found(planned(status="Scheduled"))


def asked(post_id: str = "post_9", **changes: Any) -> Asked:
    return Asked(post_id, a_content(**{"body": "Other words", "at": LATER} | changes))


def found_asked(*others: Asked, posts: tuple[Post, ...] = (), **content: Any) -> tuple[Clash, ...]:
    wanted = a_content(**{"at": LATER} | content)
    return clashes(wanted, posts, post_id="post_123", now=NOW, asked=others)


def test_a_request_of_the_account_within_the_hour() -> None:
    (clash,) = found_asked(asked(at=LATER + HOUR))

    assert clash == Clash(ClashKind.SAME_HOUR, "post_9", LATER + HOUR, ("acct_1",), asked=True)


def test_the_same_words_are_asked_for_too_whatever_the_time() -> None:
    (clash,) = found_asked(asked(body="launch  day IS here.", at=LATER + DAY, account_ids=("acct_2",)))

    assert clash == Clash(ClashKind.SAME_TEXT, "post_9", LATER + DAY, (), asked=True)


def test_two_that_go_out_once_they_are_approved_are_near_each_other() -> None:
    (clash,) = found_asked(asked(at=None), at=None)

    assert (clash.kind, clash.at) == (ClashKind.SAME_HOUR, None)


@pytest.mark.parametrize(
    "other",
    [asked("post_123"), asked(at=LATER + HOUR + MINUTE), asked(account_ids=("acct_2",)), asked(at=None)],
)
def test_what_is_no_clash_of_requests(other: Asked) -> None:
    assert found_asked(other) == ()


def test_a_post_that_is_planned_is_told_once_by_its_plan() -> None:
    (clash,) = found_asked(asked("post_7"), posts=(planned("post_7"),))

    assert clash.asked is False
