"""Posts for a menu, by what is typed."""

from datetime import timedelta

import pytest

from scrm_bot.usecases import suggesting
from tests.builders import EDITOR, NOW, a_post
from tests.fakes.workspace import Fakes, some_fakes

OLD = "3f9c1a2b-77"


@pytest.fixture
def fakes() -> Fakes:
    """Sixty posts, the newest first, and behind them two that no look at the newest finds."""
    made = [
        a_post(id=f"post_{n}", body=f"Body {n}.", created_at=NOW - timedelta(minutes=n)) for n in range(60)
    ]
    return some_fakes(*made, a_post(id=OLD, body="Old one.", created_at=NOW - timedelta(days=9)))


async def ids(fakes: Fakes, typed: str) -> list[str]:
    return [post.id for post in await suggesting.posts(fakes.workspace, typed, by=EDITOR)]


async def test_the_newest_are_suggested_by_text_and_id(fakes: Fakes) -> None:
    assert len(await ids(fakes, "")) == suggesting.LOOKED
    assert await ids(fakes, " body 4. ") == ["post_4"]
    assert await ids(fakes, "Body 59.") == []


@pytest.mark.parametrize("typed", ["post_59", "post_59,", "https://app.socialcrm.org/posts/post_59"])
async def test_an_older_post_is_found_by_its_name(fakes: Fakes, typed: str) -> None:
    assert await ids(fakes, typed) == ["post_59"]


async def test_an_id_of_any_shape_is_found_where_no_text_has_it(fakes: Fakes) -> None:
    assert await ids(fakes, OLD) == [OLD]


async def test_last_and_a_number_of_the_list_come_before_what_has_them_in_its_text(fakes: Fakes) -> None:
    await fakes.memory.remember_post(EDITOR, "post_59")
    await fakes.memory.remember_list(EDITOR, ["post_7", "post_8"])

    assert await ids(fakes, "last") == ["post_59"]
    assert (await ids(fakes, "2"))[:3] == ["post_8", "post_2", "post_12"]
    assert (await ids(fakes, "8"))[0] == "post_8"


@pytest.mark.parametrize("typed", ["post_404", "99", "no such words here"])
async def test_what_is_not_there_is_not_suggested(fakes: Fakes, typed: str) -> None:
    assert await ids(fakes, typed) == []


async def test_a_named_post_that_is_among_the_newest_is_not_read_again(fakes: Fakes) -> None:
    assert await ids(fakes, "post_49") == ["post_49"]
    assert fakes.socialcrm.count("get_post") == 0
