"""/scrm draft"""

import pytest

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotConnectedError,
    ScrmError,
    StoreUnavailableError,
    UsageError,
)
from scrm_bot.domain.grammar import parse
from scrm_bot.domain.media import SlackFile
from scrm_bot.slack import plans
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.plans import Plan
from scrm_bot.slack.reply import Answers
from tests.builders import LATER, accounts
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import (
    REFUSED_DRAFTS,
    ROUTER,
    a_caller,
    a_modal,
    a_reply,
    click,
    field,
    labels,
    metadata_of,
    opened,
    said,
    say,
    state_of,
    told,
    value_of,
)

TEXT = "Launch day is here. Come & see <us>"


async def test_a_text_becomes_a_draft_at_once(fakes: Fakes) -> None:
    answer = await told(fakes, "draft Launch day is here. Come &amp; see &lt;us&gt;")

    made = fakes.socialcrm.posts["post_1"]
    assert (made.status, made.body) == ("draft", TEXT)
    assert fakes.memory.last == {"UEDITOR": "post_1"}
    assert "Draft saved" in said(answer)
    assert labels(answer) == ["Ask for approval", "Edit", "Delete"]
    assert not answer.shared


async def test_the_answer_can_be_shared(fakes: Fakes) -> None:
    assert (await told(fakes, "draft Hello --share")).shared


