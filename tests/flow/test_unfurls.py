"""Previews of links to posts."""

from collections.abc import AsyncIterator

import pytest

from scrm_bot.demo.slack.wire import Json
from tests.flow.conftest import House, a_house

PAGE = "https://app.socialcrm.org/posts/"


@pytest.fixture
async def linked() -> AsyncIterator[House]:
    """A connected workspace whose posts have pages."""
    async with a_house(link_domain="socialcrm.org") as house:
        await house.connect()
        yield house


async def previews(house: House, ts: str) -> list[Json]:
    shared = next(each for each in await house.editor.messages("#social") if each["ts"] == ts)
    found: list[Json] = shared.get("attachments", [])
    return found


async def test_a_link_to_a_post_shows_the_post_and_nothing_to_press(linked: House) -> None:
    post_id = await linked.draft("Shown <b>below</b>")

    ts = await linked.editor.say(f"See {PAGE}{post_id}")
    await linked.slack.until(lambda slack: slack.calls_of("chat.unfurl"))

    (preview,) = await previews(linked, ts)
    assert "&lt;b&gt;below" in str(preview)
    assert "'actions'" not in str(preview)
    assert not linked.slack.faults


async def test_a_link_to_nothing_and_a_guests_link_stay_as_they_are(linked: House) -> None:
    post_id = await linked.draft("Only for us")

    await linked.editor.say(f"See {PAGE}post_unheard_of and https://evil.example/posts/{post_id}")
    await linked.guest.say(f"See {PAGE}{post_id}")
    await linked.slack.idle()
    await linked.editor.say(f"See {PAGE}{post_id}")
    await linked.slack.until(lambda slack: slack.calls_of("chat.unfurl"))

    (call,) = linked.slack.calls_of("chat.unfurl")
    assert list(call.args["unfurls"]) == [f"{PAGE}{post_id}"]


async def test_without_a_domain_in_the_settings_links_are_left_alone(house: House) -> None:
    post_id = await house.draft("Not shown")

    await house.editor.say(f"See {PAGE}{post_id}")
    await house.slack.idle()
    await house.editor.command("/scrm status")
    await house.editor.wait_for_message("Connected", channel="#social")

    assert house.slack.calls_of("chat.unfurl") == []
