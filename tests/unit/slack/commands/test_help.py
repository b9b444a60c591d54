"""/scrm, /scrm help, /scrm api"""

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import parse
from scrm_bot.slack.commands import COMMANDS
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import ROUTER, connected, labels, said, say, told

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
        assert example.startswith(("/scrm ", "@scrm "))
        found = ROUTER.command(parse(example[len("/scrm ") :]))
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


async def test_a_verb_like_no_other_gets_the_list() -> None:
    shown = said(await told(some_fakes(), "xyzzyq"))

    assert "Did you mean" not in shown
    assert "What /scrm can do" in shown


@pytest.mark.parametrize(
    "typed", ["api GET /v1/posts?limit=5&amp;offset=1", "api get <https://x.example/v1/posts>"]
)
async def test_the_api_answers_as_json(typed: str) -> None:
    fakes = connected()

    answer = await told(fakes, f"{typed} --share")

    assert '"id": "post_123"' in said(answer)
    assert answer.shared


async def test_the_parameters_of_a_call_are_handed_over(fakes: Fakes) -> None:
    await say(fakes, "api GET /v1/posts?limit=5&amp;offset=1")

    assert fakes.socialcrm.reads == [("/v1/posts", {"limit": "5", "offset": "1"})]


@pytest.mark.parametrize("typed", ["api", "api GET", "api POST /v1/posts", "api /v1/posts"])
async def test_the_api_is_only_read(fakes: Fakes, typed: str) -> None:
    with pytest.raises(UsageError, match="Only reading"):
        await say(fakes, typed)
