import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.insights import Idea, Media, Metrics, Optimised, Persona, Trend, Upload
from scrm_bot.socialcrm import wire

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
        ({"id": "a", "provider": "linkedin", "name": "Acme"}, "Linkedin Acme"),
        ({"id": "a", "network": None, "name": None}, "a"),
        ({"id": "a", "network": None, "platform": "x", "handle": "", "username": "acme"}, "X @acme"),
    ],
)
def test_an_account_is_named_in_any_of_three_ways(told: Any, label: str) -> None:
    (account,) = wire.account_list([told])

    assert account.label == label


@pytest.mark.parametrize(
    ("told", "row"),
    [
        ({"likes": 3, "ctr": 0.5}, Metrics((("likes", 3.0), ("ctr", 0.5)))),
        ({"id": 9, "post_id": 4, "created_at": 17, "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account_id": "acct_1", "likes": 1}, Metrics((("likes", 1.0),), "acct_1")),
        ({"account_id": 7, "likes": 1}, Metrics((("likes", 1.0),), "7")),
        ({"account_id": ["?"], "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account_id": True, "accountId": "", "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account": 7, "postId": 4, "createdAt": 3, "likes": 1}, Metrics((("likes", 1.0),), "7")),
        ({"post_id": "p", "metrics": {"likes": 1, "id": 2}}, Metrics((("likes", 1.0),))),
        (
            {"views": {"total": 5, "unique": 2}, "likes": 1},
            Metrics((("views_total", 5.0), ("views_unique", 2.0), ("likes", 1.0))),
        ),
        (
            {"a": "12", "b": "-1.5", "c": "12%", "d": "", "e": "1e3", "f": "NaN"},
            Metrics((("a", 12.0), ("b", -1.5))),
        ),
        ({"a": True, "b": None, "c": [1], "d": 10**400, "e": float("inf"), "f": float("nan")}, Metrics()),
        ({}, Metrics()),
    ],
)
def test_a_number_has_any_name_and_a_missing_one_is_absent(told: Any, row: Metrics) -> None:
    assert wire.metrics(told) == (row,)


@pytest.mark.parametrize(
    "told",
    [
        [{"account_id": "a", "likes": 1}, {"account_id": "b", "likes": 2}],
        {"accounts": [{"account_id": "a", "likes": 1}, {"account_id": "b", "likes": 2}]},
        {"a": {"likes": 1}, "b": {"likes": 2}},
        [{"accountId": "a", "likes": 1}, {"account": "b", "likes": 2}],
        [{"account": {"id": "a", "handle": "x"}, "likes": 1}, {"socialAccountId": "b", "likes": 2}],
        [{"id": "a", "likes": 1}, {"id": "b", "likes": 2}],
        [
            {"account_id": "a", "metric": "likes", "value": 1},
            {"account_id": "b", "metric": "likes", "value": 2},
            {"account_id": "b", "metric": "likes", "value": 3},
        ],
    ],
)
def test_rows_are_told_apart_by_their_account(told: Any) -> None:
    assert wire.metrics(told) == (Metrics((("likes", 1.0),), "a"), Metrics((("likes", 2.0),), "b"))


def test_without_an_id_an_account_is_its_network_and_handle() -> None:
    rows = [
        {"network": "instagram", "username": "acme", "likes": 1},
        {"account": {"platform": "x", "handle": "@acme"}, "likes": 2},
        {"provider": "tiktok", "likes": 3},
        {"handle": "nobody", "likes": 4},
    ]

    assert [row.account_id for row in wire.metrics(rows)] == ["Instagram @acme", "X @acme", "Tiktok", ""]


@pytest.mark.parametrize("name", ["impressions", "engagementRate", "engagement_rate", "ctr"])
def test_a_number_in_parts_is_no_account(name: str) -> None:
    (row,) = wire.metrics({name: {"total": 100, "organic": 60}})

    assert row == Metrics(((f"{name}_total", 100.0), (f"{name}_organic", 60.0)))


def test_a_list_of_named_values_is_one_row() -> None:
    rows = [{"metric": "likes", "value": 3}, {"metric": "shares", "value": 2}]

    assert wire.metrics(rows) == (Metrics((("likes", 3.0), ("shares", 2.0))),)


def test_no_rows_are_no_numbers() -> None:
    assert wire.metrics([]) == ()


@pytest.mark.parametrize("odd", [None, 3, "x", [1], [{"a": 1}, None]])
def test_what_holds_no_numbers_is_an_error(odd: Any) -> None:
    with pytest.raises(wire.MisfitError):
        wire.metrics(odd)


def test_a_persona_is_strings_and_lists_of_strings_in_their_order() -> None:
    told = {"voice": "warm", "tone": ["plain", 3, ""], "id": "p1", "nothing": None, "values": []}

    assert wire.persona({**told, "updated_at": "2026"}) == Persona(
        (("voice", ("warm",)), ("tone", ("plain",)))
    )


def test_no_persona_is_one_without_traits() -> None:
    assert wire.persona(wire.payload(body({"data": None}))) == Persona()


