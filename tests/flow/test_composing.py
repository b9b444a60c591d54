"""Composing through the whole bot: versions, tones, hashtags, mentions in threads, a message's own words."""

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House
from tests.flow.test_drafting import text_of_field


def mentioning(house: House, words: str) -> str:
    """The words with the bot's name in front, as a person types them."""
    return f"@{house.slack.space.manifest.handle} {words}"


async def test_every_text_of_a_draft_stays_within_reach(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": "buy now"})
    await house.editor.click("Rewrite")
    await house.editor.wait_for_modal("Rewrite", containing="Grab yours today")
    await house.editor.submit()
    await house.editor.wait_for_modal("New social post", containing="Version 2 of 2")

    await house.editor.click("Back")

    assert text_of_field(await house.editor.wait_for_modal(containing="Version 1 of 2")) == "buy now"
    await house.editor.choose("Versions", "2. Grab yours today")
    again = await house.editor.wait_for_modal(containing="Version 2 of 2")
    assert text_of_field(again) == "Grab yours today, we would love to have you."
    assert not house.slack.faults


async def test_a_tone_in_own_words_is_the_one_asked_for(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": "buy now"})
    await house.editor.choose("Tone", "In your own words")
    await house.editor.wait_for_modal(containing="Tone in your own words")
    await house.editor.fill({"Tone in your own words": "dry as toast"})

    await house.editor.click("Rewrite")

    assert await house.editor.wait_for_modal("Rewrite", containing="Suggested, dry as toast")
    assert not house.slack.faults


async def test_only_the_ticked_hashtags_go_below_the_text(house: House) -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": "Fresh coffee on Monday"})
    await house.editor.click("Hashtags")
    window = await house.editor.wait_for_modal("Hashtags", containing="Hashtags to append")
    boxes = next(field for _, field in labels.inputs(window["blocks"]) if field.action_id == "tags")
    first = boxes.element["options"][0]["value"]

    await house.editor.fill({"Hashtags to append": [first]})
    await house.editor.submit()

    form = await house.editor.wait_for_modal("New social post", containing="Version 2 of 2")
    assert text_of_field(form) == f"Fresh coffee on Monday\n\n{first}"
    assert not house.slack.faults


async def test_keeping_ones_own_words_takes_the_answer_away(house: House) -> None:
    await house.editor.command("/scrm rewrite buy now")
    await house.editor.click("Keep mine", containing="Grab yours today")

    kept = await house.editor.wait_for_message("Nothing was saved")
    assert "buy now" in labels.said(kept)
    assert "Grab yours" not in labels.said(kept)


async def test_a_message_comes_with_its_address_for_the_reviewer(house: House) -> None:
    ts = await house.editor.say("Customers love the new blend")

    await house.editor.shortcut("Draft a post from this", containing="Customers love", channel="#social")

    form = await house.editor.wait_for_modal("New social post")
    (note,) = [block for block in form["blocks"] if block["block_id"] == "note"]
    told = note["element"]["initial_value"]
    assert told.startswith("Based on https://")
    assert told.endswith(f"/p{ts.replace('.', '')}")


async def test_free_text_in_a_thread_is_composed_there_after_a_click(house: House) -> None:
    started = await house.editor.say("What shall we post?")
    await house.editor.say(mentioning(house, "our spring sale starts on Friday"), thread_ts=started)

    await house.editor.click("Compose this", containing="There is no")

    answer = await house.editor.wait_for_message("spring sale", channel="#social")
    composed = await house.editor.wait_for_message("Suggested", channel="#social")
    assert (answer["thread_ts"], composed["thread_ts"]) == (started, started)
    assert composed["ephemeral"]
    assert not house.slack.faults


async def test_a_window_asked_for_in_a_thread_opens_with_one_click(house: House) -> None:
    started = await house.editor.say("What shall we post?")
    await house.editor.say(mentioning(house, "draft"), thread_ts=started)

    asked = await house.editor.wait_for_message("needs a window", channel="#social")
    assert asked["thread_ts"] == started
    await house.editor.click("Open", containing="needs a window")

    assert await house.editor.wait_for_modal("New social post")
    assert not house.slack.faults


async def test_everything_is_in_the_consoles_menu(house: House) -> None:
    await house.editor.command("/scrm")
    await house.editor.wait_for_message("What would you like to do?", channel="#social")

    await house.editor.choose("More…", "Persona", containing="What would you like to do?")

    assert await house.editor.wait_for_message("Persona", channel="#social")
    assert not house.slack.faults
