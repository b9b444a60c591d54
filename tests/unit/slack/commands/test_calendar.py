"""/scrm calendar, and its buttons"""

from datetime import timedelta

import pytest

from scrm_bot.slack.reply import Reply
from tests.builders import a_post, an_approval
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import a_reply, click, connected, labels, said, told, value_of


@pytest.fixture
def planned() -> Fakes:
    """One today, one tomorrow, one next week; it is Monday, 10:00 in Berlin."""
    posts = {"Today.": 3, "Tomorrow.": 26, "Next week.": 24 * 7 + 1}
    return connected(
        *(
            a_post(id=body, body=body, status="scheduled", scheduled_at=START + timedelta(hours=hours))
            for body, hours in posts.items()
        )
    )


async def turned(fakes: Fakes, shown: Reply, label: str) -> Reply:
    """The button's page, in the place of the one that was there."""
    answer = a_reply(await click(fakes, f"calendar:{label.lower()}", value_of(shown, label)))
    assert answer.replace
    return answer


async def test_days_and_weeks_follow_each_other(planned: Fakes) -> None:
    today = await told(planned, "calendar today")
    tomorrow = await turned(planned, today, "Next")
    week = await turned(planned, today, "Week")
    following = await turned(planned, week, "Next")

    assert ("Today." in said(today), "Tomorrow." in said(today)) == (True, False)
    assert ("Today." in said(tomorrow), "Tomorrow." in said(tomorrow)) == (False, True)
    assert "Mon 30 Nov 2026 to Sun 6 Dec 2026. Times are in Europe/Berlin." in said(week)
    assert "Next week." in said(following)
    assert said(await turned(planned, following, "Previous")) == said(week)
    assert said(await turned(planned, week, "Day")) == said(today)


async def test_a_request_that_waits_is_no_scheduled_post(planned: Fakes) -> None:
    at = START + timedelta(hours=4)
    await planned.approvals.add(an_approval(post_id="post_9", at=at, body="Please."))

    shown = said(await told(planned, "calendar"))

    assert "*14:00*  ⏳ *Waits for approval*" in shown
    assert "*13:00*  🗓️ *Scheduled*" in shown
    assert "The same account has another one within the hour, at 13:00" in shown


async def test_a_full_week_has_more_and_a_long_list_has_further() -> None:
    posts = [
        a_post(id=f"post_{n}", status="scheduled", scheduled_at=START + timedelta(hours=n))
        for n in range(1, 961)
    ]
    fakes = connected(*posts)
    first = await told(fakes, "calendar")

    more = await turned(fakes, first, "More")
    further = a_reply(await click(fakes, "calendar:further", value_of(first, "Look further")))

    assert labels(first)[-5:] == ["Previous", "Next", "More", "Look further", "Day"]
    assert "newest 950 posts" in said(first)
    assert "Tue 1 Dec 2026" in said(more)
    assert "Look further" not in labels(further)


@pytest.mark.parametrize(
    "value",
    ["", "x", "7", "7:never:x:y:z", "9:2026-11-30", "7:0001-01-01:0::", "7:9999-12-31", ":::::::", "7:²"],
)
async def test_a_place_that_is_none_is_this_week(planned: Fakes, value: str) -> None:
    assert "Mon 30 Nov 2026 to Sun 6 Dec 2026" in said(await click(planned, "calendar:next", value))


async def test_an_endless_number_is_no_trouble(planned: Fakes) -> None:
    answer = await click(planned, "calendar:more", f"7:2026-11-30:{'9' * 1900}:k_1:")

    assert "Nothing is planned for these days" in said(answer)
