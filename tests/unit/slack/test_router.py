"""Words and ids find their handlers."""

from scrm_bot.domain.grammar import parse
from scrm_bot.slack.router import Router
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
