"""Requests that wait: due, reminded, handed over, expired, sent back and asked for again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.domain.approvals import Approval
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.connection import Database
from scrm_bot.usecases.expiring import waiting_jobs
from tests.flow.conftest import House


@asynccontextmanager
async def kept(house: House) -> AsyncIterator[RedisApprovalStore]:
    """The requests as they are stored."""
    assert house.redis
    database = Database(house.redis)
    try:
        yield RedisApprovalStore(database, house.slack.world.team_id)
    finally:
        await database.close()


async def the_request(house: House) -> Approval:
    async with kept(house) as store:
        (request,) = await store.open()
        return request


async def let_it_wait(house: House, hours: float) -> None:
    """As if the request had been made so long ago: its jobs become due accordingly."""
    async with kept(house) as store:
        (request,) = await store.open()
        older = replace(request, created_at=request.created_at - timedelta(hours=hours))
        await store.save(older, jobs=waiting_jobs(older))


async def set_waiting(house: House, **rules: str) -> None:
    """`/scrm settings`, by the fields' labels."""
    await house.admin.command("/scrm settings")
    entries = {"Reminder hours": "At any time"} | {
        name.replace("_", " "): rule for name, rule in rules.items()
    }
    await house.admin.fill(entries)
    await house.admin.submit()
    await house.admin.wait_for_modal("Settings", containing="saved")
    await house.admin.close(clear=True)


async def ask(house: House, text: str = "Fresh bread from six") -> str:
    post_id = await house.draft(text)
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    return post_id


async def told(person: Person, words: str) -> dict[str, Any]:
    return await person.wait_for_message(words, channel="dm")


async def test_a_card_says_under_which_rules_it_runs_and_later_rules_leave_it_alone(house: House) -> None:
    await set_waiting(house, Due_after="4 hours", Expire_after="24 hours")
    await ask(house)

    card = await house.approver.wait_for_message("Needs 1 approval", channel="#approvals")
    assert "due" in labels.said(card)
    assert "expires" in labels.said(card)
    await set_waiting(house, Due_after="No due time", Expire_after="Never")
    policy = (await the_request(house)).policy
    assert (policy.due_hours, policy.expire_hours) == (4, 24)


async def test_an_approver_who_has_not_decided_is_reminded(house: House) -> None:
    await set_waiting(house, Remind_approvers_every="1 hour")
    await ask(house)
    await let_it_wait(house, hours=1)

    reminder = await told(house.approver, "This still waits for your decision")
    assert "Fresh bread from six" in labels.said(reminder)
    assert [each.user for each in (await the_request(house)).reminded] == [house.approver.id]
    await house.approver.click("Show approvals", channel="dm")
    await house.approver.wait_for_message("Approvals", channel="dm")


async def test_others_are_told_when_it_is_overdue(house: House) -> None:
    await house.admin.command("/scrm settings")
    await house.admin.fill({"Reminder hours": "At any time", "Tell when overdue": [house.admin.id]})
    await house.admin.fill({"Due after": "1 hour", "Remind approvers every": "Never"})
    await house.admin.submit()
    await house.admin.wait_for_modal("Settings", containing="saved")
    await house.admin.close(clear=True)
    await ask(house)
    await let_it_wait(house, hours=2)

    assert await told(house.admin, "This request is overdue")
    card = await house.approver.wait_for_message("overdue since", channel="#approvals")
    assert "Approve" in [label for label, _ in labels.buttons(card["blocks"])]


async def test_what_nobody_approves_in_time_ends_and_its_author_is_told(house: House) -> None:
    await set_waiting(house, Due_after="1 hour", Expire_after="8 hours")
    post_id = await ask(house)
    await let_it_wait(house, hours=8)

    card = await house.approver.wait_for_message("Expired", channel="#approvals")
    assert "It was not approved within 8 hours." in labels.said(card)
    assert "Approve" not in [label for label, _ in labels.buttons(card["blocks"])]
    assert await told(house.editor, "It was not approved within 8 hours.")
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0
    await house.editor.click("Ask for approval", channel="dm")
    await house.approver.wait_for_message("Approve", channel="#approvals")


