import pytest

from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.synonyms import meant, missing

VERBS = tuple(command.verb for command in COMMANDS)


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("pubish", "publish"),
        ("darft", "draft"),
        ("Shedule", "schedule"),
        ("remove", "delete"),
        ("cancel", "withdraw"),
        ("scheduled", "posts scheduled"),
        ("unpublish", None),
        ("xyzzy", None),
    ],
)
def test_the_verb_that_was_meant_is_near_in_letters_or_in_sense(typed: str, verb: str | None) -> None:
    assert meant(typed, VERBS) == verb


@pytest.mark.parametrize("typed", ["unpublish", "Unpublsh", "un-publish"])
def test_what_socialcrm_cannot_do_is_said(typed: str) -> None:
    assert "SocialCRM has no unpublish" in missing(typed)


@pytest.mark.parametrize("typed", ["pubish", "publsh", "republish", "darft"])
def test_a_misspelt_verb_is_nothing_that_is_missing(typed: str) -> None:
    assert missing(typed) == ""
