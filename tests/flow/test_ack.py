"""What is acknowledged how, what is recorded before it, and what people get afterwards."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scrm_bot.domain.errors import NotConnectedError, StoreUnavailableError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import records
from scrm_bot.slack.command import (
    Button,
    Click,
    Command,
    Invocation,
    Modal,
    Shortcut,
    ShortcutHandler,
    Submission,
    Suggestion,
)
from scrm_bot.slack.payloads import Kind, read
from scrm_bot.slack.readings import Reading
from scrm_bot.slack.reply import (
    Answers,
    CloseModal,
    OpenModal,
    Post,
    Reply,
    ShowErrors,
    ShowView,
    Silence,
    SubmissionAck,
    closes,
)
from scrm_bot.views.blocks import Block, Message
from tests.fakes.work import FakeWorkQueue
from tests.unit.slack.rig import (
    HELP,
    KEY,
    TEAM,
    BrokenQueue,
    Parts,
    a_click,
    a_command,
    a_rig,
    a_submission,
    a_view,
)

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Draft"}, "blocks": []}
LOADING = {"type": "modal", "title": {"type": "plain_text", "text": "Rewriting"}, "blocks": []}


async def open_draft(_: Invocation, __: Workspace) -> Answers:
    return OpenModal(MODAL)


DRAFT = Command("draft", "TEXT", "Draft a post", open_draft)


class Kept(FakeWorkQueue):
    """Remembers every job it accepted, with the request it came from."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[Any] = []

    async def accept(self, job: Any, *, dedupe: str, lease: float) -> Any:
        claim = await super().accept(job, dedupe=dedupe, lease=lease)
        if claim:
            self.accepted.append(claim)
        return claim


async def test_a_command_is_acknowledged_empty_and_answered_through_its_response_url() -> None:
    async with a_rig() as rig:
        status, body = await rig.command("echo hello world")
        await rig.settled()

        assert (status, body) == (200, {})
        said = rig.slack.of("response_url")
        assert [(each["text"], each["response_type"]) for each in said] == [
            ("echo: hello world", "ephemeral")
        ]
        assert rig.queue.entries == {}


async def test_a_shared_answer_goes_into_the_channel() -> None:
    async with a_rig() as rig:
        await rig.command("say hello --share")
        await rig.settled()

        assert rig.slack.of("response_url")[0]["response_type"] == "in_channel"


async def test_help_travels_in_the_acknowledgement_and_needs_no_store() -> None:
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        status, body = await rig.command("help")

        assert status == 200
        assert body["text"].startswith("help")
        assert body["response_type"] == "ephemeral"


async def test_an_unknown_verb_gets_help_with_the_nearest_one() -> None:
    async with a_rig() as rig:
        _, body = await rig.command("ecko hello")

        assert body["text"] == "help {'unknown': 'ecko', 'nearest': 'echo', 'words': 'ecko hello'}"


async def test_a_kept_answer_is_not_given_to_who_wrote_it_differently() -> None:
    async with a_rig() as rig:
        await rig.command("ecko hello")
        _, body = await rig.command("ECKO: hello")

        assert "'words': 'ECKO: hello'" in body["text"]


async def test_the_word_payload_reaches_the_command() -> None:
    async with a_rig() as rig:
        status, _ = await rig.command("echo my payload here payload=1")
        await rig.settled()

        assert status == 200
        assert rig.slack.of("response_url")[0]["text"] == "echo: my payload here payload=1"


async def test_a_delivery_that_comes_twice_runs_once() -> None:
    async with a_rig() as rig:
        first = await rig.command("echo once", trigger_id="1.1")
        second = await rig.command("echo once", trigger_id="1.1")
        await rig.settled()

        assert first == second == (200, {})
        assert len(rig.slack.of("response_url")) == 1


async def test_a_typed_key_is_masked_before_it_is_kept_and_the_person_is_told() -> None:
    queue = Kept()
    async with a_rig(Parts(queue=queue)) as rig:
        await rig.command(f"echo {KEY}")
        await rig.settled()

        record = rig.sealing.open(b64decode(queue.accepted[0].job.args["sealed"]), TEAM)
        said = [each["text"] for each in rig.slack.of("response_url")]
        assert KEY.encode() not in record
        assert "revoke" in said[0]
        assert KEY not in "".join(said)


