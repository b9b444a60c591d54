"""What the demo offers to go wrong, each played against the whole bot, from any state of the workspace."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scrm_bot.demo import run, story, troubles
from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.board import Trouble
from scrm_bot.demo.slack.screen import channel_in
from scrm_bot.demo.slack.wire import Json

BERLIN = ZoneInfo("Europe/Berlin")
OURS = ("SCRM_", "SLACK_", "SOCIALCRM_", "REDIS_URL")


@dataclass(frozen=True, slots=True)
class Theatre:
    """A demo in this process, with outages that are short."""

    demo: run.Demo

    async def play(self, trouble_id: str) -> Trouble:
        board = self.demo.slack.space.board
        trouble = {each.id: each for each in board.offered}[trouble_id]
        board.start(trouble_id)
        async with asyncio.timeout(60):
            while trouble.state == "playing":
                await self.demo.slack.space.hub.changed()
        return trouble

    async def see(self, trouble: Trouble, words: str) -> None:
        """Look at the message that the page would show, as whom it would, until it says this."""
        sight = trouble.sight
        assert sight

        def says(state: Json) -> bool:
            room = channel_in(state, sight.channel)
            return any(each["ts"] == sight.ts and words in labels.said(each) for each in room["messages"])

        await self.demo.slack.person(sight.user or "approver").wait_for(says, what=words)


@pytest.fixture
async def theatre(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Theatre]:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    async with AsyncExitStack() as stack:
        demo = await run.start(stack, port=0, undo_seconds=0.5, outage=0.5)
        await story.set_up(demo.slack, key=demo.key)
        yield Theatre(demo)


@pytest.mark.parametrize(
    ("trouble_id", "ending"),
    [
        ("edited", "The post was changed"),
        ("lost", "Published"),
        ("down", "Published"),
        ("revoked", "refused this workspace's key"),
        ("reminder", "Waiting for approval"),
        ("expiry", "Expired"),
    ],
)
async def test_each_trouble_ends_as_it_says_also_a_second_time(
    theatre: Theatre, trouble_id: str, ending: str
) -> None:
    for _ in range(2):
        trouble = await theatre.play(trouble_id)

        assert trouble.state == "played", trouble.steps
        await theatre.see(trouble, ending)
    assert theatre.demo.slack.faults == []
    assert max(theatre.demo.sandbox.sandbox.went_out.values(), default=0) <= 1
    assert list(theatre.demo.sandbox.sandbox.faults) == []


async def test_a_trouble_puts_a_workspace_right_that_is_paused_and_disconnected(theatre: Theatre) -> None:
    admin = theatre.demo.slack.person("admin")
    await admin.command("/scrm pause Stop")
    await admin.wait_for_message("Paused")
    await admin.command("/scrm disconnect")
    await admin.wait_for_modal("Disconnect")
    await admin.submit()
    await admin.wait_for_message("erased")

    trouble = await theatre.play("edited")

    assert trouble.state == "played", trouble.steps
    assert "Ada makes the workspace ready first." in trouble.steps


async def test_a_trouble_that_people_cannot_play_says_what_they_saw(theatre: Theatre) -> None:
    theatre.demo.sandbox.sandbox.faults.add("error", code="quota_exceeded", path="/v1/posts", times=None)

    trouble = await theatre.play("edited")

    assert trouble.state == "failed"
    assert "could not be played to its end" in trouble.steps[-1]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-24 10:30", "2026-11-24 10:30"),
        ("2026-11-24 17:00", "2026-11-25 09:00"),
        ("2026-11-27 22:10", "2026-11-30 09:00"),
        ("2026-11-29 12:00", "2026-11-30 09:00"),
        ("2026-10-25 01:30", "2026-10-26 09:00"),
    ],
)
def test_the_next_office_hour_is_on_a_working_day_by_the_wall_clock(now: str, then: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)

    found = troubles.next_office_hour(moment, BERLIN)

    assert f"{found:%Y-%m-%d %H:%M}" == then
