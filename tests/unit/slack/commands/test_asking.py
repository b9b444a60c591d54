"""/scrm schedule, publish"""

import pytest

from scrm_bot.domain.approvals import ActionKind, State
from scrm_bot.domain.errors import (
    NoApprovalsChannelError,
    NoApproversError,
    NotFoundError,
    PausedError,
    ScrmError,
    SlackRefusedError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.grammar import parse
from scrm_bot.domain.when import When
from scrm_bot.slack import plans
from scrm_bot.slack.command import Click, Invocation
from scrm_bot.slack.repeating import once_more
from tests.builders import LATER, a_pause, some_settings
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import a_caller, metadata_of, opened, said, say, state_of, told, value_of


async def test_publishing_asks_and_calls_nothing(fakes: Fakes) -> None:
    answer = await told(fakes, "publish post_123 --note Please &amp; thanks")

    (asked,) = fakes.announcer.shown
    assert asked.action is ActionKind.PUBLISH
    assert (asked.post_id, asked.requested_by, asked.note) == ("post_123", "UEDITOR", "Please & thanks")
    assert fakes.socialcrm.sent == []
    assert "Asked for approval" in said(answer)
    assert "<#CAPPROVALS>" in said(answer)
    assert not answer.shared


async def test_scheduling_asks_with_the_time_in_the_askers_zone(fakes: Fakes) -> None:
    answer = await told(fakes, "schedule post_123 tomorrow 09:00")

    (asked,) = fakes.announcer.shown
    assert (asked.action, asked.content.at, asked.zone) == (ActionKind.SCHEDULE, LATER, "Europe/Berlin")
    assert "Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(answer)
    assert fakes.socialcrm.sent == []


async def test_scheduling_takes_the_time_as_a_flag_and_a_zone(fakes: Fakes) -> None:
    await say(fakes, "schedule post_123 --at 2026-12-01 03:00 New York --share")

    (asked,) = fakes.announcer.shown
    assert (asked.content.at, asked.zone) == (LATER, "America/New_York")


async def test_scheduling_now_is_publishing(fakes: Fakes) -> None:
    await say(fakes, "schedule post_123 now")

    assert fakes.announcer.shown[0].action is ActionKind.PUBLISH


@pytest.mark.parametrize("typed", ["publish post_123", "schedule post_123 tomorrow 09:00"])
async def test_the_answer_can_be_shared(fakes: Fakes, typed: str) -> None:
    assert (await told(fakes, f"{typed} --share")).shared


async def test_the_same_deed_twice_asks_once(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")
    await say(fakes, "publish post_123")

    assert len(fakes.approvals.approvals) == 1


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("publish post_123 --dry-run", "publish it"),
        ("schedule post_123 tomorrow 09:00 --dry-run", "Tue 1 Dec 2026, 09:00 Europe/Berlin"),
    ],
)
async def test_a_dry_run_only_says_what_it_would_ask(fakes: Fakes, typed: str, then: str) -> None:
    answer = await told(fakes, typed)

    assert then in said(answer)
    assert "Nothing was asked" in said(answer)
    assert fakes.announcer.shown == []


