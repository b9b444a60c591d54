"""Text of Slack's with the names of people in it."""

import asyncio
from dataclasses import replace

import pytest

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Person
from scrm_bot.slack import seen
from scrm_bot.slack.seen import as_seen
from tests.fakes.people import FakePeople
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import connected


@pytest.fixture
def fakes() -> Fakes:
    return connected()


async def test_people_and_groups_are_named_and_what_is_escaped_is_not(fakes: Fakes) -> None:
    fakes.people.set("U0456", name="Ana & <Bo>")
    fakes.people.members["S1"] = frozenset()

    shown = await as_seen("<@U0456> ships the sale &amp; so do <!subteam^S1> and <@U2|cat>", fakes.workspace)

    assert shown == "@Ana & Bo ships the sale & so do @Group S1 and @cat"


async def test_somebody_without_a_name_stays_an_id(fakes: Fakes) -> None:
    fakes.people.set("U0456", name="")

    assert await as_seen("<@U0456> and <!subteam^S9>", fakes.workspace) == "@U0456 and @S9"


class Refusing(FakePeople):
    """Slack does not tell."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def get(self, user_id: str) -> Person:
        if user_id == "U1":
            raise self.error
        return await super().get(user_id)


async def test_one_name_that_slack_does_not_tell_leaves_the_others(fakes: Fakes) -> None:
    people = Refusing(SlackRefusedError("user_not_found", method="users.info"))

    assert await as_seen("<@U1> and <@U2>", replace(fakes.workspace, people=people)) == "@U1 and @U2"


async def test_a_fault_of_ours_is_not_hidden(fakes: Fakes) -> None:
    workspace = replace(fakes.workspace, people=Refusing(RuntimeError("ours")))

    with pytest.raises(RuntimeError, match="ours"):
        await as_seen("<@U1>", workspace)


async def test_names_are_not_waited_for_longer_than_a_window_can_be_opened(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(FakePeople):
        async def get(self, user_id: str) -> Person:
            await asyncio.Event().wait()
            raise AssertionError(user_id)

    monkeypatch.setattr(seen, "_WITHIN", 0.01)

    assert await as_seen("<@U1>", replace(fakes.workspace, people=Silent())) == "@U1"
