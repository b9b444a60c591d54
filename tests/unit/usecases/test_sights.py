from scrm_bot.domain.approvals import Approval, State
from scrm_bot.usecases import sights
from tests.builders import APPROVER, SECOND_APPROVER, a_decision, an_approval
from tests.fakes.workspace import Fakes


async def seen(fakes: Fakes, approval: Approval, *, by: str = APPROVER) -> bool:
    return await sights.has_seen(fakes.workspace, approval, by=by)


async def test_what_somebody_was_shown_is_theirs_alone(fakes: Fakes) -> None:
    await sights.note(fakes.workspace, [an_approval()], by=APPROVER)

    assert await seen(fakes, an_approval())
    assert not await seen(fakes, an_approval(), by=SECOND_APPROVER)
    assert not await seen(fakes, an_approval(id="apr_2"))


async def test_another_content_or_state_was_not_seen(fakes: Fakes) -> None:
    await sights.note(fakes.workspace, [an_approval()], by=APPROVER)

    assert not await seen(fakes, an_approval(body="Other words"))
    assert not await seen(fakes, an_approval(state=State.ON_HOLD))
    assert await seen(fakes, an_approval(decisions=(a_decision(by=SECOND_APPROVER),)))


async def test_what_was_seen_before_stays_for_the_latest_forty(fakes: Fakes) -> None:
    first, second = an_approval(id="apr_a"), an_approval(id="apr_b")
    await sights.note(fakes.workspace, [first, second], by=APPROVER)
    await sights.note(fakes.workspace, [], by=APPROVER)
    await sights.note(fakes.workspace, [first, *(an_approval(id=f"apr_{n}") for n in range(39))], by=APPROVER)

    assert await seen(fakes, first)
    assert not await seen(fakes, second)
