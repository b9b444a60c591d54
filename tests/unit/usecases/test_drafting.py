from datetime import timedelta

import pytest

from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    QuotaExceededError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.usecases import drafting
from tests.builders import EDITOR
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes

OTHER = "UOTHER"


async def test_a_new_draft_becomes_the_persons_last_and_is_theirs(fakes: Fakes) -> None:
    post = await drafting.create_draft(
        fakes.workspace, "Hello", by=EDITOR, account_ids=["acct_1"], media_ids=["m1"]
    )

    assert (post.status, post.body, post.account_ids, post.media_ids) == (
        "draft",
        "Hello",
        ("acct_1",),
        ("m1",),
    )
    assert fakes.socialcrm.posts[post.id] == post
    assert await fakes.memory.last_post(EDITOR) == post.id
    assert await fakes.memory.recall(f"author:{post.id}") == {"user": EDITOR, "users": [EDITOR]}


async def test_an_empty_draft_is_not_made(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="A post needs a text or a picture") as raised:
        await drafting.create_draft(fakes.workspace, " \n ", by=EDITOR)
    assert raised.value.field == "text"
    assert fakes.socialcrm.calls == []
    assert (await drafting.create_draft(fakes.workspace, "", by=EDITOR, media_ids=["m1"])).body == ""


async def test_a_draft_whose_answer_was_lost_is_found(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", body="Hello", account_ids=("b", "a"))  # an older one just like it
    fakes.socialcrm.lose_answer("create_draft")

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    assert post.id != "post_123"
    assert len(fakes.socialcrm.posts) == 2
    assert fakes.socialcrm.count("create_draft") == 1
    assert await fakes.memory.last_post(EDITOR) == post.id


@pytest.mark.parametrize(
    "unlike",
    [
        {"body": "Hello!"},
        {"account_ids": ("a",)},
        {"status": "published"},
        {"created_at": None},
        {"created_at": START - timedelta(seconds=5, microseconds=1)},
    ],
)
async def test_a_post_that_is_not_the_lost_one_is_not_taken_for_it(
    fakes: Fakes, unlike: dict[str, object]
) -> None:
    lookalike = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START, **unlike}
    fakes.socialcrm.change("post_123", **lookalike)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    assert post.id != "post_123"
    assert fakes.socialcrm.count("create_draft") == 2


async def test_a_clock_that_is_a_little_off_does_not_hide_the_draft(fakes: Fakes) -> None:
    made = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START - timedelta(seconds=5)}
    fakes.socialcrm.change("post_123", **made)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    assert (
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    ).id == "post_123"


@pytest.mark.parametrize("told", [{"accounts_told": False, "account_ids": ()}, {"status": "unknown"}])
async def test_a_lost_draft_is_found_where_a_list_tells_little_of_it(
    fakes: Fakes, told: dict[str, object]
) -> None:
    made = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START, **told}
    fakes.socialcrm.change("post_123", **made)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])

    assert post.id == "post_123"


async def test_after_two_lost_answers_it_says_what_is_known(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    with pytest.raises(SocialCRMAmbiguousError):
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)
    assert fakes.socialcrm.count("create_draft") == 2
    assert await fakes.memory.last_post(EDITOR) is None


@pytest.mark.parametrize(
    "second", [SocialCRMUnreachableError(), QuotaExceededError(), BudgetExhaustedError(retry_in=30)]
)
async def test_a_no_to_the_second_draft_does_not_say_that_there_is_none(
    fakes: Fakes, second: ScrmError
) -> None:
    fakes.socialcrm.lose_answer("create_draft", late=timedelta(seconds=5))
    fakes.socialcrm.refuse("create_draft", second)

    with pytest.raises(SocialCRMAmbiguousError):
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)
    fakes.clock.advance(6)
    fakes.socialcrm.catch_up()
    assert len(fakes.socialcrm.posts) == 2


async def test_the_second_draft_is_looked_for_too(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.lose_answer("create_draft")

    assert (await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)).body == "Hello"
    assert fakes.socialcrm.count("create_draft") == 2


async def test_a_draft_that_cannot_be_looked_for_is_tried_once_more(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.refuse("list_posts", SocialCRMUnreachableError())

    assert (await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)).body == "Hello"


async def test_a_refused_draft_is_not_tried_again(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("create_draft", QuotaExceededError())

    with pytest.raises(QuotaExceededError):
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)
    assert fakes.socialcrm.count("create_draft") == 1