@pytest.mark.parametrize(
    ("told", "trend"),
    [
        ("#tea", Trend("#tea")),
        ({"topic": "tea", "volume": 3}, Trend("tea", 3.0)),
        ({"title": "tea", "score": "4.5"}, Trend("tea", 4.5)),
        ({"name": "tea", "posts": []}, Trend("tea")),
        ({"hashtag": "#tea", "volume": None, "posts": 2}, Trend("#tea", 2.0)),
    ],
)
@pytest.mark.parametrize("around", [None, "trending", "topics", "trends"])
def test_a_trend_is_a_word_or_an_object(told: Any, trend: Trend, around: str | None) -> None:
    assert wire.trends({around: [told]} if around else [told]) == (trend,)


@pytest.mark.parametrize("told", ["x", {"text": "x"}, {"body": "x"}, {"text": "", "body": "x"}])
def test_a_written_text_has_either_name(told: Any) -> None:
    assert wire.text(told) == "x"


@pytest.mark.parametrize(
    "told",
    [
        {"hashtags": ["#tea", "tea", "##time", " ", "#"]},
        ["tea", "time"],
        "#tea #time",
        [{"tag": "tea"}, {"hashtag": "#time"}],
    ],
)
def test_hashtags_have_one_sign_each_and_come_once(told: Any) -> None:
    told = [each for each in told if each != " "] if isinstance(told, list) else told

    assert wire.hashtags(told) == ("#tea", "#time")


@pytest.mark.parametrize("name", ["posts", "thread", "parts", None])
@pytest.mark.parametrize("part", ["one", {"text": "one"}, {"body": "one"}])
def test_a_thread_has_any_of_three_names(name: str | None, part: Any) -> None:
    assert wire.thread({name: [part, "two"]} if name else [part, "two"]) == ("one", "two")


@pytest.mark.parametrize(
    ("told", "idea"),
    [
        ("A quiz", Idea("A quiz")),
        ({"title": "A quiz"}, Idea("A quiz")),
        ({"text": "Ask them"}, Idea("Ask them")),
        ({"description": "Ask them"}, Idea("Ask them")),
        ({"title": "A quiz", "text": "Ask them"}, Idea("A quiz", "Ask them")),
        ({"title": "A quiz", "description": "Ask them"}, Idea("A quiz", "Ask them")),
    ],
)
@pytest.mark.parametrize("around", [None, "ideas"])
def test_an_idea_has_a_title_or_words(told: Any, idea: Idea, around: str | None) -> None:
    assert wire.ideas({around: [told]} if around else [told]) == (idea,)


@pytest.mark.parametrize(
    ("told", "suggestions"),
    [
        ({"text": "x", "suggestions": ["a", {"text": "b"}]}, ("a", "b")),
        ({"body": "x", "suggestions": "a"}, ("a",)),
        ({"text": "x", "suggestions": ["", {"title": "a"}, {"message": "b"}, 3, None]}, ("a", "b")),
        ({"text": "x", "suggestions": None}, ()),
        ({"text": "x", "suggestions": 3}, ()),
        ("x", ()),
    ],
)
def test_an_optimised_text_may_bring_suggestions(told: Any, suggestions: tuple[str, ...]) -> None:
    assert wire.optimised(told) == Optimised("x", suggestions)


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


@pytest.mark.parametrize(
    "reading",
    [
        wire.text,
        wire.hashtags,
        wire.thread,
        wire.ideas,
        wire.optimised,
        wire.persona,
        wire.trends,
        wire.upload,
    ],
)
@pytest.mark.parametrize("odd", [None, 3, True, [None], [{}], {"text": "x", "suggestions": 3, "ideas": "x"}])
def test_what_fits_no_variant_is_an_error(reading: Any, odd: Any) -> None:
    if reading in {wire.text, wire.optimised} and isinstance(odd, dict):
        odd = {"text": ""}
    if reading is wire.persona and isinstance(odd, dict):
        odd = [odd]

    with pytest.raises(ValueError, match=r"."):
        reading(odd)


@pytest.mark.parametrize(
    ("reading", "told", "read"),
    [
        (wire.hashtags, ["tea", "", None, {"tag": ""}], ("#tea",)),
        (wire.thread, {"posts": ["one", "", {"text": None}]}, ("one",)),
        (wire.ideas, [{"title": "A quiz"}, {}, 3], (Idea("A quiz"),)),
        (wire.trends, ["#tea", {"volume": 3}, None], (Trend("#tea"),)),
    ],
)
def test_an_odd_entry_does_not_cost_the_others(reading: Any, told: Any, read: tuple[Any, ...]) -> None:
    assert reading(told) == read


@given(JSON)
def test_any_json_is_understood_or_refused_and_nothing_else(value: Any) -> None:
    readings: tuple[Any, ...] = (
        wire.post,
        wire.post_list,
        wire.account_list,
        wire.upload,
        wire.text,
        wire.hashtags,
        wire.thread,
        wire.ideas,
        wire.optimised,
        wire.persona,
        wire.trends,
        wire.metrics,
    )
    understood = 0
    for reading in readings:
        try:
            reading(value)
        except ValueError:
            continue
        understood += 1

    assert understood <= len(readings)