async def test_a_request_handed_over_is_decided_by_somebody_else(house: House) -> None:
    post_id = await ask(house)
    await house.admin.click("Approve", channel="#approvals")
    await house.admin.wait_for_message("approver", channel="#approvals")

    await house.approver.command(f"/scrm reassign {post_id} @ada")

    assert await told(house.admin, "handed this to you")
    await house.admin.click("Approve", channel="#approvals")
    await house.admin.wait_for_message("Published", channel="#approvals")
    assert house.socialcrm.sandbox.publish_calls(post_id) == 1


async def test_the_card_hands_it_over_too(house: House) -> None:
    await ask(house)

    await house.approver.click("Reassign", channel="#approvals")
    await house.approver.fill({"Hand it to": house.admin.id})
    await house.approver.submit()

    assert await told(house.admin, "handed this to you")
    assert (await the_request(house)).policy.approvers == (house.admin.id,)


async def test_wanted_changes_go_to_the_author_and_come_back_as_the_next_round(house: House) -> None:
    post_id = await ask(house, "The price is 5 euros")
    await house.approver.click("Request changes", channel="#approvals")
    await house.approver.fill({"Reason": "Say which day"})
    await house.approver.submit()

    card = await house.approver.wait_for_message("Changes requested", channel="#approvals")
    assert "Say which day" in labels.said(card)
    assert await told(house.editor, "Say which day")
    await house.editor.click("Edit", channel="dm")
    await house.editor.fill({"Text": "On Friday the price is 5 euros"})
    await house.editor.submit()
    await house.editor.wait_for_message("Saved", channel="dm")
    await house.editor.click("Ask for approval", containing="Say which day", channel="dm")

    second = await house.approver.wait_for_message("2nd round", channel="#approvals")
    assert "On Friday the price is 5 euros" in labels.said(second)
    assert "Say which day" in labels.said(second)
    await house.approver.click("Approve", containing="2nd round", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")
    assert house.socialcrm.sandbox.publish_calls(post_id) == 1


async def test_an_approver_sees_what_a_post_gets_in_the_way_of(house: House) -> None:
    first = await ask(house, "Market day")
    house.socialcrm.sandbox.posts.by_id[first] = replace(
        house.socialcrm.sandbox.posts.by_id[first],
        status=Status.SCHEDULED,
        scheduled_at=datetime.now(UTC) + timedelta(minutes=30),
    )

    await house.draft("Another market day")
    await house.editor.command("/scrm publish last")

    card = await house.approver.wait_for_message("Within the hour", channel="#approvals")
    assert first in labels.said(card)
    assert "Approve" in [label for label, _ in labels.buttons(card["blocks"])]


async def test_a_guest_who_is_named_an_approver_approves_nothing(house: House) -> None:
    await house.admin.command("/scrm settings")
    await house.admin.fill({"Approvers": [house.approver.id, house.guest.id]})
    await house.admin.submit()
    await house.admin.wait_for_modal("Settings", containing="saved")
    await house.admin.close(clear=True)
    post_id = await house.draft("Not for guests")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.approver.command(f"/scrm reassign {post_id} @gus")

    assert await house.approver.wait_for_message("Only a full member", channel="#social")
    assert house.guest.id in (await the_request(house)).policy.approvers
    assert (await the_request(house)).decisions == ()


async def test_two_who_have_the_settings_open_do_not_undo_each_other(house: House) -> None:
    await house.give_role("Admins", house.approver)
    for person in (house.admin, house.approver):
        await person.command("/scrm settings")
        await person.wait_for_modal("Settings")

    await house.approver.fill({"Due after": "2 hours", "Expire after": "3 days"})
    await house.approver.submit()
    await house.approver.wait_for_modal("Settings", containing="saved")
    await house.admin.fill({"Due after": "4 hours", "Remind approvers every": "Never"})
    await house.admin.submit()
    shown = await house.admin.wait_for_modal("Settings", containing="changed this meanwhile")
    assert house.approver.id in str(shown)

    await house.admin.fill({"Due after": "8 hours"})
    await house.admin.submit()
    saved = await house.admin.wait_for_modal("Settings", containing="saved")
    assert "due after 8 hours" in str(saved)
    assert "expires after 3 days" in str(saved)
    assert "reminders every" not in str(saved)
