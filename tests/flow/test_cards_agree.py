"""Every message about a request says the same, wherever it is and whatever Slack did to it."""

from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.rooms import Room
from tests.flow.conftest import House


def approvals_room(house: House) -> Room:
    return next(room for room in house.slack.space.rooms.values() if room.name == "approvals")


def cards(house: House, post_id: str) -> list[Message]:
    """Every message of the bot in #approvals that is about the post, by the metadata it carries."""
    return [
        said
        for said in approvals_room(house).messages
        if said.by_bot and not said.thread_ts and f"`{post_id}`" in str(said.content.blocks)
    ]


async def a_second_card(house: House, post_id: str) -> str:
    """The same card once more, as a process leaves it that died before it could note where; its ts."""
    (card,) = cards(house, post_id)
    client = AsyncWebClient(token=house.slack.world.app.bot_token, base_url=f"{house.slack.api_url}/")
    told = await client.chat_postMessage(
        channel=approvals_room(house).id, text="card", blocks=card.content.blocks
    )
    return str(told["ts"])


async def test_a_card_says_in_its_metadata_which_request_it_is_about(house: House) -> None:
    post_id = await house.draft("Marked for those who come after")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    (card,) = cards(house, post_id)
    assert card.content.metadata
    assert card.content.metadata["event_type"] == "scrm_card"
    assert str(card.content.metadata["event_payload"]["key"]).startswith("apr_")


async def test_a_card_that_nobody_knows_of_becomes_true_when_it_is_pressed(house: House) -> None:
    post_id = await house.draft("Two cards, one request")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    orphan = await a_second_card(house, post_id)
    await house.approver.command(f"/scrm reject {post_id} not today")
    await house.approver.wait_for_message("Rejected", channel="#approvals")

    await house.approver.click("Approve", channel="#approvals")

    def is_true(_: object) -> bool | None:
        found = approvals_room(house).find(orphan)
        return True if found and "Rejected" in str(found.content.blocks) else None

    assert await house.approver.wait_for(is_true, what="the other card to say so, too")
    found = approvals_room(house).find(orphan)
    assert found
    assert list(labels.buttons(found.content.blocks or [])) == []
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0


async def test_what_the_author_was_told_loses_its_buttons_once_it_is_asked_again(house: House) -> None:
    post_id = await house.draft("Rejected, then asked again")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    await house.approver.command(f"/scrm reject {post_id} try again")
    await house.editor.wait_for_message("try again", channel="dm")

    await house.editor.click("Ask for approval", channel="dm")

    told = await house.editor.wait_for_message("A newer request", channel="dm")
    offered = [label for label, _ in labels.buttons(told["blocks"])]
    assert offered == ["Show approvals"]


async def test_a_channel_that_is_archived_blocks_no_decision_and_people_are_told_once(house: House) -> None:
    post_id = await house.draft("The channel is tidied away")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    approvals_room(house).is_archived = True

    await house.approver.command(f"/scrm approve {post_id}")

    for person in (house.editor, house.admin):
        told = await person.wait_for_message("cannot be brought up to date", channel="dm")
        assert "is archived" in labels.said(told)
    assert house.socialcrm.sandbox.went_out[post_id] == 1
    await house.admin.command(f"/scrm audit {post_id}")
    await house.admin.wait_for_message("card out of reach")


async def test_who_changes_the_text_through_the_bot_does_not_approve_it(house: House) -> None:
    post_id = await house.draft("Written by one")
    await house.approver.command(f"/scrm edit {post_id}")
    await house.approver.fill({"Text": "Written by another"})
    await house.approver.submit()
    await house.approver.wait_for_message("Written by another")
    await house.editor.command(f"/scrm publish {post_id}")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.approver.click("Approve", channel="#approvals")

    assert await house.approver.wait_for_message("do not approve their own", channel="#approvals")
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0


async def test_after_an_edit_in_socialcrm_the_author_is_whoever_wrote_through_the_bot(house: House) -> None:
    post_id = await house.draft("The price is 5 euros")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    house.edit_in_socialcrm(post_id, "The price is 6 euros")
    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Asked about, and now", channel="#approvals")

    await house.editor.click("Ask for approval", channel="#approvals")
    asked = await house.approver.wait_for_message("Waiting for approval", channel="#approvals")
    assert f"Written by <@{house.editor.id}>" in str(asked)
    await house.approver.click("Approve", channel="#approvals")

    await house.approver.wait_for_message("Published", channel="#approvals")
    assert house.socialcrm.sandbox.went_out[post_id] == 1
