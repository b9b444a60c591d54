import inspect

import pytest

from scrm_bot.domain import errors
from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    InvalidRequestError,
    ScrmError,
    UnauthorizedError,
    UsageError,
    WhenError,
)
from scrm_bot.views import problems
from tests.goldens.cases.problems import ERRORS

ALL_ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ScrmError)]
ABSTRACT = {"ScrmError", "SocialCRMError", "ApprovalError"}


@pytest.mark.parametrize("kind", ALL_ERRORS)
def test_every_error_of_the_tree_has_words(kind: type[ScrmError]) -> None:
    assert any(type(error) is kind for error in ERRORS.values())


@pytest.mark.parametrize(
    "name", [name for name, error in ERRORS.items() if type(error).__name__ not in ABSTRACT]
)
def test_no_error_of_its_own_kind_is_called_a_fault_of_the_bot(name: str) -> None:
    told = problems.sentence(ERRORS[name])

    assert ("fault of its own" in told) == (name == "unforeseen")
    assert "something went wrong" not in told.lower()


def test_an_unforeseen_error_shows_its_request_and_none_of_its_text() -> None:
    told = problems.explain(RuntimeError("sk_live_" + "a" * 24), request_id="req_9").text

    assert "`req_9`" in told
    assert "sk_live_" not in told


@pytest.mark.parametrize(("name", "label"), [("unauthorized", "Connect"), ("no_approvers", "Settings")])
def test_where_there_is_a_way_out_it_is_one_button_away(name: str, label: str) -> None:
    shown = problems.explain(ERRORS[name])

    assert shown.blocks[-1]["elements"][0]["text"]["text"] == label


def test_a_window_too_many_says_to_close_one() -> None:
    told = problems.sentence(ERRORS["slack_windows"])

    assert told.startswith("Close this window first")
    assert "push_limit_reached" not in told


@pytest.mark.parametrize("name", ["ambiguous", "contract"])
def test_after_a_lost_answer_nothing_is_claimed(name: str) -> None:
    told = problems.sentence(ERRORS[name])

    assert "nothing" not in told.lower()
    assert "`/scrm posts`" in told


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("body is too long", "text"),
        ("`scheduled_at` must be in the future", "when"),
        ("Unknown account acct_9", "accounts"),
        ("media_ids[0] is not confirmed", "media"),
        ("tone must be a word", "tone"),
    ],
)
def test_a_refusal_that_names_a_field_is_shown_at_it(message: str, field: str) -> None:
    ((found, told),) = problems.field_errors(InvalidRequestError(message))

    assert found == field
    assert told == f"SocialCRM did not accept this: {message}"


def test_a_refusal_that_names_no_field_is_shown_on_its_own() -> None:
    assert problems.field_errors(InvalidRequestError("Malformed JSON")) == ()
    assert problems.field_errors(UsageError("Too long")) == ()
    assert problems.field_errors(RuntimeError("body")) == ()


def test_a_time_that_cannot_be_is_shown_at_its_field() -> None:
    assert problems.field_errors(WhenError("That has passed.")) == (("when", "That has passed."),)


def test_a_refused_key_says_whether_an_admin_is_told() -> None:
    error = UnauthorizedError()

    assert "An admin sets a new one" in problems.sentence(error)
    error.admin_told = True
    assert "An admin is told, and sets a new one" in problems.sentence(error)


def test_a_missing_scope_names_who_connected_the_key() -> None:
    error = ForbiddenScopeError(scope="posts:write")
    error.connected_by = "UADMIN"

    assert "connected by <@UADMIN>," in problems.sentence(error)
