"""Digests from the command that asks for one to the buttons under it, over signed HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.world import SOCIAL
from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.store.connection import Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.snapshots import RedisNumbers
from tests.builders import metrics
from tests.chaos.running import until
from tests.flow.conftest import House

ONE_DAY = timedelta(days=1)
Json = dict[str, Any]


@asynccontextmanager
async def database(house: House) -> AsyncIterator[Database]:
    """The bot's Redis, seen from beside it."""
    assert house.redis
    beside = Database(house.redis)
    try:
        yield beside
    finally:
        await beside.close()


async def due_now(house: House, *, late: timedelta = timedelta(0), days: str = "daily") -> datetime:
    """`/scrm digest on` for this very minute, or one so long ago; its occurrence comes up now."""
    at = datetime.now(UTC).replace(second=0, microsecond=0) - late
    await house.editor.command(f"/scrm digest on #social {at:%H:%M} UTC {days}")
    await house.editor.wait_for_message("gets a digest", channel="#social")
    team = house.slack.world.team_id
    args = {"channel": SOCIAL.id, "at": at.isoformat()}
    async with database(house) as beside:
        job = Job(JobKind.DIGEST, f"digest:{SOCIAL.id}:{at:%Y-%m-%d}", team, datetime.now(UTC), args)
        await RedisJobQueue(beside, team).put(job)
    return at


async def the_digest(house: House) -> Json:
    return await house.editor.wait_for_message("Daily digest", channel="#social")


async def status(house: House, containing: str) -> str:
    await house.editor.command("/scrm digest status")
    return labels.said(await house.editor.wait_for_message(containing, channel="#social"))


async def test_a_digest_comes_once_with_its_thread_and_says_where_it_stands(house: House) -> None:
    at = await due_now(house)

    digest = await the_digest(house)
    thread = await house.editor.wait_for_message("All accounts", channel="#social")

    said = labels.said(digest)
    assert "impressions so far. There is no earlier day to compare with yet" in said
    assert "Every source answered." in said
    assert thread["thread_ts"] == digest["ts"]
    assert f"Last sent: {at:%Y-%m-%d}" in await status(house, "Last sent")
    posted = [each for each in house.slack.space.rooms[SOCIAL.id].messages if "Daily digest" in str(each)]
    assert len(posted) == 1
    assert not house.slack.faults


async def test_with_a_memory_it_tells_what_the_day_brought_and_why(house: House) -> None:
    team, now = house.slack.world.team_id, datetime.now(UTC)
    accounts = [account.id for account in house.socialcrm.sandbox.accounts]
    async with database(house) as beside:
        numbers = RedisNumbers(beside, team)
        for ago in (8, 7, 1):
            at = now - ago * ONE_DAY
            rows = tuple(metrics(name, impressions=10_000.0 * (10 - ago)) for name in accounts)
            await numbers.add(at.date(), Snapshot(at, rows))
    await due_now(house)

    said = labels.said(await the_digest(house))
    assert "impressions in the last 24 hours, +" in said
    assert "against the same weekday last week." in said
    assert " of the change is " in said


async def test_a_request_is_decided_in_the_digest(house: House) -> None:
    await house.draft("Decide me here")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Decide me here", channel="#approvals")
    await due_now(house)
    await the_digest(house)

    await house.approver.click("Approve", containing="Daily digest", channel="#social")

    await house.approver.wait_for_message("Published", channel="#approvals")

    async def shows_it() -> bool:
        digest = await the_digest(house)
        names = [name for name, _ in labels.buttons(digest["blocks"])]
        return "Published" in labels.said(digest) and "Approve" not in names

    await until(shows_it, what="the digest to follow the decision")
    assert sum(house.socialcrm.sandbox.went_out.values()) == 1


async def test_a_digest_that_was_asked_for_has_its_thread_and_follows_its_requests(house: House) -> None:
    await house.draft("Decide me later")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Decide me later", channel="#approvals")
    await house.editor.command("/scrm digest now")
    digest = await the_digest(house)
    thread = await house.editor.wait_for_message("All accounts", channel="#social")
    assert thread["thread_ts"] == digest["ts"]

    await house.approver.click("Approve", containing="Decide me later", channel="#approvals")

    async def shows_it() -> bool:
        return "Published" in labels.said(await the_digest(house))

    await until(shows_it, what="the digest to follow the decision")


async def test_a_failed_post_is_edited_from_the_digest(house: House) -> None:
    post_id = await house.draft("This one broke")
    posts = house.socialcrm.sandbox.posts.by_id
    posts[post_id] = replace(posts[post_id], status=Status.FAILED, error="Instagram refused the picture.")
    await due_now(house)
    said = labels.said(await the_digest(house))
    assert "Instagram refused the picture." in said

    await house.editor.click("Edit", containing="Daily digest", channel="#social")

    assert "This one broke" in str(await house.editor.wait_for_modal("Edit"))


async def test_a_trend_is_drafted_and_the_digest_muted_where_it_is(house: House) -> None:
    await due_now(house)
    await the_digest(house)

    await house.editor.click("Draft", containing="Daily digest", channel="#social")
    drafted = await house.editor.wait_for_modal("New social post")
    await house.editor.close()
    await house.editor.click("Mute 3 days", containing="Daily digest", channel="#social")

    assert await house.editor.wait_for_message("is muted until", channel="#social")
    await house.admin.click("Settings", containing="Daily digest", channel="#social")
    assert await house.admin.wait_for_modal("Settings")
    assert any(topic.name in str(drafted) for topic in house.socialcrm.sandbox.insights.trending())


async def test_a_source_that_fails_is_named(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="not_found", path="/v1/trending", times=None)
    await due_now(house)

    assert "Missing: trends" in labels.said(await the_digest(house))


async def test_a_late_digest_says_so(house: House) -> None:
    await due_now(house, late=timedelta(hours=1))

    assert "This digest is late" in labels.said(await the_digest(house))


async def test_one_that_is_too_late_is_said_in_status(house: House) -> None:
    at = await due_now(house, late=timedelta(hours=3))

    async def skipped() -> bool:
        async with database(house) as beside:
            kept = await RedisScheduleStore(beside, house.slack.world.team_id).get(SOCIAL.id)
        return kept is not None and kept.skipped != ""

    await until(skipped, what="it to be skipped")
    assert f"The digest of {at:%Y-%m-%d} was skipped" in await status(house, "was skipped")


async def test_in_an_archived_channel_it_stops_and_whoever_set_it_up_is_told(house: House) -> None:
    await due_now(house)
    house.slack.space.rooms[SOCIAL.id].is_archived = True

    told = await house.editor.wait_for_message("has stopped", channel="scrm-bot")

    house.slack.space.rooms[SOCIAL.id].is_archived = False
    assert "archived" in labels.said(told)
    assert "starts it again" in await status(house, "Stopped")


async def test_with_a_revoked_key_it_stops_and_status_says_how_it_goes_on(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="unauthorized", path="/v1/posts", times=None)
    await due_now(house)

    told = await house.editor.wait_for_message("has stopped", channel="scrm-bot")

    assert "/scrm connect" in labels.said(told)
    assert "refused the key" in await status(house, "Stopped")
