"""Answers that a handler gives while it works."""

from collections.abc import AsyncGenerator
from typing import Any

from scrm_bot.domain.errors import QuotaExceededError
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Modal, Submission
from scrm_bot.slack.reply import Answer, Answers, Progress, Reply, ShowView, UpdateModal
from scrm_bot.views.blocks import Message
from tests.unit.slack.rig import Parts, Rig, a_rig, a_submission

WORKING = {"type": "modal", "title": {"type": "plain_text", "text": "Working"}, "blocks": []}
HALF = {"type": "modal", "title": {"type": "plain_text", "text": "Half"}, "blocks": []}
READY = {"type": "modal", "title": {"type": "plain_text", "text": "Ready"}, "blocks": []}


class Work:
    """A modal whose work tells how far it is. `steps` is what it did."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.steps: list[str] = []

    async def run(self, submission: Submission, _: Workspace) -> Answers:
        return self._answers(submission.view_id)

    async def _answers(self, view_id: str) -> AsyncGenerator[Answer, None]:
        try:
            yield Progress(HALF, view_id)
            self.steps.append("half")
            if self.error:
                raise self.error
            yield Reply(Message("Done"))
            yield UpdateModal(READY, view_id)
            self.steps.append("ready")
        finally:
            self.steps.append("closed")

    @property
    def parts(self) -> Parts:
        return Parts(modals=(Modal("work", lambda _: ShowView(WORKING), self.run),))


async def submitted(rig: Rig) -> None:
    await rig.interact(a_submission("work"))
    await rig.settled()


def views(rig: Rig) -> list[Any]:
    return [args["view"] for args in rig.slack.of("views.update")]


async def test_each_is_sent_as_it_comes() -> None:
    work = Work()
    async with a_rig(work.parts) as rig:
        await submitted(rig)

        assert views(rig) == [HALF, READY]
        methods = [name for name, _ in rig.slack.calls if name.startswith(("views", "chat"))]
        assert methods[0] == "views.update"
        assert methods[-1] == "views.update"
        assert len(methods) == 3
    assert work.steps == ["half", "ready", "closed"]


async def test_the_work_goes_on_when_nobody_looks_any_more() -> None:
    work = Work()
    async with a_rig(work.parts) as rig:
        rig.slack.refuse("views.update", "not_found")

        await submitted(rig)

        assert views(rig) == [HALF, READY]
    assert work.steps == ["half", "ready", "closed"]


async def test_what_fails_on_the_way_is_told_in_the_modal_that_waits() -> None:
    work = Work(QuotaExceededError(endpoint="POST /media/upload-url"))
    async with a_rig(work.parts) as rig:
        await submitted(rig)

        shown = views(rig)
        assert shown[0] == HALF
        assert "quota for uploading media" in str(shown[1])
    assert work.steps == ["half", "closed"]


async def test_an_answer_that_slack_refuses_ends_the_work_tidily() -> None:
    work = Work()
    async with a_rig(work.parts) as rig:
        rig.slack.refuse("chat.postEphemeral", "user_not_in_channel")
        rig.slack.refuse("chat.postMessage", "is_archived")

        await submitted(rig)

        assert "archived" in str(views(rig)[-1])
    assert work.steps == ["half", "closed"]
