"""/scrm reassign, and the same from the card's menu."""

import pytest

from scrm_bot.domain.errors import ApprovalNotFoundError, NotPermittedError, UsageError
from scrm_bot.slack.reply import CloseModal
from scrm_bot.views.ids import CardEntry, menu_value
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    checked,
    click,
    field,
    metadata_of,
    opened,
    said,
    say,
    submit,
    told,
)


@pytest.fixture
async def asked(fakes: Fakes) -> Fakes:
    await say(fakes, "publish post_123")
    return fakes


def approvers(fakes: Fakes) -> tuple[str, ...]:
    (request,) = fakes.approvals.approvals.values()
    return request.policy.approvers


@pytest.mark.parametrize("who", ["<@UNEXT>", "<@UNEXT|ana>", " <@UNEXT> "])
async def test_a_named_person_decides_from_then_on(asked: Fakes, who: str) -> None:
    answer = await told(asked, f"reassign post_123 {who}", by="UAPPROVER")

    assert approvers(asked) == ("USECOND", "UNEXT")
    assert asked.announcer.people_told == ["UNEXT"]
    assert "<@UNEXT> may decide" in said(answer)
    assert not answer.shared


async def test_it_can_be_told_to_everyone(asked: Fakes) -> None:
    assert (await told(asked, "reassign post_123 <@UNEXT> --share", by="UADMIN")).shared


@pytest.mark.parametrize("who", ["@ana", "ana", "<#C1|social>", "<@UNEXT> <@UMORE>"])
async def test_who_is_nobody_in_particular_is_asked_about(asked: Fakes, who: str) -> None:
    with pytest.raises(UsageError, match="Name one person, such as `@ana`") as raised:
        await say(asked, f"reassign post_123 {who}", by="UAPPROVER")
    assert raised.value.field == "person"
    assert approvers(asked) == ("UAPPROVER", "USECOND")


async def test_without_a_post_one_is_chosen(fakes: Fakes) -> None:
    assert metadata_of(await opened(fakes, "reassign"))["verb"] == "reassign"


async def test_without_a_person_one_is_chosen(asked: Fakes) -> None:
    (approval_id,) = asked.approvals.approvals
    view = await opened(asked, "reassign post_123", by="UAPPROVER")

    assert metadata_of(view) == {"approval": approval_id, "channel": "CSOCIAL"}
    assert field(view, "person")["element"]["type"] == "users_select"
    assert checked(a_submission(view, person="UNEXT")) == CloseModal()
    answer = a_reply(await submit(asked, view, by="UAPPROVER", person="UNEXT"))
    assert approvers(asked) == ("USECOND", "UNEXT")
    assert "<@UNEXT> may decide" in said(answer)


async def test_the_cards_menu_asks_for_the_person(asked: Fakes) -> None:
    (approval_id,) = asked.approvals.approvals
    chosen = menu_value(CardEntry.REASSIGN, approval_id)

    view = a_modal(await click(asked, "card_menu", chosen, by="UAPPROVER")).view
    assert metadata_of(view)["approval"] == approval_id
    assert "Launch day is here." in said(view)


async def test_who_may_not_reads_so_before_choosing_anybody(asked: Fakes) -> None:
    (approval_id,) = asked.approvals.approvals
    chosen = menu_value(CardEntry.REASSIGN, approval_id)

    with pytest.raises(NotPermittedError, match="the author, an approver or an admin"):
        await click(asked, "card_menu", chosen, by="USTRANGER")
    with pytest.raises(NotPermittedError, match="the author, an approver or an admin"):
        await say(asked, "reassign post_123", by="USTRANGER")


async def test_a_post_nobody_asked_about_has_nothing_to_hand_over(fakes: Fakes) -> None:
    with pytest.raises(ApprovalNotFoundError):
        await say(fakes, "reassign post_123 <@UNEXT>")


async def test_authors_do_not_choose_their_judge(asked: Fakes) -> None:
    with pytest.raises(UsageError, match="one of the approvers only"):
        await say(asked, "reassign post_123 <@UNEXT>")