async def test_a_dry_run_of_a_post_that_is_gone_says_so(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await say(fakes, "publish post_404 --dry-run")


@pytest.mark.parametrize("verb", ["publish", "schedule"])
async def test_without_a_post_one_is_chosen_and_the_flags_wait(fakes: Fakes, verb: str) -> None:
    view = await opened(fakes, f"{verb} --dry-run --note Hurry")

    about = metadata_of(view)
    assert about["verb"] == verb
    assert await fakes.memory.recall(f"flags:{about['flags']}") == {"dry-run": "", "note": "Hurry"}


async def test_a_time_typed_without_a_post_waits_for_the_choice(fakes: Fakes) -> None:
    about = metadata_of(await opened(fakes, "schedule tomorrow 09:00"))

    assert await fakes.memory.recall(f"flags:{about['flags']}") == {"at": "tomorrow 09:00"}


async def test_without_a_time_it_is_asked_for(fakes: Fakes) -> None:
    view = await opened(fakes, "schedule post_123 --note Hurry")

    assert view["title"]["text"] == "Schedule"
    assert "Launch day is here." in said(view)
    assert state_of(view)["when"] is None
    about = metadata_of(view)
    assert (about["post"], about["zone"]) == ("post_123", "Europe/Berlin")
    assert await fakes.memory.recall(f"flags:{about['flags']}") == {"note": "Hurry"}


@pytest.mark.parametrize("mention", ["<@UAPPROVER|Ana>", "<@UAPPROVER>"])
async def test_a_mention_that_is_no_time_is_told_by_its_name(fakes: Fakes, mention: str) -> None:
    fakes.people.set("UAPPROVER", name="Ana")

    with pytest.raises(WhenError, match="“@Ana” is not a time"):
        await say(fakes, f"schedule post_123 {mention}")


async def test_the_planned_time_is_proposed(fakes: Fakes) -> None:
    await plans.keep(fakes.workspace, "post_123", When(LATER, "Europe/Berlin"), zone="", note="")

    assert state_of(await opened(fakes, "schedule post_123"))["when"] == "2026-12-01 09:00 Europe/Berlin"


@pytest.mark.parametrize("typed", ["schedule last tomorrow 9am", "publish last"])
@pytest.mark.parametrize(("flag", "note"), [("", "mind the pun"), (" --note Hurry", "Hurry")])
async def test_the_note_of_the_draft_reaches_the_approver(
    fakes: Fakes, typed: str, flag: str, note: str
) -> None:
    await say(fakes, "draft Hello --note mind the pun")

    await say(fakes, typed + flag)

    (card,) = fakes.announcer.shown
    assert card.note == note


@pytest.mark.parametrize(("flag", "note"), [("", "mind the pun"), (" --note Hurry", "Hurry")])
async def test_the_note_of_the_draft_stands_in_the_modal(fakes: Fakes, flag: str, note: str) -> None:
    await plans.keep(fakes.workspace, "post_123", None, zone="", note="mind the pun")

    assert state_of(await opened(fakes, f"schedule post_123{flag}"))["note"] == note


@pytest.mark.parametrize(
    ("time", "told_so"),
    [("at some point", "not a time"), ("tomorrow", "no time of day"), ("2020-01-01 09:00", "has passed")],
)
async def test_a_time_nobody_can_read_asks_nothing(fakes: Fakes, time: str, told_so: str) -> None:
    with pytest.raises(WhenError, match=told_so):
        await say(fakes, f"schedule post_123 {time}")
    assert fakes.announcer.shown == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"approvals_channel": ""}, NoApprovalsChannelError),
        ({"approvers": ()}, NoApproversError),
        ({"pause": a_pause()}, PausedError),
    ],
)
async def test_rules_that_are_missing_are_named(
    fakes: Fakes, changes: dict[str, object], error: type[ScrmError]
) -> None:
    fakes.settings.settings = some_settings(**changes)

    with pytest.raises(error):
        await say(fakes, "publish post_123")


async def test_where_slack_takes_no_card_there_is_no_request(fakes: Fakes) -> None:
    fakes.announcer.refuse("not_in_channel")

    with pytest.raises(SlackRefusedError):
        await say(fakes, "publish post_123")
    assert [request.state for request in fakes.approvals.approvals.values()] == [State.WITHDRAWN]


@pytest.mark.parametrize(
    "typed",
    [
        "publish post_123 now",
        "publish post_123 --at now",
        "publish post_123,",
        "publish `post_123`.",
        "publish <https://app.socialcrm.org/posts/post_123?tab=1|app.socialcrm.org>",
        "publish <https://app.socialcrm.org/posts/post_123>",
    ],
)
async def test_a_post_that_was_named_is_the_one_that_is_asked_about(fakes: Fakes, typed: str) -> None:
    await say(fakes, typed)

    (asked,) = fakes.announcer.shown
    assert (asked.action, asked.post_id) == (ActionKind.PUBLISH, "post_123")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("publish post_123 tomorrow 9am", "schedule post_123 tomorrow 9am"),
        ("publish post_123 --at tomorrow 9am --note Hurry", "schedule post_123 tomorrow 9am --note Hurry"),
        ("publish tomorrow 9am", "schedule tomorrow 9am"),
    ],
)
async def test_publishing_at_a_time_is_scheduling_one_click_away(fakes: Fakes, typed: str, line: str) -> None:
    answer = await told(fakes, typed)

    assert f"/scrm {line.partition(' --')[0]}" in said(answer)
    assert "nothing was asked for yet" in said(answer)
    again = once_more(Click(a_caller(), "again", value_of(answer, "Run /scrm schedule")))
    assert isinstance(again, Invocation)
    assert again.line == parse(line)
    assert fakes.announcer.shown == []


async def test_words_behind_the_post_that_mean_nothing_are_named_and_nothing_is_asked(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match=r"“as soon as you can”.*nothing was asked for.*--note"):
        await say(fakes, "publish post_123 as soon as you can")

    assert fakes.announcer.shown == []


async def test_two_times_that_differ_ask_nothing(fakes: Fakes) -> None:
    for typed in (
        "schedule post_123 tomorrow 09:00 --at fri 10:00",
        "schedule tomorrow 09:00 --at fri 10:00",
    ):
        with pytest.raises(UsageError, match="“tomorrow 09:00” and “fri 10:00” behind `--at` are two times"):
            await say(fakes, typed)

    assert fakes.announcer.shown == []


async def test_the_same_time_twice_is_one(fakes: Fakes) -> None:
    await say(fakes, "schedule post_123 tomorrow 09:00 --at 2026-12-01 09:00")

    assert fakes.announcer.shown[0].content.at == LATER


@pytest.mark.parametrize("time", ["tomorrow &lt;9", "--at tomorrow &lt;9"])
async def test_a_time_that_cannot_be_read_is_told_as_it_was_typed(fakes: Fakes, time: str) -> None:
    with pytest.raises(WhenError, match="“tomorrow <9” is not a time"):
        await say(fakes, f"schedule post_123 {time}")
