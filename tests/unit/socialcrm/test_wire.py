import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.insights import Media, Upload
from scrm_bot.socialcrm import wire, wire_numbers, wire_words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        ({"data": {"text": "x"}}, {"text": "x"}),
        ({"data": []}, []),
        ({"data": None}, []),
        ({"id": "1", "data": "kept"}, {"id": "1", "data": "kept"}),
        ([1], [1]),
        ("x", "x"),
    ],
)
def test_an_answer_comes_bare_or_under_data(value: Any, inside: Any) -> None:
    assert wire.payload(body(value)) == inside


@pytest.mark.parametrize("empty", [b"", b" \n"])
def test_an_empty_answer_is_nothing(empty: bytes) -> None:
    assert wire.payload(empty) is None


@pytest.mark.parametrize("odd", [b"{", b"NaN", b"[Infinity]", b"\xff", b"<html>", b'{"a":1}x', b"[" * 500])
def test_what_is_no_json_is_an_error(odd: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.payload(odd)


def test_a_post_with_nothing_but_an_id_claims_nothing() -> None:
    (post,) = wire.post_list([{"id": "post_123"}])

    assert (post.id, post.status, post.body, post.account_ids) == ("post_123", "unknown", "", ())
    assert not post.accounts_told
    assert (post.scheduled_at, post.published_at, post.created_at, post.updated_at) == (None,) * 4


def test_a_post_is_read_whole_and_unknown_fields_are_ignored() -> None:
    told = {
        "id": 7,
        "status": "in_review",
        "body": "Hello",
        "account_ids": ["acct_1", 2],
        "media_ids": None,
        "scheduled_at": "2026-12-01T10:00:00+01:00",
        "published_at": "2026-12-01T09:00:00Z",
        "created_at": "2026-12-01T09:00:00",
        "updated_at": "",
        "error": None,
        "mood": {"anything": []},
    }
    (post,) = wire.post_list([told])

    assert (post.id, post.status, post.account_ids, post.media_ids) == ("7", "in_review", ("acct_1", "2"), ())
    assert {post.scheduled_at, post.published_at, post.created_at} == {NINE}
    assert {each.tzinfo for each in (post.scheduled_at, post.published_at, post.created_at) if each} == {UTC}
    assert post.updated_at is None


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("Token expired", "Token expired"),
        ({"code": "x", "message": "Token expired"}, "Token expired"),
        ({"code": "x", "message": None}, "x"),
        ({}, ""),
        ([], ""),
        (False, ""),
    ],
)
def test_why_a_post_failed_is_a_text_or_an_object(error: Any, shown: str) -> None:
    (post,) = wire.post_list([{"id": "1", "status": "failed", "error": error}])

    assert post.error == shown


@pytest.mark.parametrize(
    "odd",
    [
        None,
        {},
        "x",
        [1],
        [{"id": ""}],
        [{"id": None}],
        [{"id": True}],
        [{"id": "1", "body": []}],
        [{"id": "1", "account_ids": "acct_1"}],
        [{"id": "1", "scheduled_at": "tomorrow"}],
        [{"id": "1", "scheduled_at": "0001-01-01T00:00:00+05:00"}],
    ],
)
def test_what_is_no_list_of_posts_is_an_error(odd: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.post_list(odd)


@pytest.mark.parametrize("odd", ["yesterday", {}, [], True, "0001-01-01T00:00:00+05:00"])
def test_a_post_is_read_whatever_its_history_says(odd: Any) -> None:
    (post,) = wire.post_list([{"id": "1", "created_at": odd, "updated_at": odd}])

    assert (post.created_at, post.updated_at) == (None, None)


@pytest.mark.parametrize("empty", [None, {}, []])
def test_a_change_may_be_answered_with_nothing(empty: Any) -> None:
    assert wire.post(empty) is None


@pytest.mark.parametrize(
    ("told", "label"),
    [
        ({"id": "a", "network": "instagram", "handle": "@acme"}, "Instagram @acme"),
        ({"id": "a", "platform": "x", "username": "acme"}, "X @acme"),
        ({"id": "a", "provider": "linkedin", "name": "Acme"}, "LinkedIn Acme"),
        ({"id": "a", "network": None, "name": None}, "a"),
        ({"id": "a", "network": None, "platform": "x", "handle": "", "username": "acme"}, "X @acme"),
    ],
)
def test_an_account_is_named_in_any_of_three_ways(told: Any, label: str) -> None:
    (account,) = wire.account_list([told])

    assert account.label == label


def test_an_upload_has_either_of_two_names_for_everything() -> None:
    short = wire.upload({"media_id": "m", "url": "https://s.example/1"})
    full = wire.upload(
        {"id": "m", "upload_url": "https://s.example/1", "method": "POST", "headers": {"a": "b"}}
    )

    assert short == Upload("m", "https://s.example/1")
    assert wire.upload({"id": None, "media_id": "m", "upload_url": "", "url": "https://s.example/1"}) == short
    assert full == Upload("m", "https://s.example/1", "POST", (("a", "b"),))


@pytest.mark.parametrize("told", [None, {}, {"id": None, "url": None}])
def test_a_confirmed_file_is_the_one_that_was_asked_about(told: Any) -> None:
    assert wire.media(told, media_id="m") == Media("m")


ONE_THING = (
    wire_words.text,
    wire_words.hashtags,
    wire_words.thread,
    wire_words.ideas,
    wire_words.optimised,
    wire_words.persona,
    wire_words.trends,
    wire.upload,
)


@pytest.mark.parametrize("reading", ONE_THING)
@pytest.mark.parametrize("odd", [None, 3, True, [None], [{}], {"text": "x", "suggestions": 3, "ideas": "x"}])
def test_what_fits_no_variant_is_an_error(reading: Any, odd: Any) -> None:
    if reading in {wire_words.text, wire_words.optimised} and isinstance(odd, dict):
        odd = {"text": ""}
    if reading is wire_words.persona and isinstance(odd, dict):
        odd = [odd]

    with pytest.raises(ValueError, match=r"."):
        reading(odd)


@given(JSON)
def test_any_json_is_understood_or_refused_and_nothing_else(value: Any) -> None:
    readings: tuple[Any, ...] = (
        wire.post,
        wire.post_list,
        wire.account_list,
        wire_numbers.metrics,
        *ONE_THING,
    )
    understood = 0
    for reading in readings:
        try:
            reading(value)
        except ValueError:
            continue
        understood += 1

    assert understood <= len(readings)
