"""What can go wrong, on request: the board that pages see."""

import asyncio
import logging

import pytest

from scrm_bot.demo.slack.board import NotPlayedError, Sight, Tell, Trouble
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.screen import RefusedError
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.wire import Json

SIGHT = Sight("C0SOCIAL1", "1.000001")


async def play(person: Person, trouble_id: str = "storm") -> None:
    await person._line.do("trouble", {"id": trouble_id})


async def over(person: Person, state: str) -> Json:
    """The one trouble on offer, once it is in this state."""

    def find(seen: Json) -> Json | None:
        (trouble,) = seen["troubles"]
        return dict(trouble) if trouble["state"] == state else None

    return await person.wait_for(find)


def storm(slack: RunningSlack, *, missing: str = "") -> asyncio.Event:
    """Offers one trouble, which ends when the event is set."""
    end = asyncio.Event()

    async def until_told(tell: Tell) -> None:
        tell("It rains.")
        tell("It pours.", SIGHT)
        await end.wait()

    slack.offer([Trouble("storm", "A storm", "It rains, then it pours.", until_told, missing)])
    return end


async def test_a_trouble_tells_its_steps_while_it_plays(slack: RunningSlack, ed: Person) -> None:
    end = storm(slack)
    await play(ed)
    playing = await over(ed, "playing")
    end.set()
    played = await over(ed, "played")

    assert playing["steps"] == played["steps"] == ["It rains.", "It pours."]
    assert played["sight"] == {"channel": SIGHT.channel, "ts": SIGHT.ts, "user": ""}


async def test_one_trouble_is_played_at_a_time_and_each_again(slack: RunningSlack, ed: Person) -> None:
    end = storm(slack)
    await play(ed)
    await over(ed, "playing")
    with pytest.raises(RefusedError, match="One at a time"):
        await play(ed)
    end.set()
    await over(ed, "played")

    await play(ed)

    assert (await over(ed, "played"))["steps"] == ["It rains.", "It pours."]


async def test_what_cannot_be_played_here_says_why(slack: RunningSlack, ed: Person) -> None:
    storm(slack, missing="There is no sky.")

    with pytest.raises(RefusedError, match="no sky"):
        await play(ed)
    with pytest.raises(RefusedError, match="nothing of that name"):
        await play(ed, "earthquake")


async def test_a_trouble_that_could_not_be_shown_ends_with_the_reason(
    slack: RunningSlack, ed: Person
) -> None:
    async def fail(tell: Tell) -> None:
        tell("It rains.")
        raise NotPlayedError("The sun came out.")

    slack.offer([Trouble("storm", "A storm", "It rains.", fail)])
    await play(ed)

    assert (await over(ed, "failed"))["steps"] == ["It rains.", "The sun came out."]


async def test_a_fault_of_the_stand_in_is_logged_and_told(
    slack: RunningSlack, ed: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(tell: Tell) -> None:
        raise ZeroDivisionError

    slack.offer([Trouble("storm", "A storm", "It rains.", break_down)])
    with caplog.at_level(logging.ERROR):
        await play(ed)
        failed = await over(ed, "failed")

    assert "terminal" in failed["steps"][-1]
    assert "storm could not be played" in caplog.text


async def test_a_stand_in_that_stops_leaves_nothing_playing(slack: RunningSlack, ed: Person) -> None:
    end = storm(slack)
    await play(ed)
    await over(ed, "playing")

    await slack.space.board.stop()
    end.set()

    assert (await ed.state())["troubles"][0]["state"] == "playing"
