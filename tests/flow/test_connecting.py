"""The key: how it comes in, who may bring it, and that it never comes out."""

import json

import pytest

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House


def everything_slack_saw(house: House) -> str:
    """Every Web API call of the bot and every answer to a delivery."""
    calls = [json.dumps([call.method, call.args], default=str) for call in house.slack.calls]
    return "\n".join(
        [*calls, *(repr(delivered) for delivered in house.slack.deliveries if "ack" in repr(delivered))]
    )


async def test_a_key_is_accepted_after_a_read_and_only_its_end_is_shown(empty_house: House) -> None:
    house = empty_house

    await house.connect()

    await house.admin.command("/scrm status")
    told = await house.admin.wait_for_message(house.key[-4:])
    assert house.key not in labels.said(told)
    assert house.key not in json.dumps([call.args for call in house.slack.calls], default=str)
    assert house.socialcrm.sandbox.count("GET", "/v1/posts") >= 1


async def test_a_key_that_socialcrm_refuses_is_not_kept(empty_house: House) -> None:
    house = empty_house
    await house.admin.command("/scrm connect")
    await house.admin.fill({"API key": "sk_live_" + "x" * 32})

    await house.admin.submit()

    told = await house.admin.wait_for_modal("Connect SocialCRM", containing="⚠️")
    assert "API key" in [label for label, _ in labels.inputs(told["blocks"])]
    await house.admin.close(clear=True)
    await house.editor.command("/scrm posts")
    assert await house.editor.wait_for_message("Connect")


async def test_only_an_admin_connects(empty_house: House) -> None:
    house = empty_house

    await house.editor.command("/scrm connect")

    told = await house.editor.wait_for_message("admin", channel="#social")
    assert told
    assert await house.editor.modal() is None


@pytest.mark.parametrize("typed", ["/scrm draft my key is {key}", "/scrm {key}", "/scrm connect {key}"])
async def test_a_typed_key_is_masked_and_the_person_told_to_revoke_it(house: House, typed: str) -> None:
    leaked = "sk_live_" + "Q" * 32

    await house.admin.command(typed.format(key=leaked))

    assert await house.admin.wait_for_message("revoke", channel="#social")
    seen = json.dumps([call.args for call in house.slack.calls], default=str)
    assert leaked not in seen
    assert all(leaked not in post.body for post in house.socialcrm.sandbox.posts.by_id.values())


async def test_an_admin_is_told_once_that_the_key_is_refused_whoever_met_it(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="unauthorized", path="/v1/posts", times=None)

    await house.editor.command("/scrm posts")
    assert await house.editor.wait_for_message("An admin is told")
    told = await house.admin.wait_for_message("refused the key ending in", channel="dm")
    assert house.key[-4:] in labels.said(told)

    await house.approver.command("/scrm posts")
    assert await house.approver.wait_for_message("An admin is told")
    said = [labels.said(each) for each in await house.admin.messages("dm")]
    assert sum("refused the key ending in" in each for each in said) == 1


async def test_settings_saved_untouched_stay_as_they_are(house: House) -> None:
    await house.admin.command("/scrm settings")

    await house.admin.submit()

    told = labels.said(await house.admin.wait_for_modal("Settings", containing="saved"))
    assert "C0APPROV1" in told
    assert house.approver.id in told


async def test_nothing_is_shown_without_a_key_but_the_way_to_one(empty_house: House) -> None:
    house = empty_house

    await house.editor.command("/scrm")

    console = await house.editor.wait_for_message("To begin", channel="#social")
    assert [label for label, _ in labels.buttons(console["blocks"])] == ["Connect"]
