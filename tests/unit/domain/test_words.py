"""What the small domain objects say of themselves."""

import inspect

import pytest

from scrm_bot.domain import errors
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    ForbiddenScopeError,
    NotPermittedError,
    PausedError,
    RateLimitedError,
    ScrmError,
    SlackRefusedError,
    SocialCRMError,
    TransitionError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.insights import Account, Metrics, metric_label
from scrm_bot.domain.workspaces import Installation, Secret

ERRORS = [
    each for _, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == errors.__name__
]


@pytest.mark.parametrize(
    ("account", "label"),
    [
        (Account("acct_1", "instagram", "acme", "Acme"), "Instagram @acme"),
        (Account("acct_1", "instagram", "@acme"), "Instagram @acme"),
        (Account("acct_1", "linkedin", name="Acme Inc"), "LinkedIn Acme Inc"),
        (Account("acct_1", "linkedin"), "LinkedIn acct_1"),
        (Account("acct_1"), "acct_1"),
    ],
)
def test_an_account_is_told_from_the_others(account: Account, label: str) -> None:
    assert account.label == label


def test_a_metric_that_did_not_come_is_absent() -> None:
    assert Metrics((("likes", 0.0),)).get("likes") == 0.0
    assert Metrics((("likes", 0.0),)).get("shares") is None


@pytest.mark.parametrize(
    ("name", "label"),
    [("engagement_rate", "Engagement rate"), ("video_watch_time", "Video Watch Time"), ("likes", "Likes")],
)
def test_a_metric_has_a_label(name: str, label: str) -> None:
    assert metric_label(name) == label


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("sk_live_" + "a" * 20 + "9f3c")
    installed = Installation("T1", secret)

    assert secret.reveal().endswith("9f3c")
    assert secret.last4 == "9f3c"
    assert "aaaa" not in f"{secret} {secret!r} {installed}"
    assert str(secret) == "Secret(****)"


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_one_of_ours_and_drawn_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, ScrmError)
    assert error.__name__ in (errors.__doc__ or "")
    assert error.__doc__


def test_every_documented_code_has_one_error() -> None:
    codes = [each.code for each in ERRORS if issubclass(each, SocialCRMError) and each.code]

    assert sorted(codes) == sorted(
        [
            "unauthorized",
            "forbidden_scope",
            "payment_required",
            "quota_exceeded",
            "rate_limited",
            "not_found",
            "invalid_request",
        ]
    )


def test_an_error_of_the_api_keeps_what_was_said_and_where() -> None:
    error = ForbiddenScopeError("No.", endpoint="POST /posts", scope="posts:write")

    assert (str(error), error.message, error.endpoint, error.scope) == (
        "No.",
        "No.",
        "POST /posts",
        "posts:write",
    )
    assert ForbiddenScopeError().scope == SocialCRMError().endpoint == SocialCRMError().message == ""


def test_a_refused_turn_says_when_to_come_back() -> None:
    limited = RateLimitedError("Slow down.", endpoint="GET /posts", retry_in=12)

    assert (limited.message, limited.endpoint, limited.retry_in) == ("Slow down.", "GET /posts", 12)
    assert RateLimitedError().retry_in == 60.0
    assert RateLimitedError().message == RateLimitedError().endpoint == ""
    assert BudgetExhaustedError(retry_in=2.04).retry_in == 2.04
    assert str(BudgetExhaustedError(retry_in=2.04)) == "the next turn is 2.0 s away"


def test_a_refusal_of_slack_names_the_call() -> None:
    refusal = SlackRefusedError("ratelimited", method="chat.update", retry_in=3)

    assert (str(refusal), refusal.code, refusal.method, refusal.retry_in) == (
        "chat.update: ratelimited",
        "ratelimited",
        "chat.update",
        3,
    )
    assert SlackRefusedError("fatal", method="chat.update").retry_in is None


def test_errors_for_people_carry_their_sentence_and_their_field() -> None:
    usage = UsageError("Which post?", field="post", verb="show")

    assert (str(usage), usage.message, usage.field, usage.verb) == (
        "Which post?",
        "Which post?",
        "post",
        "show",
    )
    assert UsageError("What?").field == UsageError("What?").verb == ""
    assert (WhenError("When?").message, WhenError("When?").field) == ("When?", "when")
    assert (str(NotPermittedError("an admin")), NotPermittedError("an admin").needs) == (
        "an admin",
        "an admin",
    )


def test_errors_of_a_request_say_where_it_stands() -> None:
    late = TransitionError("approve", state="published", by="U1")
    paused = PausedError(by="U1", reason="Sad news")

    assert (str(late), late.step, late.state, late.by) == (
        "approve is not possible: published",
        "approve",
        "published",
        "U1",
    )
    assert TransitionError("approve", state="published").by == ""
    assert (str(paused), paused.by, paused.reason) == ("paused by U1", "U1", "Sad news")
    assert PausedError(by="U1").reason == ""
