"""Steps of workflows, from the event to what Slack is told."""

from scrm_bot.demo.slack.wire import Json
from tests.flow.conftest import House, a_house


async def ended(house: House, run: str) -> Json:
    """The execution, once the bot has ended it."""
    await house.slack.until(lambda slack: slack.space.executions[run]["state"] != "running")
    return house.slack.space.executions[run]


async def test_a_step_saves_a_draft_and_gives_its_id(house: House) -> None:
    run = await house.editor.run_step(
        "create_draft",
        text="Fresh &amp; warm",
        accounts="instagram",
        when="tomorrow 09:00",
        note="for spring",
    )

    found = await ended(house, run)

    assert found["state"] == "succeeded"
    post = house.socialcrm.sandbox.posts.by_id[found["outputs"]["post"]]
    assert (post.body, post.status) == ("Fresh & warm", "draft")
    assert "link" not in found["outputs"]


async def test_where_the_domain_is_known_the_step_gives_a_link_that_is_previewed() -> None:
    async with a_house(link_domain="app.socialcrm.org") as house:
        await house.connect()
        run = await house.editor.run_step("create_draft", text="Linked")
        link = (await ended(house, run))["outputs"]["link"]

        ts = await house.editor.say(f"Look: {link}")
        await house.slack.until(lambda slack: slack.calls_of("chat.unfurl"))

        shared = next(each for each in await house.editor.messages("#social") if each["ts"] == ts)
        assert "Linked" in str(shared["attachments"])


async def test_asking_waits_for_the_decision_and_tells_who_took_it(house: House) -> None:
    post_id = await house.draft("Decide about me")
    run = await house.editor.run_step("ask_for_approval", post=post_id, when="tomorrow 09:00", note="please")
    await house.approver.wait_for_message("please", channel="#approvals")
    assert house.slack.space.executions[run]["state"] == "running"

    await house.approver.click("Approve", channel="#approvals")

    told = (await ended(house, run))["outputs"]
    assert (told["decision"], told["decided_by"], told["post"]) == ("approved", house.approver.id, post_id)


async def test_a_rejection_comes_with_its_reason(house: House) -> None:
    post_id = await house.draft("Not good enough")
    run = await house.editor.run_step("ask_for_approval", post=post_id)
    await house.approver.click("Reject", channel="#approvals")
    await house.approver.fill({"Reason": "Too long"})

    await house.approver.submit()

    told = (await ended(house, run))["outputs"]
    assert (told["decision"], told["reason"]) == ("rejected", "Too long")


async def test_the_digest_is_given_as_text(house: House) -> None:
    run = await house.editor.run_step("get_digest")

    told = (await ended(house, run))["outputs"]

    assert "digest" in told["text"].lower() or "numbers" in told["text"].lower()


async def test_what_cannot_be_done_ends_the_step_with_a_sentence(house: House) -> None:
    run = await house.editor.run_step("ask_for_approval", post="post_unheard_of")

    told = await ended(house, run)

    assert told["state"] == "failed"
    assert "{" not in told["error"]
    assert "*" not in told["error"]
    assert told["error"].endswith(".")


async def test_a_text_that_is_too_long_ends_the_step_and_saves_nothing(house: House) -> None:
    before = set(house.socialcrm.sandbox.posts.by_id)
    run = await house.editor.run_step("create_draft", text="word " * 2_401)

    told = await ended(house, run)

    assert told["state"] == "failed"
    assert "more than 12,000 characters" in told["error"]
    assert set(house.socialcrm.sandbox.posts.by_id) == before


async def test_the_same_step_delivered_twice_makes_one_draft(house: House) -> None:
    run = await house.editor.run_step("create_draft", text="Only once")
    await ended(house, run)
    (first,) = [
        each.parcel.payload for each in house.slack.deliveries if "inputs" in str(each.parcel.payload)
    ]

    house.slack.events.send({**first, "event_id": "EvANOTHER"})
    await house.slack.idle()

    made = [post for post in house.socialcrm.sandbox.posts.by_id.values() if post.body == "Only once"]
    assert len(made) == 1
    assert not house.slack.faults


async def test_a_guest_named_by_a_workflow_can_draft_nothing(house: House) -> None:
    run = await house.editor.run_step("create_draft", text="As a guest", user=house.guest.id)

    assert (await ended(house, run))["state"] == "failed"


async def test_a_workflow_that_waits_survives_a_restart(house: House) -> None:
    post_id = await house.draft("Across a restart")
    run = await house.editor.run_step("ask_for_approval", post=post_id, when="tomorrow 09:00")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.restart()
    await house.approver.click("Approve", channel="#approvals")

    assert (await ended(house, run))["outputs"]["decision"] == "approved"
