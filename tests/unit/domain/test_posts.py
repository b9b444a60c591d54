from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.posts import Content, content_of, newest
from tests.builders import LATER, NOW, a_content, a_post


def test_a_hash_is_the_same_in_every_process_and_release() -> None:
    content = Content("Hé", ("b", "a"), ("m1",), datetime(2026, 12, 1, 9, tzinfo=UTC))

    assert content.hash == "d6f0c8adcaba589c8bdf2d25ea78d8e4fcfb5cdc107a812a6e48377cc8cd79b4"


def test_the_order_of_accounts_does_not_matter_and_that_of_media_does() -> None:
    assert Content("x", ("a", "b")).hash == Content("x", ("b", "a")).hash
    assert Content("x", (), ("a", "b")).hash != Content("x", (), ("b", "a")).hash


def test_the_same_moment_in_another_zone_is_the_same_content() -> None:
    east = LATER.astimezone(timezone(timedelta(hours=9)))

    assert a_content(at=east).hash == a_content(at=LATER).hash
    assert a_content(at=LATER).hash != a_content(at=None).hash
    assert a_content(at=LATER).hash != a_content(at=NOW).hash


contents = st.builds(
    Content,
    st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
    st.sampled_from([None, NOW, LATER]),
)


@given(contents, contents)
def test_two_contents_share_a_hash_only_when_they_look_the_same(one: Content, other: Content) -> None:
    def look(content: Content) -> object:
        return (content.body, sorted(content.account_ids), content.media_ids, content.at)

    assert (one.hash == other.hash) == (look(one) == look(other))


def test_what_goes_out_is_the_post_as_it_stands_at_that_time() -> None:
    post = a_post(body="Hi", account_ids=("b", "a"), media_ids=("m2", "m1"))

    assert content_of(post, at=LATER) == Content("Hi", ("a", "b"), ("m2", "m1"), LATER)
    assert content_of(post, at=None).at is None


def test_the_newest_post_comes_first_and_those_without_a_time_last() -> None:
    old, new = a_post(id="old", created_at=NOW), a_post(id="new", created_at=LATER)
    first, second = a_post(id="first", created_at=None), a_post(id="second", created_at=None)

    assert [post.id for post in newest([first, old, second, new])] == ["new", "old", "first", "second"]
