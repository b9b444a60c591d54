"""/scrm, /scrm help, /scrm api"""

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import parse
from scrm_bot.slack.command import Click, Invocation
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.commands.api import READABLE
from scrm_bot.slack.repeating import once_more
from scrm_bot.socialcrm.endpoints import ENDPOINTS
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import ROUTER, a_caller, connected, labels, said, say, told, value_of

VERBS = [command for command in COMMANDS if command.verb]


async def test_a_bare_line_is_the_console_with_what_waits(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")

    answer = await told(fakes, "", by="UAPPROVER")

    assert labels(answer) == ["New post", "Approvals (1)", "Scheduled", "Stats", "Settings"]


async def test_without_a_key_the_console_says_what_this_is_and_how_to_begin() -> None:
    assert labels(await told(some_fakes(), "")) == ["Connect"]


async def test_help_lists_every_verb() -> None:
    shown = said(await told(some_fakes(), "help"))

    assert all(f"/scrm {command.verb} " in shown or f"/scrm {command.verb}`" in shown for command in VERBS)
    assert all(command.summary in shown for command in VERBS)


@pytest.mark.parametrize("command", VERBS, ids=lambda command: command.verb)
async def test_help_tells_of_each_verb_with_examples_that_run_it(command: object) -> None:
    known = next(each for each in VERBS if each is command)

    shown = said(await told(some_fakes(), f"help {known.verb}"))

    assert known.summary in shown
    assert len(set(known.examples)) >= 2
    for example in known.examples:
        assert example.startswith(("/scrm ", "@scrm-bot "))
        found = ROUTER.command(parse(example.partition(" ")[2]))
        assert found
        assert found[0] is known
    assert all(example in shown for example in known.examples)


@pytest.mark.parametrize("typed", ["help optimize", "help /scrm optimise", "help OPTIMISE"])
async def test_help_knows_other_names_and_spellings(typed: str) -> None:
    assert "Optimise a text for reach" in said(await told(some_fakes(), typed))


@pytest.mark.parametrize("typed", ["drafft hello", "help drafft"])
async def test_a_verb_nobody_knows_names_the_nearest(typed: str) -> None:
    shown = said(await told(some_fakes(), typed))

    assert "There is no *drafft* here" in shown
    assert "Did you mean `/scrm draft" in shown
    assert "Write a post and save it as a draft" in shown
    assert "`/scrm help` lists the rest." in shown
    assert "What /scrm can do" not in shown


@pytest.mark.parametrize("typed", ["r&amp;d hello", "help R&amp;D"])
async def test_a_verb_nobody_knows_is_named_as_it_was_typed(typed: str) -> None:
    assert "There is no *r&amp;d* here" in said(await told(some_fakes(), typed))


async def test_a_verb_like_no_other_gets_the_list() -> None:
    shown = said(await told(some_fakes(), "xyzzyq"))

    assert "Did you mean" not in shown
    assert "What /scrm can do" in shown


@pytest.mark.parametrize(
    "typed",
    ["api GET /v1/posts?limit=5&amp;offset=1", "api get <https://x.example/v1/posts>", "api /v1/posts"],
)
async def test_the_api_answers_as_json(typed: str) -> None:
    fakes = connected()

    answer = await told(fakes, f"{typed} --share")

    assert '"id": "post_123"' in said(answer)
    assert answer.shared


async def test_the_parameters_of_a_call_are_handed_over(fakes: Fakes) -> None:
    await say(fakes, "api GET /v1/posts?limit=5&amp;offset=1")

    assert fakes.socialcrm.reads == [("/v1/posts", {"limit": "5", "offset": "1"})]


@pytest.mark.parametrize(
    "typed", ["api", "api GET", "api get all the posts", "api GET /v2/posts", "api v1", "api //[x"]
)
async def test_without_a_path_the_api_says_what_can_be_read(fakes: Fakes, typed: str) -> None:
    shown = said(await told(fakes, typed))

    assert tuple(f"/v1{each.path}" for each in ENDPOINTS if not each.changes) == READABLE
    assert all(f"/scrm api {path}" in shown for path in READABLE)


@pytest.mark.parametrize("typed", ["api POST /v1/posts", "api delete /v1/posts/post_123"])
async def test_the_api_is_only_read(fakes: Fakes, typed: str) -> None:
    with pytest.raises(UsageError, match="Only reading"):
        await say(fakes, typed)


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("remove", "delete"),
        ("remov", "delete"),
        ("pending", "approvals"),
        ("queue", "approvals"),
        ("users", "team"),
        ("list", "posts"),
        ("cancel", "withdraw"),
        ("scheduled", "posts scheduled"),
        ("new", "draft"),
        ("create", "draft"),
        ("post", "draft"),
        ("login", "connect"),
    ],
)
async def test_a_word_that_means_a_verb_names_that_verb(word: str, verb: str) -> None:
    answer = await told(some_fakes(), f"{word} it all")

    assert f"Did you mean `/scrm {verb} it all`?" in said(answer)
    assert labels(answer)[0] == f"Run /scrm {verb}"


@pytest.mark.parametrize(
    "typed", ["unpublish last", "unpublsh last", "help unpublish", "unpublish it right now"]
)
async def test_what_socialcrm_cannot_do_is_said_and_not_turned_into_its_opposite(typed: str) -> None:
    answer = await told(some_fakes(), typed)

    assert "SocialCRM has no unpublish" in said(answer)
    assert "Did you mean" not in said(answer)
    assert labels(answer) == []


async def test_a_line_with_a_wrong_verb_is_handed_back_and_runs_with_one_click(fakes: Fakes) -> None:
    line = "Darft Launch day &amp; night --to instagram --at tomorrow 09:00"

    answer = await told(fakes, line)

    assert "/scrm draft Launch day &amp; night --to instagram --at tomorrow 09:00" in said(answer)
    assert "*Your text, unchanged*\nLaunch day &amp; night" in said(answer)
    again = once_more(Click(a_caller(), "again", value_of(answer, "Run /scrm draft")))
    assert isinstance(again, Invocation)
    assert again.line == parse(line.replace("Darft", "draft"))


async def test_a_line_that_no_button_holds_is_handed_back_without_one() -> None:
    answer = await told(some_fakes(), f"darft {'long ' * 500}")

    assert "Your text, unchanged" in said(answer)
    assert labels(answer) == []


async def test_a_synonym_that_says_enough_runs_without_more() -> None:
    assert labels(await told(some_fakes(), "scheduled")) == ["Run /scrm posts scheduled"]
