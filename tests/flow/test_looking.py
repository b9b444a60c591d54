"""Lists, numbers, help, Home and the digest."""

import pytest

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/scrm help", "What /scrm can do"),
        ("/scrm help schedule", "/scrm schedule"),
        ("/scrm draf", "draft"),
        ("/scrm posts", "Posts"),
        ("/scrm posts scheduled", "Scheduled"),
        ("/scrm accounts", "acct_1"),
        ("/scrm stats", "Followers"),
        ("/scrm trending", "Trending"),
        ("/scrm persona", "voice"),
        ("/scrm ideas coffee", "Draft this"),
        ("/scrm hashtags Our new espresso blend is here", "#"),
        ("/scrm thread One thing we learned. Another thing we learned.", "thread"),
        ("/scrm optimise We are open on Sunday", "Suggested"),
        ("/scrm compose spring sale", "Use in a new post"),
        ("/scrm approvals", "Nothing"),
        ("/scrm calendar", "Next 7 days"),
        ("/scrm digest preview", "impressions"),
        ("/scrm digest status", "No channel gets a digest"),
        ("/scrm status", "Connected"),
        ("/scrm api GET /v1/posts?limit=1", "post_"),
        ("/scrm show 1", "no number 1"),
        ("/scrm my payload here", "There is no"),
    ],
)
async def test_every_verb_answers_where_it_was_typed(house: House, command: str, shown: str) -> None:
    await house.editor.command(command)

    answer = await house.editor.wait_for_message(shown, channel="#social")

    assert answer["ephemeral"]
    assert not house.slack.faults


async def test_a_mention_in_a_thread_is_answered_in_the_thread(house: House) -> None:
    started = await house.editor.say("What do we have for today?")

    await house.editor.say(f"@{house.slack.space.manifest.handle} posts", thread_ts=started)

    answer = await house.editor.wait_for_message("Winter blend", channel="#social")
    assert answer["ephemeral"]
    assert answer.get("thread_ts") == started


@pytest.mark.parametrize("said", ["posts", "@{bot} posts", "hey @{bot}, posts"])
async def test_a_direct_message_to_the_bot_is_answered_there_and_stays(house: House, said: str) -> None:
    await house.editor.say(said.format(bot=house.slack.space.manifest.handle), channel="dm")

    answer = await house.editor.wait_for_message("Winter blend", channel="dm")
    assert not answer.get("ephemeral")


async def test_a_window_that_a_direct_message_needs_opens_with_one_click(house: House) -> None:
    await house.editor.say("draft", channel="dm")

    await house.editor.click("Open", channel="dm")

    assert await house.editor.wait_for_modal("New social post")


async def test_the_pictures_of_a_mention_go_into_its_draft(house: House) -> None:
    picture = await house.editor.upload("shop.png", b"\x89PNG\r\n\x1a\n")
    bot = house.slack.space.manifest.handle

    await house.editor.say(f"hey @{bot}, draft Look at our shop", files=[picture["id"]])

    assert await house.editor.wait_for_message("1 file", channel="#social")
    (post,) = [each for each in house.socialcrm.sandbox.posts.by_id.values() if each.media_ids]
    assert post.body == "Look at our shop"


async def test_home_shows_what_needs_me(house: House) -> None:
    await house.draft("Waiting for a yes")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.approver.open_home()

    home = await house.approver.wait_for_home("Waiting for a yes")
    assert "New post" in [label for label, _ in labels.buttons(home["blocks"])]


async def test_a_digest_is_switched_on_listed_and_switched_off(house: House) -> None:
    await house.editor.command("/scrm digest on #social 09:00")
    assert await house.editor.wait_for_message("gets a digest", channel="#social")

    await house.editor.command("/scrm digest status")
    assert "09:00" in labels.said(await house.editor.wait_for_message("Digests", channel="#social"))

    await house.editor.command("/scrm digest off")
    assert await house.editor.wait_for_message("are off", channel="#social")


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("unauthorized", "/scrm connect"),
        ("forbidden_scope", "posts:read"),
        ("payment_required", "plan"),
        ("quota_exceeded", "quota"),
        ("not_found", "deleted"),
        ("invalid_request", "Refused on request"),
    ],
)
async def test_each_refusal_has_its_sentence(house: House, code: str, word: str) -> None:
    house.socialcrm.sandbox.faults.add("error", code=code, path="/v1/posts", times=None)

    await house.editor.command("/scrm posts")

    told = labels.said(await house.editor.wait_for_message(word, channel="#social"))
    assert "{" not in told


async def test_home_follows_what_happens_while_it_is_open(house: House) -> None:
    await house.approver.open_home()
    await house.approver.wait_for_home("Nothing waits for you")

    await house.draft("Asked while you look")
    await house.editor.command("/scrm schedule last tomorrow 09:00")
    await house.approver.wait_for_home("Asked while you look")
    await house.approver.click("Approve", home=True)

    home = await house.approver.wait_for_home("Nothing waits for you")
    assert "Asked while you look" in labels.said(home)
    assert "Approve" not in [label for label, _ in labels.buttons(home["blocks"])]


async def test_home_comes_to_life_when_a_key_is_connected(empty_house: House) -> None:
    await empty_house.editor.open_home()
    await empty_house.editor.wait_for_home("An admin does this")

    await empty_house.connect()

    home = await empty_house.editor.wait_for_home("Good to see you")
    assert "An admin does this" not in labels.said(home)