async def test_what_was_accepted_is_sealed_in_the_record_and_can_be_run_from_it() -> None:
    queue = Kept()
    async with a_rig(Parts(queue=queue)) as rig:
        await rig.command("echo again")
        await rig.settled()
        claim = queue.accepted[0]
        await rig.surface.run(claim)

        assert b"again" not in b64decode(claim.job.args["sealed"])
        assert [each["text"] for each in rig.slack.of("response_url")] == ["echo: again", "echo: again"]


async def test_without_the_store_a_command_is_told_to_try_again_in_the_acknowledgement() -> None:
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        status, body = await rig.command("echo lost")
        await rig.settled()

        assert status == 200
        assert "try again" in body["text"]
        assert rig.slack.calls == []


async def test_without_the_store_a_click_is_told_to_try_again_through_its_response_url() -> None:
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        click = a_click({"action_id": "approve"}, response_url=f"{rig.slack.url}/response/2")
        status, body = await rig.interact(click)
        await rig.settled()

        assert (status, body) == (200, {})
        assert "try again" in rig.slack.of("response_url")[0]["text"]


async def test_without_the_store_a_modal_stays_open_with_what_was_typed() -> None:
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        _, body = await rig.interact(a_submission("draft"))
        _, bare = await rig.interact(a_submission("sure", view=a_view("sure", blocks=[{"type": "section"}])))

        assert body["response_action"] == "errors"
        assert list(body["errors"]) == ["text:0"]
        assert bare["response_action"] == "update"


async def test_a_key_typed_into_a_window_is_kept_nowhere_and_told() -> None:
    key, kept = "sk_live_" + "a" * 32, list[Submission]()

    async def keep(submission: Submission, _: Workspace) -> Answers:
        kept.append(submission)
        return Silence()

    def typed(action_id: str) -> dict[str, object]:
        return {f"{action_id}:0": {action_id: {"type": "plain_text_input", "value": f"use {key} now"}}}

    values = {**typed("reason"), **typed("api_key")}
    async with a_rig(Parts(modals=(Modal("draft", closes, keep),))) as rig:
        await rig.interact(a_submission("draft", view=a_view("draft", state={"values": values})))
        await rig.settled()

        assert key not in kept[0].state["reason"]
        assert kept[0].state["api_key"] == f"use {key} now"
        (told,) = rig.slack.of("chat.postEphemeral")
        assert "held a SocialCRM API key" in told["text"]


async def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_is_the_emoji_that_it_is() -> None:
    kept = list[Submission]()

    async def keep(submission: Submission, _: Workspace) -> Answers:
        kept.append(submission)
        return Silence()

    typed = {"text:0": {"text": {"type": "plain_text_input", "value": "half \ud83d, whole \U0001f600"}}}
    async with a_rig(Parts(modals=(Modal("draft", closes, keep),))) as rig:
        await rig.interact(a_submission("draft", view=a_view("draft", state={"values": typed})))
        await rig.settled()

    assert kept[0].state["text"] == "half \ufffd, whole \U0001f600"


async def test_without_the_store_a_step_of_a_workflow_is_left_to_slack_to_send_again() -> None:
    step: dict[str, object] = {
        "type": "function_executed",
        "function": {"callback_id": "create_draft"},
        "function_execution_id": "Fx1",
        "inputs": {"text": "Hello", "user_id": "UANN"},
    }
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        assert await rig.event(step) == 503
        await rig.settled()

        assert rig.slack.calls == []


async def test_without_the_store_a_key_in_a_message_is_left_to_slack_to_tell_again() -> None:
    said: dict[str, object] = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "UANN",
        "text": "sk_live_" + "a" * 32,
        "ts": "1.1",
    }
    async with a_rig(Parts(queue=BrokenQueue(StoreUnavailableError()))) as rig:
        assert await rig.event(said) == 503
        await rig.settled()

        assert rig.slack.calls == []
        assert rig.queue.withdrawn == set(), "what Slack repeats must not be known already"


