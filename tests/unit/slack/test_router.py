"""Words and ids find their handlers."""

from dataclasses import replace

import pytest

from scrm_bot.domain.grammar import parse
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.router import Router
from tests.fakes.workspace import a_workspace
from tests.unit.slack.deeds import a_caller, said
from tests.unit.slack.rig import ECHO, HELP


def test_a_verb_an_alias_and_any_letter_case_find_the_command() -> None:
    router = Router((ECHO, HELP))

    found = [router.command(parse(text)) for text in ("echo a", "say a", "ECHO a")]
    assert [each[0] for each in found if each] == [ECHO, ECHO, ECHO]


def test_nothing_typed_finds_help_unless_there_is_a_console() -> None:
    found = Router((ECHO, HELP)).command(parse(""))

    assert found
    assert (found[0], found[1].verb) == (HELP, "help")


def test_without_help_an_unknown_verb_finds_nothing() -> None:
    assert Router((ECHO,)).command(parse("dance")) is None


def test_a_verb_like_no_other_has_no_nearest() -> None:
    found = Router((ECHO, HELP)).command(parse("zzzzqqq now"))

    assert found
    assert found[1].flags == {"unknown": "zzzzqqq", "words": "zzzzqqq now"}


def test_names_nobody_registered_find_nothing() -> None:
    router = Router(())

    assert (router.button("a:1"), router.modal("a"), router.shortcut("a")) == (None, None, None)


@pytest.mark.parametrize(
    ("usage", "typed", "refused"),
    [
        ("POST", "act post_1", ""),
        ("POST", "act post_1 --share --brand north", ""),
        ("POST", "act post_1 --dry-run", "`--dry-run`"),
        ("POST", "act post_1 --csv --dry-run", "`--csv` and `--dry-run`"),
        ("POST [--dry-run]", "act post_1 --dry-run", ""),
        ("POST WHEN [--note TEXT]", "act post_1 now --preview", "`--preview`"),
        ("TEXT [--to ACCT,..]", "act A text with --a-dashed word", ""),
        ("[PROMPT]", "act A text --note why", "`--note`"),
    ],
)
async def test_a_flag_the_verb_does_not_take_is_named_and_the_text_comes_back(
    usage: str, typed: str, refused: str
) -> None:
    command = replace(ECHO, verb="act", usage=usage, instant=True)
    found = Router((command,)).command(parse(typed))

    assert found
    assert (found[0] == command) == (not refused)
    if refused:
        answer = await found[0].run(Invocation(a_caller(), found[1]), a_workspace())
        assert f"does not take {refused}, so nothing was done" in said(answer)
        assert f"/scrm {typed}" in said(answer)
        assert not found[0].instant


@pytest.mark.parametrize(
    ("typed", "told_so"),
    [
        ("act A text --at", "`--at` has nothing behind it, so nothing was done"),
        ("act A text --to --at fri 09:00", "`--to` has nothing behind it"),
        ("act --at= --to", "`--at` and `--to` have nothing behind them"),
        ("act A text --at --csv", "does not take `--csv`"),
    ],
)
async def test_a_flag_without_its_value_is_named_and_the_text_comes_back(typed: str, told_so: str) -> None:
    command = replace(ECHO, verb="act", usage="TEXT [--to ACCT,..] [--at WHEN]")
    found = Router((command,)).command(parse(typed))

    assert found
    answer = said(await found[0].run(Invocation(a_caller(), found[1]), a_workspace()))
    assert told_so in answer
    assert f"/scrm {typed}" in answer


async def test_what_comes_back_is_what_was_typed_and_not_what_slack_makes_of_it() -> None:
    found = Router((ECHO,)).command(parse("echo R&amp;D &lt;3 &amp;amp; <#C1|social> --csv"))

    assert found
    answer = await found[0].run(Invocation(a_caller(), found[1]), a_workspace())
    assert "*Your text, unchanged*\n/scrm echo R&amp;D &lt;3 &amp;amp; #social --csv" in said(answer)
