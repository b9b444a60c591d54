from datetime import datetime

import pytest

from scrm_bot.domain.traces import UNTOLD
from scrm_bot.views import posts
from scrm_bot.views.words import moment, when
from tests.builders import LATER, NOW, a_post, accounts
from tests.unit.slack.deeds import labels

DRAFTS = ["Ask for approval", "Schedule", "Edit", "Attach", "Delete"]


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("Draft", DRAFTS),
        ("DRAFT", DRAFTS),
        ("FAILED", DRAFTS),
        (UNTOLD, DRAFTS),
        ("Published", ["Stats"]),
        ("Publishing", ["Stats"]),
        ("SCHEDULED", ["Delete"]),
        ("in_review", ["Stats", "Delete"]),
    ],
)
def test_a_status_means_the_same_in_any_letter_case(status: str, offered: list[str]) -> None:
    assert labels(posts.card(a_post(status=status), accounts=accounts())) == offered


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("SCHEDULED", "🗓️ *Scheduled*"),
        ("Published", "🟢 *Published*"),
        ("in_review", "▫️ *In review*"),
        (UNTOLD, "▫️ *Status not told*"),
        ("", "▫️ *No status*"),
    ],
)
def test_a_status_is_shown_with_its_sign(status: str, said: str) -> None:
    assert posts.status_of(a_post(status=status)) == said


@pytest.mark.parametrize(
    ("status", "published_at", "said"),
    [
        ("published", NOW, f"🟢 *Published* {moment(NOW)}"),
        ("published", None, f"🟢 *Published*, planned for {when(LATER)}"),
        ("scheduled", NOW, f"🗓️ *Scheduled* for {when(LATER)}"),
        ("posted", NOW, f"▫️ *Posted* {moment(NOW)}"),
        ("posted", None, f"▫️ *Posted* for {when(LATER)}"),
    ],
)
def test_a_time_is_told_as_what_it_is(status: str, published_at: datetime | None, said: str) -> None:
    assert posts.status_of(a_post(status=status, published_at=published_at, scheduled_at=LATER)) == said


def test_a_post_without_a_status_is_what_its_times_tell() -> None:
    assert "Published" in posts.status_of(a_post(status=UNTOLD, published_at=LATER))
    assert labels(posts.card(a_post(status=UNTOLD, scheduled_at=LATER), accounts=())) == ["Delete"]
