"""Lists of posts: by filter, page by page, and bounded however many there are."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.lists import PAGE, WINDOW, Listed, Place
from scrm_bot.domain.posts import Post
from scrm_bot.usecases import listing
from scrm_bot.usecases.listing import PostFilter
from tests.builders import EDITOR, NOW, a_post, accounts
from tests.fakes.workspace import Fakes, some_fakes

OTHER = "UOTHER"
MOST_CALLS = 20
BODY = 2_000


def a_shelf() -> Fakes:
    """Seven posts, `post_6` the newest: drafts and scheduled ones in turn, on two accounts."""
    return some_fakes(
        *(
            a_post(
                id=f"post_{number}",
                status="scheduled" if number % 2 else "Draft",
                account_ids=("acct_1",) if number < 4 else ("acct_2", "acct_9"),
                created_at=NOW + timedelta(minutes=number),
            )
            for number in range(7)
        )
    )


def thousands(count: int = 10_000, *, failed: Sequence[int] = ()) -> Fakes:
    """Posts 1 (the newest) to `count`, made anew whenever they are asked for."""
    fakes = some_fakes()

    def made(number: int) -> Post:
        status = "failed" if number in failed else "draft"
        body = f"{number} ".ljust(BODY, "x")
        at = NOW - timedelta(minutes=number)
        return a_post(id=f"post_{number}", body=body, status=status, created_at=at)

    async def listed(*, limit: int = 20, offset: int = 0) -> list[Post]:
        fakes.socialcrm.calls.append(("list_posts", ""))
        return [made(number) for number in range(offset + 1, min(offset + limit, count) + 1)]

    async def read(post_id: str) -> Post:
        fakes.socialcrm.calls.append(("get_post", post_id))
        return made(int(post_id.removeprefix("post_")))

    fakes.socialcrm.list_posts = listed  # type: ignore[method-assign]
    fakes.socialcrm.get_post = read  # type: ignore[method-assign]
    return fakes


async def page(fakes: Fakes, place: Place | None = None, wanted: PostFilter | None = None) -> Listed:
    return await listing.page(fakes.workspace, wanted or PostFilter(), place, by=EDITOR, name=str(wanted))


def ids(found: Listed) -> list[str]:
    return [post.id for _, post in found.posts]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (PostFilter(), "6543210"),
        (PostFilter(status="draft"), "6420"),
        (PostFilter(status="scheduled"), "531"),
        (PostFilter(account_ids=("acct_2",)), "654"),
        (PostFilter(account_ids=("acct_2", "acct_1")), "6543210"),
        (PostFilter(status="draft", account_ids=("acct_1",)), "20"),
        (PostFilter(mine=True), "52"),
        (PostFilter(mine=True, status="draft"), "2"),
        (PostFilter(status="failed"), ""),
    ],
)
async def test_posts_are_listed_newest_first_by_filter(wanted: PostFilter, numbers: str) -> None:
    fakes = a_shelf()
    for number, author in [(1, OTHER), (2, EDITOR), (5, EDITOR)]:
        await fakes.memory.keep(f"author:post_{number}", {"user": author})

    found = await page(fakes, wanted=wanted)

    expected = [f"post_{number}" for number in numbers]
    assert ids(found) == expected
    assert fakes.memory.lists[EDITOR] == tuple(expected)
    assert (found.total, found.next, found.previous) == (len(expected), None, None)


async def test_posts_without_a_time_come_last_in_their_own_order() -> None:
    fakes = some_fakes(a_post(id="a", created_at=None), a_post(id="b"), a_post(id="c", created_at=None))

    assert ids(await page(fakes)) == ["b", "a", "c"]


async def test_numbers_keep_their_meaning_while_posts_come_and_go() -> None:
    fakes = thousands(25)
    first = await page(fakes)
    await fakes.memory.remember_list(EDITOR, ["post_99"])

    second = await page(fakes, first.next)

    assert [number for number, _ in second.posts] == list(range(11, 21))
    assert ids(second)[0] == "post_11"
    assert fakes.socialcrm.count("list_posts") == 1
    assert await fakes.memory.listed_post(EDITOR, 25) == "post_25"
    assert second.previous == Place(1)
    assert second.next == Place(21)


async def test_back_on_the_first_page_the_posts_are_those_that_were_found() -> None:
    fakes = thousands(2_000)
    await page(fakes)
    looked = fakes.socialcrm.count("list_posts")

    first = await page(fakes, Place(1))

    assert ids(first) == [f"post_{number}" for number in range(1, 11)]
    assert fakes.socialcrm.count("list_posts") == looked
    await page(fakes)
    assert fakes.socialcrm.count("list_posts") == 2 * looked


async def test_a_page_shows_its_posts_as_they_are_now_and_without_those_that_are_gone() -> None:
    fakes = some_fakes(*(a_post(id=f"post_{n}", created_at=NOW - timedelta(minutes=n)) for n in range(1, 14)))
    first = await page(fakes)
    del fakes.socialcrm.posts["post_12"]
    fakes.socialcrm.change("post_13", body="New words")

    second = await page(fakes, first.next)

    assert [(number, post.body) for number, post in second.posts] == [
        (11, "Launch day is here."),
        (13, "New words"),
    ]
    assert second.gone == 1


async def test_a_page_that_is_not_kept_any_more_is_looked_for_anew() -> None:
    fakes = thousands(25)

    found = await page(fakes, Place(11))

    assert ids(found)[0] == "post_11"
    assert fakes.socialcrm.count("list_posts") == 1


async def test_a_post_that_is_told_twice_is_listed_once() -> None:
    fakes = thousands(120)
    told = fakes.socialcrm.list_posts

    async def shifted(*, limit: int = 20, offset: int = 0) -> Sequence[Post]:
        return await told(limit=limit, offset=max(0, offset - 1))  # one more was made meanwhile

    fakes.socialcrm.list_posts = shifted  # type: ignore[method-assign]

    found = await page(fakes)

    assert (found.total, found.looked) == (120, 121)
    assert len(set(fakes.memory.lists[EDITOR])) == found.total


@pytest.mark.parametrize("name", ["draft", "mine " * 400, "<!channel>\n"])
async def test_each_filter_has_a_list_of_its_own(name: str) -> None:
    fakes = thousands(25)

    await listing.page(fakes.workspace, PostFilter(), by=EDITOR, name=name)

    (kept,) = fakes.memory.kept
    assert len(kept) < 60
    assert "\n" not in kept


async def test_among_ten_thousand_every_click_makes_a_bounded_number_of_calls() -> None:
    fakes = thousands()
    seen, place, most = 0, Place(), 0
    while True:
        before = len(fakes.socialcrm.calls)
        found = await page(fakes, place, PostFilter(status="draft"))
        most = max(most, len(fakes.socialcrm.calls) - before)
        seen += len(found.posts)
        assert len(fakes.memory.lists[EDITOR]) <= WINDOW
        if found.next is None:
            break
        place = found.next

    assert seen == 10_000
    assert most <= MOST_CALLS


async def test_among_ten_thousand_the_rare_are_found_by_going_on() -> None:
    fakes = thousands(failed=(3, 9_700))
    first = await page(fakes, wanted=PostFilter(status="failed"))
    place, clicks = first.next, 0
    while place is not None:
        found = await page(fakes, place, PostFilter(status="failed"))
        place, clicks = found.next, clicks + 1

    assert ids(first) == ["post_3"]
    assert ids(found) == ["post_9700"]
    assert found.previous == Place(1, 8_550)
    assert clicks == 10


async def test_a_look_at_ten_thousand_holds_a_few_posts_at_a_time() -> None:
    fakes = thousands()
    await page(fakes)  # whatever is made once is made by now
    tracemalloc.start()
    try:
        await page(fakes)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < WINDOW * BODY / 3


@pytest.mark.parametrize("place", [Place(), Place(11), Place(1, 950), Place(941, 9_500)])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert Place.read(str(place)) == place


@pytest.mark.parametrize("written", ["", "x", "-4", "0", "+", "9" * 400 + "x", "1+-3"])
def test_what_is_no_place_is_the_first(written: str) -> None:
    assert Place.read(written) == Place()


def test_an_endless_number_is_no_trouble() -> None:
    assert Place.read("9" * 5_000).start == 999_999_999


def test_a_page_in_the_middle_has_both_neighbours() -> None:
    found = Listed((), Place(11, WINDOW), total=40, looked=WINDOW, is_all=False)

    assert (found.previous, found.next) == (Place(1, WINDOW), Place(11 + PAGE, WINDOW))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", PostFilter()),
        ("all", PostFilter()),
        ("scheduled", PostFilter(status="scheduled")),
        ("Drafts", PostFilter(status="draft")),
        ("mine", PostFilter(mine=True)),
        ("Mine, failed", PostFilter(status="failed", mine=True)),
        ("published @acme x", PostFilter(status="published", account_ids=("acct_1", "acct_3"))),
        ("publishing", PostFilter(status="publishing")),
    ],
)
def test_what_to_list_is_read_in_any_order(typed: str, wanted: PostFilter) -> None:
    assert listing.read_filter(typed, accounts()) == wanted


def test_an_account_called_like_a_status_is_still_an_account() -> None:
    named = [replace(accounts()[0], handle="draft")]

    assert listing.read_filter("draft", named) == PostFilter(account_ids=("acct_1",))


def test_an_unknown_word_in_a_filter_is_asked_about() -> None:
    with pytest.raises(UsageError, match="No connected account is called “sheduled”"):
        listing.read_filter("sheduled", accounts())
