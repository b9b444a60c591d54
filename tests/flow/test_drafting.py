"""Drafting: by command, by modal, with the assistant."""

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House

TEXT = "Grand opening on Friday at noon"


def text_of_field(view: dict[str, object]) -> str:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    (element,) = [block["element"] for block in blocks if block.get("element", {}).get("action_id") == "text"]
    return str(element.get("initial_value", ""))


async def test_one_line_makes_a_draft_for_the_named_account(house: House) -> None:
    post_id = await house.draft(TEXT, to="acct_1")

    post = house.socialcrm.sandbox.posts.by_id[post_id]
    assert (post.status, post.body, post.account_ids) == ("draft", TEXT, ("acct_1",))


async def test_the_modal_saves_what_was_typed(house: House) -> None:
    before = set(house.socialcrm.sandbox.posts.by_id)
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT, "Accounts": ["LinkedIn"], "Note": "Please check the time"})

    await house.editor.submit()

    await house.editor.wait_for_message(TEXT, channel="#social")
    (made,) = set(house.socialcrm.sandbox.posts.by_id) - before
    assert house.socialcrm.sandbox.posts.by_id[made].body == TEXT


async def test_an_answer_of_the_assistant_is_used_exactly(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": "buy now", "Accounts": ["Instagram"], "Note": "keep this"})
    await house.editor.click("Rewrite")
    answer = await house.editor.wait_for_modal("Rewrite", containing="Grab yours today")
    assert "buy now" in labels.said(answer)

    await house.editor.submit()

    form = await house.editor.wait_for(
        lambda state: next((v for v in state["views"] if ":1" in str(v["blocks"])), None), what="the new text"
    )
    assert text_of_field(form) == "Grab yours today, we would love to have you."
    await house.editor.submit()
    await house.editor.wait_for_message("Grab yours today, we would love to have you.", channel="#social")


async def test_a_draft_is_saved_and_edited_again_and_again_with_the_assistant_at_hand(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": "Version 1"})
    for number in (2, 3, 4):
        await house.editor.submit()
        await house.editor.wait_for_modal("Draft saved")
        await house.editor.click("Edit")
        form = await house.editor.wait_for_modal("Edit post")
        assert text_of_field(form) == f"Version {number - 1}"
        await house.editor.fill({"Text": f"Version {number}"})

    await house.editor.click("Rewrite")
    answer = await house.editor.wait_for_modal("Rewrite", containing="Suggested")
    assert "Version 4" in labels.said(answer)


async def test_keep_mine_changes_nothing(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT})
    await house.editor.click("Optimise")
    await house.editor.wait_for_modal("Optimise", containing="Suggested")

    await house.editor.close()
    await house.editor.wait_for_modal("New social post")
    await house.editor.submit()

    assert await house.editor.wait_for_message(TEXT, channel="#social")


async def test_a_failed_answer_gives_the_text_back(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="quota_exceeded", path="/v1/ai/*", times=None)

    await house.editor.command(f"/scrm rewrite {TEXT}")

    told = labels.said(await house.editor.wait_for_message("quota", channel="#social"))
    assert TEXT in told


async def test_an_unreadable_time_is_told_at_its_field(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT, "When": "at some point"})

    outcome = await house.editor.submit(check=False)

    assert set(outcome["errors"]) == {"when"}
    assert (await house.editor.wait_for_modal("New social post")) is not None


async def test_a_refused_draft_comes_back_with_everything_typed(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="payment_required", method="POST", path="/v1/posts")
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT})

    await house.editor.submit()

    form = await house.editor.wait_for_modal("New social post", containing="plan")
    assert text_of_field(form) == TEXT


async def test_asking_from_the_modal_puts_the_card_up(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT, "Accounts": ["X"], "When": "tomorrow 09:00"})
    await house.editor.choose("Then", "Ask for approval")

    await house.editor.submit()

    card = labels.said(await house.approver.wait_for_message("Approve", channel="#approvals"))
    assert TEXT in card
    assert "09:00" in card


async def test_a_shortcut_drafts_from_a_message(house: House) -> None:
    await house.editor.say("Customers love the new blend")

    await house.editor.shortcut("Draft a post from this", containing="Customers love", channel="#social")

    assert (
        text_of_field(await house.editor.wait_for_modal("New social post")) == "Customers love the new blend"
    )
