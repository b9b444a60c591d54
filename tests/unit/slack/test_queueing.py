"""A wait for a turn is told, once, and the answer takes the note's place where it can."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from scrm_bot.domain.errors import SlackRefusedError, UsageError
from scrm_bot.domain.grammar import Line
from scrm_bot.slack.command import Caller, Click, Deed, HomeOpened, Invocation, Submission
from scrm_bot.slack.delivery import Delivery
from scrm_bot.slack.queueing import QueueNote
from scrm_bot.slack.reply import Answers, OpenModal, Reply
from scrm_bot.views.blocks import Message, View
from tests.unit.slack.rig import ECHO, TEAM, Parts, Rig, a_rig

MODAL: View = {"type": "modal", "blocks": []}
URL = "/response/1"


class Tracked:
    """Starts work and lets a test wait for it."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))


def a_note(rig: Rig, deed: Deed) -> tuple[QueueNote, Delivery, Tracked]:
    delivery, start = Delivery(rig.messenger), Tracked()
    return QueueNote(lambda seconds: delivery.tell_queued(deed, seconds), start), delivery, start


def a_command(rig: Rig, **parts: str) -> Invocation:
    url = f"{rig.slack.url}{URL}"
    return Invocation(Caller(TEAM, "UANN", channel="C1", response_url=url, **parts), Line("posts", "", {}))


async def test_a_wait_is_told_once_and_the_answer_takes_its_place() -> None:
    async with a_rig() as rig:
        deed = a_command(rig)
        note, delivery, _ = a_note(rig, deed)

        note(11.2)
        note(5.0)
        await delivery.send(deed, [Reply(Message("Posts")), Reply(Message("More"))], note)

        queued, answer, more = rig.slack.of("response_url")
        assert "Queued, about 12 s" in queued["text"]
        assert (answer["text"], answer["replace_original"]) == ("Posts", True)
        assert (more["text"], more["replace_original"]) == ("More", False)


async def test_without_a_wait_nothing_is_replaced() -> None:
    async with a_rig() as rig:
        deed = a_command(rig)
        note, delivery, _ = a_note(rig, deed)

        await delivery.send(deed, Reply(Message("Posts")), note)

        assert [each["replace_original"] for each in rig.slack.of("response_url")] == [False]


@pytest.mark.parametrize("shared", [True, False])
async def test_a_card_or_an_answer_for_all_never_takes_the_note_s_place(shared: bool) -> None:  # noqa: FBT001
    async with a_rig() as rig:
        deed = a_command(rig, message_ts="" if shared else "5.5")
        note, delivery, _ = a_note(rig, deed)

        note(3.0)
        await delivery.send(deed, Reply(Message("Posts"), shared=shared), note)

        assert [each["replace_original"] for each in rig.slack.of("response_url")] == [False, False]


async def test_in_a_modal_that_waits_the_note_stands_where_the_answer_will() -> None:
    async with a_rig() as rig:
        deed = Click(Caller(TEAM, "UANN", trigger_id="1.1"), "rewrite", view_id="V1")
        note, delivery, start = a_note(rig, deed)

        async def fill() -> View:
            note(4.0)
            await start.tasks[0]
            return MODAL | {"title": "answer"}

        await delivery.send(deed, OpenModal(MODAL, push=True, fill=fill), note)

        queued, answer = (each["view"] for each in rig.slack.of("views.update"))
        assert "Queued, about 4 s" in str(queued)
        assert answer["title"] == "answer"


@pytest.mark.parametrize(
    "deed",
    [
        HomeOpened(Caller(TEAM, "UANN")),
        Click(Caller(TEAM, "UANN"), "show", view_id="V1"),
    ],
)
async def test_where_no_note_can_be_seen_none_is_sent(deed: Deed) -> None:
    async with a_rig() as rig:
        note, _, _ = a_note(rig, deed)

        note(9.0)

        assert await note.settled() is False
        assert rig.slack.calls == []


async def test_a_note_that_slack_does_not_take_stops_nothing() -> None:
    async with a_rig() as rig:
        deed = Submission(Caller(TEAM, "UANN"), "draft", "V1")
        note, delivery, _ = a_note(rig, deed)
        rig.slack.refuse("chat.postMessage", "user_not_found")

        note(9.0)
        await delivery.send(deed, Reply(Message("Saved")), note)

        assert [each["text"] for each in rig.slack.of("chat.postMessage")][1:] == ["Saved"]


async def test_who_asked_hears_of_the_wait_from_the_budget_itself() -> None:
    async def wait_long(call: Invocation, workspace: Any) -> Answers:
        workspace.on_wait(12.0)
        if call.argument:
            raise UsageError("No such thing.")
        return Reply(Message("Done"))

    command = type(ECHO)("slow", "", "Slow", wait_long)
    async with a_rig(Parts(commands=(command,))) as rig:
        await rig.command("slow")
        await rig.command("slow please")
        await rig.settled()

        texts = [each["text"] for each in rig.slack.of("response_url")]
        assert sum("Queued, about 12 s" in text for text in texts) == 2
        assert sum(each["replace_original"] for each in rig.slack.of("response_url")) == 2


async def test_an_error_of_the_note_is_not_the_answer_s() -> None:
    async def fail(_: float) -> bool:
        raise SlackRefusedError("fatal_error", method="chat.postMessage")

    start = Tracked()
    note = QueueNote(fail, start)

    note(2.0)

    assert await note.settled() is False
    with pytest.raises(SlackRefusedError):
        await start.tasks[0]
