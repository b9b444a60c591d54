"""The audit log, as admins and approvers read it."""

from scrm_bot.demo.slack import labels
from tests.flow.conftest import House


async def published(house: House) -> str:
    post_id = await house.draft("We are open on Sunday")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")
    return post_id


async def test_the_log_tells_the_whole_life_of_a_post_and_nothing_of_its_text(house: House) -> None:
    post_id = await published(house)

    await house.admin.command(f"/scrm audit {post_id}")

    told = labels.said(await house.admin.wait_for_message("Audit log"))
    deeds = ["drafted", "asked", "approved", "intent recorded", "called", "published"]
    at = [told.index(f"*{deed}*") for deed in deeds]
    assert at == sorted(at, reverse=True), "the newest first"
    assert "Sunday" not in told
    assert house.key not in told


async def test_an_approver_gets_the_log_as_a_file_that_nobody_else_sees(house: House) -> None:
    post_id = await published(house)

    await house.approver.command("/scrm audit 1d --csv")

    assert await house.approver.wait_for_message("in your direct messages with me")
    direct = house.slack.space.dm(house.approver.id)
    (said,) = [message for message in direct.messages if message.files]
    assert [file["name"] for file in said.files] == ["audit-log.csv"]
    rows = house.slack.space.files.get(said.files[0]["id"]).content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("at,who,what,post_id,")
    told = "\n".join(rows)
    assert f",{house.approver.id},approved,{post_id}," in told
    assert f",{house.admin.id},settings_changed," in told
    assert f",{house.admin.id},connected," in told


async def test_the_log_of_one_person_holds_only_what_they_did(house: House) -> None:
    await published(house)

    await house.admin.command("/scrm audit @ana")

    told = labels.said(await house.admin.wait_for_message("Audit log"))
    assert "*approved*" in told
    assert "*drafted*" not in told


async def test_an_editor_is_told_that_the_log_is_not_theirs_to_read(house: House) -> None:
    await house.editor.command("/scrm audit")

    assert await house.editor.wait_for_message("an admin or an approver")
