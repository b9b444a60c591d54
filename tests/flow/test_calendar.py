"""The calendar in a channel: what waits, what is scheduled, what clashes, and the way to other days."""

from scrm_bot.demo.slack.screen import channel_in
from scrm_bot.demo.slack.wire import Json
from tests.flow.conftest import House


async def asked(house: House, text: str, when: str) -> str:
    post_id = await house.draft(text)
    await house.editor.command(f"/scrm schedule last {when}")
    await house.approver.wait_for_message(text, channel="#approvals")

    def told(state: Json) -> bool:
        said = [str(message["text"]) for message in channel_in(state, "#social")["messages"]]
        return any("Asked for approval" in each and post_id in each for each in said)

    await house.editor.wait_for(told, what="the word that it was asked for")
    return post_id


async def calendar(house: House, span: str = "") -> str:
    """What the calendar says, asked for anew."""
    before = len(await house.editor.messages("#social"))
    await house.editor.command(f"/scrm calendar {span}")

    def answered(state: Json) -> Json | None:
        messages = channel_in(state, "#social")["messages"]
        return messages[-1] if len(messages) > before else None

    return str((await house.editor.wait_for(answered, what="a calendar"))["text"])


async def test_what_waits_becomes_what_is_scheduled(house: House) -> None:
    await asked(house, "Our spring menu is here", "tomorrow 23:15")

    waiting = await calendar(house)
    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Scheduled", channel="#approvals")
    scheduled = await calendar(house)

    assert "23:15*  ⏳ *Waits for approval*" in waiting
    assert "23:15*  🗓️ *Scheduled*" in scheduled
    assert "Waits for approval" not in scheduled
    assert not house.slack.faults


async def test_clashes_are_marked_at_both(house: House) -> None:
    await asked(house, "Our spring menu is here", "tomorrow 22:45")
    await asked(house, "The same hour", "tomorrow 23:15")
    await asked(house, "our spring  menu is here", "tomorrow 12:00")

    shown = await calendar(house)

    assert shown.count("The same text as at") == 2
    assert "The same account has another one within the hour, at 22:45." in shown
    assert "The same account has another one within the hour, at 23:15." in shown


async def test_the_buttons_lead_to_other_days_in_the_same_place(house: House) -> None:
    await asked(house, "Our spring menu is here", "tomorrow 23:15")
    assert "Our spring menu is here" not in await calendar(house, "today")
    count = len(await house.editor.messages("#social"))

    await house.editor.click("Next", channel="#social")
    assert await house.editor.wait_for_message("Our spring menu is here", channel="#social")
    await house.editor.click("Week", channel="#social")
    assert await house.editor.wait_for_message(" to ", channel="#social")
    await house.editor.click("Previous", channel="#social")
    await house.editor.click("Next", channel="#social")
    assert await house.editor.wait_for_message("Waits for approval", channel="#social")

    assert len(await house.editor.messages("#social")) == count


async def test_a_post_in_the_calendar_is_one_click_away(house: House) -> None:
    await asked(house, "Our spring menu is here", "tomorrow 23:15")
    await calendar(house)

    await house.editor.click("Show", containing="Our spring menu", channel="#social")

    assert await house.editor.wait_for_message("created", channel="#social")