class Forgetful(Kept):
    """Makes the record and loses the answer; answers no withdrawal before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()
        self.answers.set()

    async def accept(self, job: Any, *, dedupe: str, lease: float) -> Any:
        await super().accept(job, dedupe=dedupe, lease=lease)
        raise StoreUnavailableError

    async def withdraw(self, job: Any, *, dedupe: str) -> bool:
        await self.answers.wait()
        return await super().withdraw(job, dedupe=dedupe)


async def test_what_was_told_not_to_be_done_is_taken_back() -> None:
    queue = Forgetful()
    async with a_rig(Parts(queue=queue)) as rig:
        _, body = await rig.command("echo lost")
        await rig.settled()

        assert "try again" in body["text"]
        assert queue.accepted
        assert queue.entries == {}
        assert rig.slack.calls == []


async def test_until_it_is_taken_back_it_is_not_done_here() -> None:
    queue = Forgetful()
    queue.answers.clear()
    async with a_rig(Parts(queue=queue)) as rig:
        await rig.command("echo lost")
        await rig.surface.run(queue.accepted[0])
        queue.answers.set()
        await rig.settled()

        assert rig.slack.calls == []


async def test_who_was_told_that_nothing_was_done_hears_that_another_did_it() -> None:
    queue = Forgetful()
    queue.answers.clear()
    async with a_rig(Parts(queue=queue)) as rig:
        await rig.command("echo lost")
        await queue.finish(queue.accepted[0])
        queue.answers.set()
        await rig.settled()

        (told,) = rig.slack.of("response_url")
        assert "had reached me after all" in told["text"]


async def test_an_error_in_a_command_is_explained_privately() -> None:
    async def fail(_: Invocation, __: Workspace) -> Answers:
        raise NotConnectedError

    async with a_rig(Parts(commands=(Command("stats", "", "", fail), HELP))) as rig:
        status, _ = await rig.command("stats")
        await rig.settled()

        assert status == 200
        assert "/scrm connect" in rig.slack.of("response_url")[0]["text"]


async def test_an_error_nobody_foresaw_is_told_with_its_id() -> None:
    async def fail(_: Invocation, __: Workspace) -> Answers:
        raise ZeroDivisionError

    async with a_rig(Parts(commands=(Command("stats", "", "", fail), HELP))) as rig:
        await rig.command("stats")
        await rig.settled()

        told = rig.slack.of("response_url")[0]["text"]
        assert "ZeroDivision" not in told
        assert rig.queue.entries == {}
        assert "`" in told


async def test_admin_commands_are_for_admins() -> None:
    only = replace(DRAFT, verb="settings", role=Role.ADMIN)
    async with a_rig(Parts(commands=(only, HELP), admins=("UBOSS",))) as rig:
        await rig.command("settings")
        await rig.settled()
        await rig.command("settings", user_id="UBOSS")
        await rig.settled()

        assert "Only" in rig.slack.of("response_url")[0]["text"]
        assert len(rig.slack.of("views.open")) == 1


async def test_a_modal_opens_with_the_trigger() -> None:
    async with a_rig(Parts(commands=(DRAFT, HELP))) as rig:
        await rig.command("draft", trigger_id="11.22")
        await rig.settled()

        opened = rig.slack.of("views.open")[0]
        assert (opened["trigger_id"], opened["view"]) == ("11.22", MODAL)
        assert opened["token"] == "Bearer xoxb-1"


async def test_a_modal_that_slack_does_not_open_any_more_becomes_a_button_that_opens_it() -> None:
    async with a_rig(Parts(commands=(DRAFT, HELP))) as rig:
        rig.slack.refuse("views.open", "expired_trigger_id")
        await rig.command("draft some text")
        await rig.settled()
        button = rig.slack.of("response_url")[0]["blocks"][-1]["elements"][0]
        await rig.interact(a_click({"action_id": button["action_id"], "value": button["value"]}))
        await rig.settled()

        assert len(rig.slack.of("views.open")) == 2


async def test_a_slow_modal_opens_at_once_and_is_filled_later() -> None:
    async def fill() -> Block:
        return MODAL

    async def rewrite(_: Click, __: Workspace) -> Answers:
        return OpenModal(LOADING, push=True, fill=fill)

    async with a_rig(Parts(buttons=(Button("rewrite", rewrite),))) as rig:
        await rig.interact(a_click({"action_id": "rewrite"}))
        await rig.settled()

        assert rig.slack.of("views.push")[0]["view"] == LOADING
        assert rig.slack.of("views.update")[0]["view"] == MODAL


async def test_a_modal_that_cannot_be_filled_says_so_itself() -> None:
    async def fill() -> Block:
        raise NotConnectedError

    async def rewrite(_: Click, __: Workspace) -> Answers:
        return OpenModal(LOADING, push=True, fill=fill)

    async with a_rig(Parts(buttons=(Button("rewrite", rewrite),))) as rig:
        await rig.interact(a_click({"action_id": "rewrite"}))
        await rig.settled()

        assert "/scrm connect" in json.dumps(rig.slack.of("views.update")[0]["view"])


async def _saved(_: Submission, __: Workspace) -> Answers:
    return Reply(Message("Saved"))


def a_modal(ack: SubmissionAck) -> Modal:
    return Modal("draft", lambda _: ack, _saved)


async def test_a_submission_is_acknowledged_as_its_modal_decides() -> None:
    acks: Sequence[tuple[SubmissionAck, dict[str, Any]]] = [
        (CloseModal(), {}),
        (CloseModal(all=True), {"response_action": "clear"}),
        (ShowView(MODAL), {"response_action": "update", "view": MODAL}),
    ]
    for ack, expected in acks:
        async with a_rig(Parts(modals=(a_modal(ack),))) as rig:
            status, body = await rig.interact(a_submission("draft"))
            await rig.settled()

            assert (status, body) == (200, expected)
            assert rig.slack.of("chat.postEphemeral")[0]["text"] == "Saved"
            assert rig.slack.of("chat.postEphemeral")[0]["channel"] == "C7"


async def test_a_refused_submission_is_neither_kept_nor_run() -> None:
    queue = Kept()
    refused = a_modal(ShowErrors((("text:0", "Too long."),)))
    async with a_rig(Parts(modals=(refused,), queue=queue)) as rig:
        _, body = await rig.interact(a_submission("draft"))
        await rig.settled()

        assert body == {"response_action": "errors", "errors": {"text:0": "Too long."}}
        assert queue.accepted == []
        assert rig.slack.calls == []


async def test_a_failed_submission_takes_the_place_of_the_view_that_waits() -> None:
    async def fail(_: Submission, __: Workspace) -> Answers:
        raise NotConnectedError

    waiting = Modal("connect", lambda _: ShowView(LOADING), fail)
    async with a_rig(Parts(modals=(waiting,))) as rig:
        await rig.interact(a_submission("connect"))
        await rig.settled()

        updated = rig.slack.of("views.update")[0]
        assert updated["view_id"] == "V9"
        assert "/scrm connect" in json.dumps(updated["view"])


async def test_a_click_reaches_its_button_by_the_part_before_the_colon() -> None:
    async def turn(click: Click, _: Workspace) -> Answers:
        return Reply(Message(f"page {click.value}"), replace=True)

    async with a_rig(Parts(buttons=(Button("page", turn),))) as rig:
        url = f"{rig.slack.url}/response/3"
        await rig.interact(a_click({"action_id": "page:2", "value": "2"}, response_url=url))
        await rig.settled()

        said = rig.slack.of("response_url")[0]
        assert (said["text"], said["replace_original"]) == ("page 2", True)


async def test_a_button_nobody_handles_is_acknowledged_and_forgotten() -> None:
    async with a_rig() as rig:
        status, _ = await rig.interact(a_click({"action_id": "open_link"}))
        await rig.settled()

        assert status == 200
        assert rig.slack.calls == []


async def test_shortcuts_reach_their_handlers_with_the_messages_text() -> None:
    async def draft(shortcut: Shortcut, _: Workspace) -> Answers:
        return Post("C2", Message(shortcut.text))

    payload = a_click({}) | {
        "type": "message_action",
        "callback_id": "draft_from_message",
        "message": {"text": "A thought", "ts": "5.5"},
    }
    async with a_rig(Parts(shortcuts=(ShortcutHandler("draft_from_message", draft),))) as rig:
        await rig.interact(payload)
        await rig.settled()

        assert rig.slack.of("chat.postMessage")[0]["text"] == "A thought"


async def test_menus_get_their_options_in_the_acknowledgement() -> None:
    payload = a_click({}) | {"type": "block_suggestion", "action_id": "accounts", "value": "ac"}
    async with a_rig() as rig:
        status, body = await rig.interact(payload)

        assert status == 200
        assert [option["value"] for option in body["options"]] == ["acct_1"]


async def test_a_menu_whose_options_cannot_be_had_stays_empty() -> None:
    async def fail(_: Suggestion) -> Sequence[Block]:
        raise StoreUnavailableError

    payload = a_click({}) | {"type": "block_suggestion", "action_id": "accounts", "value": ""}
    async with a_rig(Parts(suggest=fail)) as rig:
        assert await rig.interact(payload) == (200, {"options": []})


async def test_a_mention_is_a_command_answered_in_its_thread() -> None:
    event = {
        "type": "app_mention",
        "user": "UANN",
        "text": "<@UBOT> echo hi",
        "channel": "C1",
        "ts": "8.8",
        "thread_ts": "8.0",
    }
    async with a_rig() as rig:
        assert await rig.event(event) == 200
        assert await rig.event(event) == 200
        await rig.settled()

        (said,) = rig.slack.of("chat.postEphemeral")
        assert (said["text"], said["thread_ts"], said["user"]) == ("echo: hi", "8.0", "UANN")


async def test_a_message_that_is_too_long_is_not_done_by_halves() -> None:
    event = {"type": "app_mention", "user": "UANN", "channel": "C1", "ts": "8.8"}
    async with a_rig() as rig:
        await rig.event(event | {"text": "<@UBOT> echo " + "word " * 2_397})
        await rig.event(event | {"text": "<@UBOT> echo " + "word " * 2_400}, event_id="Ev2")
        await rig.settled()

        short, long = rig.slack.of("chat.postEphemeral")
        assert short["text"].endswith("word word")
        assert "longer than the 12,000 characters" in long["text"]


@pytest.mark.parametrize("text", ["echo " + "word " * 2_400, "help " * 2_401, "--note 'a " * 50_000])
async def test_a_command_that_is_too_long_is_not_done_by_halves(text: str) -> None:
    async with a_rig() as rig:
        assert await rig.command(text) == (200, {})
        await rig.settled()

        (told,) = rig.slack.of("response_url")
        assert "longer than the 12,000 characters" in told["text"]


async def test_where_the_bot_is_not_the_answer_comes_as_a_direct_message() -> None:
    event = {"type": "app_mention", "user": "UANN", "text": "<@UBOT> echo hi", "channel": "C1", "ts": "8.8"}
    async with a_rig() as rig:
        rig.slack.refuse("chat.postEphemeral", "not_in_channel")
        await rig.event(event)
        await rig.settled()

        assert rig.slack.of("chat.postMessage")[0]["channel"] == "UANN"


async def test_a_dead_response_url_does_not_lose_the_answer() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("response_url", "used_url", status=404)
        await rig.command("echo still here")
        await rig.settled()

        assert rig.slack.of("chat.postEphemeral")[0]["text"] == "echo: still here"


async def test_opening_the_home_publishes_it() -> None:
    async with a_rig() as rig:
        await rig.event({"type": "app_home_opened", "user": "UANN", "channel": "D1", "tab": "home"})
        await rig.event(
            {"type": "app_home_opened", "user": "UANN", "channel": "D1", "tab": "messages"}, event_id="Ev2"
        )
        await rig.settled()

        (published,) = rig.slack.of("views.publish")
        assert published["user_id"] == "UANN"


async def test_bots_are_not_answered() -> None:
    async with a_rig() as rig:
        mention = {"type": "app_mention", "user": "UX", "bot_id": "BBOT", "text": "<@UBOT> echo", "ts": "1"}
        await rig.event(mention)
        await rig.event(
            {"type": "message", "bot_id": "B2", "text": KEY, "channel": "C1", "ts": "2"}, event_id="Ev2"
        )
        await rig.settled()

        assert rig.slack.calls == []


async def test_a_key_in_somebodys_message_is_pointed_out_to_them() -> None:
    queue = Kept()
    async with a_rig(Parts(queue=queue)) as rig:
        message = {"type": "message", "user": "UANN", "text": f"use {KEY}", "channel": "C1", "ts": "2"}
        await rig.event(message)
        await rig.event(message | {"text": "nothing secret"}, event_id="Ev2")
        await rig.settled()

        (said,) = rig.slack.of("chat.postEphemeral")
        assert "revoke" in said["text"]
        assert KEY.encode() not in rig.sealing.open(b64decode(queue.accepted[0].job.args["sealed"]), TEAM)


async def test_an_uninstalled_workspace_is_forgotten_at_once() -> None:
    async with a_rig() as rig:
        await rig.installations.get(TEAM)
        await rig.event({"type": "tokens_revoked", "tokens": {"oauth": ["UANN"]}})
        await rig.event({"type": "app_uninstalled"}, event_id="Ev2")
        await rig.settled()

        assert rig.forgotten == [TEAM]
        assert rig.installations.cached(TEAM) is None


async def test_a_removal_that_cannot_be_kept_at_once_is_kept_later() -> None:
    async with a_rig() as rig:
        rig.unforgetting = [StoreUnavailableError("gone"), StoreUnavailableError("gone")]
        status = await rig.event({"type": "app_uninstalled"})
        await rig.settled()

        assert status == 200
        assert rig.forgotten == [TEAM]


async def test_a_removal_that_cannot_be_kept_at_all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with a_rig() as rig:
        rig.unforgetting = [StoreUnavailableError("gone")] * 6
        await rig.event({"type": "app_uninstalled"})
        await rig.settled()

        assert rig.forgotten == []
        assert "remove it by hand" in caplog.text


async def test_what_organisation_a_workspace_belongs_to_is_kept_once() -> None:
    async with a_rig() as rig:
        for _ in range(2):
            await rig.command("draft", enterprise_id="E1")
        await rig.command("draft")
        await rig.settled()

        assert rig.belonging == [(TEAM, "E1")]


async def test_no_acknowledgement_asks_slack_or_loads_a_token() -> None:
    async with a_rig() as rig:
        await rig.command("help")
        await rig.interact(a_click({"action_id": "nothing"}))

        assert rig.slack.calls == []
        assert rig.found == []


async def test_an_organisation_wide_installation_is_found_by_its_organisation() -> None:
    async with a_rig() as rig:
        click = a_click({"action_id": "x"}, team=None, enterprise={"id": "E1", "name": "Org"})
        click["user"].pop("team_id")
        status, _ = await rig.interact(click)
        await rig.settled()

        assert status == 200
        assert rig.queue.entries == {}


async def test_work_that_outlasts_the_shutdown_is_left_for_another_process() -> None:
    hold = asyncio.Event()

    async def wait(_: Invocation, __: Workspace) -> Answers:
        await hold.wait()
        return Reply(Message("late"))

    async with a_rig(Parts(commands=(Command("slow", "", "", wait), HELP))) as rig:
        await rig.command("slow")
        left = await rig.surface.drain(0.01)

        assert left == 1
        assert len(rig.queue.entries) == 1


def test_every_reading_survives_its_record() -> None:
    bodies = [
        (Kind.COMMAND, a_command("draft hi --to acct_1", response_url="u")),
        (Kind.CLICK, a_click({"action_id": "a", "value": "v"}, view=a_view("draft"))),
        (Kind.SUBMISSION, a_submission("draft")),
    ]
    for kind, body in bodies:
        reading = read(kind, body)
        assert isinstance(reading, Reading)
        assert records.load(records.dump(reading)) == reading
