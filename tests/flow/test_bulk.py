"""Several requests decided in one window, from the list, from Home and by the shortcut."""

from typing import Any

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House


async def asked(house: House, *texts: str) -> list[str]:
    """The posts, each with its request, the last one newest."""
    made = []
    for text in texts:
        made.append(await house.draft(text))
        await house.editor.command("/scrm schedule last tomorrow 09:00")
        await house.approver.wait_for_message(text, channel="#approvals")
    return made


async def opened(house: House) -> dict[str, Any]:
    await house.approver.command("/scrm approvals")
    await house.approver.wait_for_message("Decide several", channel="#social")
    await house.approver.click("Decide several", channel="#social")
    return await house.approver.wait_for_modal("Decide several", containing="each decided by itself")


async def test_several_are_decided_at_once_and_each_card_tells_it(house: House) -> None:
    rejected, changed, approved = await asked(house, "Bad news", "Nearly right", "Good news")
    view = await opened(house)
    assert all(text in labels.said(view) for text in ("Bad news", "Nearly right", "Good news"))

    await house.approver.fill(
        {"Decision 1": "Approve", "Decision 2": "Request changes", "Decision 3": "Reject", "Reason": "Typos"}
    )
    await house.approver.submit()

    told = await house.approver.wait_for_modal("Decide several", containing="3 requests decided")
    assert "Rejected" in labels.said(told)
    await house.approver.wait_for_message("Scheduled", channel="#approvals")
    for text, state in (("Bad news", "Rejected"), ("Nearly right", "Changes requested")):
        card = await house.approver.wait_for_message(text, channel="#approvals")
        assert state in labels.said(card)
    posts = house.socialcrm.sandbox.posts.by_id
    assert [posts[post].status for post in (approved, changed, rejected)] == ["scheduled", "draft", "draft"]
    assert await house.editor.wait_for_message("Typos", channel="dm")
    assert not house.slack.faults


async def test_a_no_without_a_reason_is_asked_for_it_at_its_field(house: House) -> None:
    await asked(house, "Bad news", "Good news")
    await opened(house)
    await house.approver.fill({"Decision 2": "Reject"})

    outcome = await house.approver.submit(check=False)

    assert outcome["errors"] == {
        "reason": "Say why: to reject or to request changes takes a reason, which the authors read."
    }
    await house.approver.fill({"Reason": "Too early"})
    await house.approver.submit()
    assert await house.approver.wait_for_modal("Decide several", containing="1 request decided")


async def test_what_changed_meanwhile_is_not_decided_and_the_others_are(house: House) -> None:
    held, approved = await asked(house, "Held and resumed", "Good news")
    await opened(house)
    await house.editor.command(f"/scrm hold {held}")
    await house.approver.wait_for_message("On hold", channel="#approvals")
    await house.editor.command(f"/scrm resume {held}")
    await house.editor.wait_for_message("Needs 1 approval", channel="#social")

    await house.approver.fill({"Decision 1": "Approve", "Decision 2": "Approve"})
    await house.approver.submit()

    told = await house.approver.wait_for_modal("Decide several", containing="1 request not")
    assert "has changed since it was shown to you" in labels.said(told)
    await house.approver.wait_for_message("Scheduled", channel="#approvals")
    posts = house.socialcrm.sandbox.posts.by_id
    assert [posts[post].status for post in (held, approved)] == ["draft", "scheduled"]


async def test_pages_keep_the_choices_and_what_was_typed(house: House) -> None:
    await asked(house, *(f"Story number {number}" for number in range(1, 8)))
    await opened(house)
    await house.approver.fill({"Decision 1": "Hold", "Reason": "Later"})

    await house.approver.click("Next")
    second = await house.approver.wait_for_modal("Decide several", containing="Page 2 of 2")
    assert "1 choice made so far" in labels.said(second)
    await house.approver.fill({"Decision 7": "Reject"})
    await house.approver.submit()

    told = labels.said(await house.approver.wait_for_modal("Decide several", containing="2 requests decided"))
    assert "On hold" in told
    assert "Rejected" in told
    assert await house.editor.wait_for_message("Later", channel="dm")
    assert not house.slack.faults


async def test_home_and_the_shortcut_lead_there(house: House) -> None:
    await asked(house, "Bad news", "Good news")
    await house.approver.open_home()
    await house.approver.wait_for_home("Decide several")

    await house.approver.click("Decide several", home=True)
    assert await house.approver.wait_for_modal("Decide several", containing="Good news")
    await house.approver.close(clear=True)

    await house.approver.shortcut("My approvals")
    await house.approver.wait_for_message("Decide several", channel="dm")
    await house.approver.click("Decide several", channel="dm")
    assert await house.approver.wait_for_modal("Decide several", containing="Good news")


async def test_who_has_nothing_to_decide_is_told_so(house: House) -> None:
    await asked(house, "Bad news", "Good news")
    await house.editor.command("/scrm approvals")

    listing = await house.editor.wait_for_message("Approvals", channel="#social")

    assert "Decide several" not in [label for label, _ in labels.buttons(listing["blocks"])]