async def test_the_named_accounts_get_it(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = list(accounts())

    await say(fakes, "draft Hello --to <@U77|acme-inc>, instagram")

    assert fakes.socialcrm.posts["post_1"].account_ids == ("acct_2", "acct_1")


async def test_time_and_note_are_kept_for_the_request_and_the_time_is_echoed(fakes: Fakes) -> None:
    answer = await told(fakes, "draft Hello --at tomorrow 09:00 --note Please &amp; thanks")

    assert "*Note for the approver:* Please &amp; thanks" in said(answer)
    assert "planned for Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(answer)
    assert await plans.of(fakes.workspace, "post_1") == Plan(LATER, "Europe/Berlin", "Please & thanks")


async def test_without_a_text_the_modal_opens(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    assert view["title"]["text"] == "New social post"
    assert view["submit"]["text"] == "Save draft"
    assert [field(view, name)["label"]["text"] for name in ("text", "accounts", "when", "note", "media")] == [
        "Text",
        "Accounts",
        "When",
        "Note",
        "Media",
    ]
    assert metadata_of(view)["channel"] == "CSOCIAL"


async def test_flags_without_a_text_are_filled_into_the_modal(fakes: Fakes) -> None:
    view = await opened(fakes, "draft --to acct_1 --at tomorrow 09:00 --note Mind the price")

    state = state_of(view)
    assert state["accounts"] == ["acct_1"]
    assert state["when"] == "tomorrow 09:00"
    assert state["note"] == "Mind the price"


async def test_without_a_key_nobody_types_in_vain() -> None:
    with pytest.raises(NotConnectedError):
        await say(some_fakes(), "draft")


@pytest.mark.parametrize(
    ("flag", "told_so"),
    [
        ("--to nosuch", "No connected account is called “nosuch”"),
        ("--at 25:00", "not a time"),
        ("--at 2020-01-01 09:00", "has passed"),
    ],
)
async def test_a_flag_nobody_can_read_gives_the_text_back_and_saves_nothing(
    fakes: Fakes, flag: str, told_so: str
) -> None:
    answer = await told(fakes, f"draft Launch day is here {flag}")

    assert told_so in said(answer)
    assert "Launch day is here" in said(answer)
    assert list(fakes.socialcrm.posts) == ["post_123"]


async def test_a_time_nobody_can_read_is_told_as_it_was_typed(fakes: Fakes) -> None:
    assert "“tomorrow &lt;9” is not a time" in said(await told(fakes, "draft Hello --at tomorrow &lt;9"))


async def test_a_misspelled_flag_is_told_to_be_text(fakes: Fakes) -> None:
    answer = await told(fakes, "draft hi --too instagram")

    assert fakes.socialcrm.posts["post_1"].body == "hi --too instagram"
    assert "`--too` is no flag, so it is part of the text. Did you mean `--to`?" in said(answer)


@pytest.mark.parametrize("flag", ["--at", "--to", "--note"])
async def test_a_flag_with_nothing_behind_it_saves_nothing(fakes: Fakes, flag: str) -> None:
    answer = await told(fakes, f"draft Launch day {flag}")

    assert f"`{flag}` has nothing behind it" in said(answer)
    assert "Launch day" in said(answer)
    assert list(fakes.socialcrm.posts) == ["post_123"]


async def test_a_refused_line_is_handed_back_whole_and_opens_as_a_draft_as_far_as_understood(
    fakes: Fakes,
) -> None:
    line = "Launch day &amp; night --to acct_1, nosuch --at tomorrow 09:00 --note Mind the price"

    answer = await told(fakes, f"draft {line}")

    assert f"*Your text, unchanged*\n{line}" in said(answer)
    view = a_modal(await click(fakes, "draft_this", value_of(answer, "Open as draft"))).view
    state = state_of(view)
    assert (state["text"], state["accounts"]) == ("Launch day & night", ["acct_1"])
    assert (state["when"], state["note"]) == ("tomorrow 09:00", "Mind the price")
    assert "No connected account is called “nosuch”" in said(view)


async def test_a_refused_line_is_not_kept_for_ever(fakes: Fakes) -> None:
    assert "no longer kept" in said(await click(fakes, "draft_this", "line:k_1"))


async def test_a_line_that_cannot_be_kept_is_handed_back_all_the_same(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(fakes.memory, "keep", fail)

    answer = await told(fakes, "draft Launch day --at 25:00")

    assert "Launch day --at 25:00" in said(answer)
    assert labels(answer) == []


async def with_files(fakes: Fakes, text: str, *files: SlackFile) -> Answers:
    found = ROUTER.command(parse(text))
    assert found
    call = Invocation(a_caller(message_ts="3.0", trigger_id=""), found[1], files)
    return await found[0].run(call, fakes.workspace)


async def test_the_files_of_a_message_come_along_and_those_that_do_not_are_named(fakes: Fakes) -> None:
    good, gone = fakes.files.add("F1", b"one"), SlackFile("F2", "gone.png", "image/png", 3, "https://x")

    answer = a_reply(await with_files(fakes, "draft Look at this", good, gone))

    post = fakes.socialcrm.posts["post_1"]
    assert [fakes.socialcrm.uploads[media_id] for media_id in post.media_ids] == [b"one"]
    assert "gone.png is not in Slack any more" in said(answer)


async def test_all_the_files_of_a_message_leave_nothing_to_say(fakes: Fakes) -> None:
    answer = a_reply(await with_files(fakes, "draft Look at this", fakes.files.add("F1", b"one")))

    assert "1 file" in said(answer)
    assert "not attached" not in said(answer)


async def test_files_without_words_are_offered_in_the_window(fakes: Fakes) -> None:
    view = a_modal(await with_files(fakes, "draft", fakes.files.add("F1", b"one"))).view

    assert field(view, "also")["element"]["initial_options"][0]["value"] == "F1"


async def test_an_account_nobody_knows_is_told_before_the_modal_opens(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="nosuch"):
        await say(fakes, "draft --to nosuch")


@pytest.mark.parametrize(
    ("error", "told_so"),
    [*REFUSED_DRAFTS, (NotConnectedError(), "No SocialCRM key")],
)
async def test_a_refusal_says_why_and_gives_the_text_back(
    fakes: Fakes, error: ScrmError, told_so: str
) -> None:
    fakes.socialcrm.refuse("create_draft", error)

    answer = await told(fakes, "draft Launch day is here --share")

    assert told_so in said(answer)
    assert "Launch day is here" in said(answer)
    assert not answer.shared


async def test_names_of_accounts_that_cannot_be_read_do_not_spoil_a_saved_draft(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"))

    assert "Draft saved" in said(await told(fakes, "draft Hello"))
