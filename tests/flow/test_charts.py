"""The chart under a digest: by the real drawing process, into the thread, with words for the picture."""

from datetime import UTC, datetime, timedelta

import aiohttp

from scrm_bot.demo.slack.world import SOCIAL
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.store.snapshots import RedisNumbers
from tests.builders import metrics
from tests.flow.conftest import House
from tests.flow.test_digests import database, due_now, the_digest


async def remember(house: House, *, days: int) -> None:
    """Ten followers more each day, up to yesterday."""
    now, accounts = datetime.now(UTC), [account.id for account in house.socialcrm.sandbox.accounts]
    async with database(house) as beside:
        numbers = RedisNumbers(beside, house.slack.world.team_id)
        for ago in range(1, days + 1):
            at = now - timedelta(days=ago)
            rows = tuple(metrics(name, impressions=1000.0 - ago * 10) for name in accounts)
            await numbers.add(at.date(), Snapshot(at, rows))


async def test_the_chart_is_a_picture_in_the_digests_thread_that_says_what_it_shows(house: House) -> None:
    await remember(house, days=9)
    await due_now(house)
    digest = await the_digest(house)
    await house.slack.until(lambda slack: slack.calls_of("files.completeUploadExternal"))

    (reply,) = [said for said in house.slack.space.rooms[SOCIAL.id].messages if said.files]
    (file,) = reply.files
    assert reply.thread_ts == digest["ts"]
    assert file["alt_txt"].startswith("Daily impressions of ")
    assert ", highest " in file["alt_txt"]
    shown = next(said for said in await house.editor.messages("#social") if said.get("files"))
    async with aiohttp.ClientSession() as session, session.get(shown["files"][0]["url_private"]) as answer:
        assert (answer.content_type, (await answer.read())[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert not house.slack.faults


async def test_without_a_past_there_is_no_chart(house: House) -> None:
    await due_now(house)
    await the_digest(house)
    await house.editor.wait_for_message("All accounts", channel="#social")
    await house.slack.idle()

    assert not house.slack.calls_of("files.getUploadURLExternal")
