"""The same names, used by the team that has them: there they do something, so a stranger tries no blanks."""

from collections.abc import AsyncIterator

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.views.ids import Action, Callback, CardEntry, Row
from tests.tenants.conftest import Case
from tests.tenants.loot import KEPT, NEIGHBOUR, a_view, furnish
from tests.tenants.street import APPROVALS, MARKER, a_street


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[Case]:
    async with a_street() as street:
        yield Case(street, await furnish(street))


async def click(case: Case, action_id: str, value: str) -> str:
    """A click of the neighbour's own; what it heard since."""
    before = len(case.street.heard(NEIGHBOUR))
    action = {"type": "button", "action_id": action_id, "action_ts": "1.1", "block_id": Row.CARD}
    payload = {"type": "block_actions", "channel": {"id": APPROVALS}, "message": {"ts": "5.5"}}
    await case.street.interact(NEIGHBOUR, payload | {"actions": [{**action, "value": value}]})
    await case.street.settled(NEIGHBOUR)
    return case.street.heard(NEIGHBOUR)[before:]


@pytest.mark.parametrize("action_id", [Action.SHOW_POST, Action.EDIT_POST, Action.DRAFT_THIS])
async def test_a_button_shows_what_is_ones_own(house: Case, action_id: Action) -> None:
    value = KEPT if action_id is Action.DRAFT_THIS else house.loot.posts[0]

    assert MARKER in await click(house, action_id, value)


async def test_a_menu_shows_the_history_of_ones_own_request(house: Case) -> None:
    told = await click(house, Action.CARD_MENU, f"{CardEntry.HISTORY}:{house.loot.requests[0].id}")

    assert "views.open" in told


async def test_a_job_of_ones_own_is_put_back(house: Case) -> None:
    before = await house.look()
    await click(house, Action.RETRY_JOB, house.loot.dead)

    assert await house.look() != before


async def test_a_modal_decides_ones_own_request(house: Case) -> None:
    request = house.loot.requests[1]
    view = a_view(Callback.REJECT, house.loot, request, post=house.loot.posts[1])
    await house.street.interact(NEIGHBOUR, {"type": "view_submission", "view": view})
    await house.street.settled(NEIGHBOUR)
    store = RedisApprovalStore(house.street.database, NEIGHBOUR)

    assert (await store.get(request.id)).state is State.REJECTED


async def test_a_click_decides_ones_own_request(house: Case) -> None:
    request = house.loot.requests[0]
    await click(house, Action.APPROVE, request.id)
    store = RedisApprovalStore(house.street.database, NEIGHBOUR)

    assert (await store.get(request.id)).state is not State.PENDING
