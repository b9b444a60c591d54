"""The same work from wherever the hand already is: threads, buttons, Home, shortcuts."""

import pytest

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.screen import newest
from scrm_bot.demo.slack.wire import Json
from tests.flow.conftest import House


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("posts", "Posts"),
        ("accounts", "acct_1"),
        ("stats", "Account stats"),
        ("trending", "Trending"),
        ("persona", "Persona"),
        ("ideas coffee", "Draft this"),
        ("hashtags our new espresso blend", "#"),
        ("rewrite we are open on Sunday", "We are open"),
        ("thread One thing we learned. Another thing we learned.", "1"),
        ("optimise we are open on Sunday", "open on Sunday"),
        ("draft Written in a thread --to all", "Written in a thread"),
    ],
)
async def test_a_verb_works_in_a_thread_and_is_answered_there(house: House, said: str, shown: str) -> None:
    started = await house.editor.say("What shall we post?")

    await house.editor.say(f"@scrm-bot {said}", thread_ts=started)

    def answered(state: Json) -> Json | None:
        replies = [each for _, each in newest(state, "#social") if each.get("thread_ts") == started]
        return next((each for each in replies if each.get("bot_id") and labels.says(each, shown)), None)

    assert await house.editor.wait_for(answered, what=f"{shown!r} in the thread")
    assert not house.slack.faults


async def test_a_post_is_deleted_after_a_question(house: House) -> None:
    post_id = await house.draft("Not needed any more")
    await house.editor.command("/scrm delete last")
    await house.editor.wait_for_message("Delete", channel="#social")
    posts = house.socialcrm.sandbox.posts.by_id
    assert post_id in posts

    await house.editor.click("Delete", channel="#social")

    await house.slack.until(lambda _: post_id not in posts)
    assert not house.slack.faults


async def test_home_leads_to_lists_and_numbers(house: House) -> None:
    await house.editor.open_home()
    await house.editor.wait_for_home("New post")

    await house.editor.click("Posts", home=True)
    await house.editor.wait_for_message("Posts", channel="dm")
    await house.editor.click("Stats", home=True)

    assert await house.editor.wait_for_message("Account stats", channel="dm")


async def test_both_shortcuts_show_the_accounts_by_name(house: House) -> None:
    await house.draft("Waits for a word")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.approver.shortcut("My approvals")
    assert await house.approver.wait_for_message("Waits for a word", channel="dm")

    await house.editor.shortcut("New social post")
    await house.editor.wait_for_modal(containing="Text")


async def test_only_documented_paths_can_be_read(house: House) -> None:
    for path in ("/v1/posts/post_1/publish", "/v1/settings/api-keys", "https://evil.example/v1/keys"):
        await house.editor.command(f"/scrm api GET {path}")
        await house.editor.wait_for_message("documented", channel="#social")

    assert not [call for call in house.socialcrm.sandbox.calls if "publish" in call.path]
