import pytest

from scrm_bot.domain.traces import UNTOLD
from scrm_bot.views import posts
from tests.builders import LATER, a_post, accounts
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


def test_a_post_without_a_status_is_what_its_times_tell() -> None:
    assert "Published" in posts.status_of(a_post(status=UNTOLD, published_at=LATER))
    assert labels(posts.card(a_post(status=UNTOLD, scheduled_at=LATER), accounts=())) == ["Delete"]
