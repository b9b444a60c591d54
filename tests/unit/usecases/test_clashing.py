"""The look around before a request: advice, and never in the way."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    ScrmError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
)
from scrm_bot.domain.posts import Post
from scrm_bot.usecases import clashing
from tests.builders import LATER, a_content, a_post, an_approval
from tests.fakes.stores import FakeApprovalStore
from tests.fakes.workspace import Fakes, some_fakes

CONTENT = a_content(at=LATER)


@pytest.fixture
def fakes() -> Fakes:
    other = a_post(id="post_7", status="scheduled", body="Other words", scheduled_at=LATER)
    return some_fakes(a_post(), other)


async def test_the_newest_posts_are_looked_at_with_one_call(fakes: Fakes) -> None:
    (clash,) = await clashing.look(fakes.workspace, "post_123", CONTENT)

    assert clash.post_id == "post_7"
    assert [name for name, _ in fakes.socialcrm.calls] == ["list_posts"]


async def test_a_post_is_not_in_its_own_way(fakes: Fakes) -> None:
    assert await clashing.look(fakes.workspace, "post_7", CONTENT) == ()


async def test_a_full_page_is_read(fakes: Fakes) -> None:
    asked_for: list[int] = []

    async def listed(*, limit: int = 20, offset: int = 0) -> Sequence[Post]:
        asked_for.append(limit + offset)
        return ()

    fakes.socialcrm.list_posts = listed  # type: ignore[method-assign]
    assert await clashing.look(fakes.workspace, "post_123", CONTENT) == ()
    assert asked_for == [50]


@pytest.mark.parametrize(
    "error",
    [UnauthorizedError(), SocialCRMUnreachableError(), NotConnectedError(), BudgetExhaustedError(retry_in=9)],
)
async def test_a_look_that_fails_finds_nothing(fakes: Fakes, error: ScrmError) -> None:
    fakes.socialcrm.refuse("list_posts", error)

    assert await clashing.look(fakes.workspace, "post_123", CONTENT) == ()


async def test_a_look_that_takes_too_long_is_given_up(fakes: Fakes) -> None:
    async def never(**_: int) -> Sequence[Post]:
        await asyncio.Event().wait()
        return ()

    fakes.socialcrm.list_posts = never  # type: ignore[method-assign]
    assert await clashing.look(fakes.workspace, "post_123", CONTENT, within=0.0) == ()
    assert clashing.LONGEST == 5


async def test_what_others_have_asked_for_is_seen_even_when_socialcrm_does_not_answer(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_posts", SocialCRMUnreachableError())
    await fakes.approvals.add(an_approval(post_id="post_9", at=LATER))

    (clash,) = await clashing.look(fakes.workspace, "post_123", CONTENT)
    assert (clash.post_id, clash.asked) == ("post_9", True)


async def test_a_store_that_does_not_answer_is_in_nobodys_way(fakes: Fakes) -> None:
    class Silent(FakeApprovalStore):
        async def open(self) -> Sequence[Approval]:
            raise StoreUnavailableError

    workspace = replace(fakes.workspace, approvals=Silent())
    assert [clash.post_id for clash in await clashing.look(workspace, "post_123", CONTENT)] == ["post_7"]
