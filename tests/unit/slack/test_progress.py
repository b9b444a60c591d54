"""A modal in place of another: what is ready is shown at once, the slow part when it comes."""

from typing import Any

from scrm_bot.domain.errors import QuotaExceededError
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Button, Click
from scrm_bot.slack.reply import Answers, UpdateModal
from tests.unit.slack.rig import Parts, a_click, a_rig

WORKING = {"type": "modal", "title": {"type": "plain_text", "text": "Working"}, "blocks": []}
READY = {"type": "modal", "title": {"type": "plain_text", "text": "Ready"}, "blocks": []}


async def shown_by(button: Button) -> list[Any]:
    """The views that a click on it shows, one after the other."""
    async with a_rig(Parts(buttons=(button,))) as rig:
        await rig.interact(a_click({"action_id": button.action_id, "value": "x"}))
        await rig.settled()
        return [(args["view_id"], args["view"]) for args in rig.slack.of("views.update")]


async def test_an_update_that_is_slow_shows_what_there_is_first() -> None:
    async def fill() -> dict[str, Any]:
        return READY

    async def run(_: Click, __: Workspace) -> Answers:
        return UpdateModal(WORKING, "V9", fill=fill)

    assert await shown_by(Button("retry", run)) == [("V9", WORKING), ("V9", READY)]


async def test_an_update_without_a_slow_part_is_one_update() -> None:
    async def run(_: Click, __: Workspace) -> Answers:
        return UpdateModal(READY, "V9")

    assert await shown_by(Button("retry", run)) == [("V9", READY)]


async def test_a_slow_part_that_fails_is_told_in_the_same_modal() -> None:
    async def fill() -> dict[str, Any]:
        raise QuotaExceededError(endpoint="POST /ai/rewrite")

    async def run(_: Click, __: Workspace) -> Answers:
        return UpdateModal(WORKING, "V9", fill=fill)

    _, (view_id, view) = await shown_by(Button("retry", run))

    assert view_id == "V9"
    assert "quota for AI rewriting" in str(view)
