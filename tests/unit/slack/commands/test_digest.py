"""/scrm digest"""

import re
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.errors import UsageError
from scrm_bot.slack.reply import Post, Silence
from scrm_bot.views import digests
from tests.builders import ADMIN, APPROVER, EDITOR, a_post, a_trend, an_approval, metrics
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import labels, said, say, told


@pytest.fixture
def busy(fakes: Fakes) -> Fakes:
    """Not a quiet day: something failed, so the digest is long."""
    fakes.socialcrm.posts["post_9"] = a_post(id="post_9", status="failed", error="Token expired")
    fakes.socialcrm.trends = [a_trend()]
    return fakes


@pytest.mark.parametrize("typed", ["digest", "digest preview", "digest PREVIEW"])
async def test_a_preview_is_private(busy: Fakes, typed: str) -> None:
    answer = await told(busy, typed)

    assert "Token expired" in said(answer)
    assert "Europe/Berlin" in said(answer)
    assert not answer.shared


@pytest.mark.parametrize(
    ("by", "has_digest", "buttons"),
    [
        (EDITOR, False, set()),
        (EDITOR, True, {"Mute 3 days"}),
        (ADMIN, False, {"Settings"}),
        (ADMIN, True, {"Mute 3 days", "Settings"}),
    ],
)
async def test_a_preview_has_only_buttons_that_work_for_its_reader(
    busy: Fakes, by: str, *, has_digest: bool, buttons: set[str]
) -> None:
    if has_digest:
        await say(busy, "digest on 09:00")

    answer = await told(busy, "digest preview", by=by)

    assert {"Mute 3 days", "Settings"} & {*labels(answer)} == buttons
    assert "in the thread" not in said(answer)


@pytest.mark.parametrize(
    ("by", "typed", "decided"),
    [
        (APPROVER, "digest preview", 2),
        (EDITOR, "digest preview", 0),
        (EDITOR, "digest preview --share", 2),
    ],
)
async def test_a_preview_asks_only_those_for_a_decision_who_may_give_it(
    busy: Fakes, by: str, typed: str, decided: int
) -> None:
    for number in (1, 2):
        await busy.approvals.add(an_approval(id=f"apr_{number}", post_id=f"post_{number}"))

    shown = labels(await told(busy, typed, by=by))

    assert shown.count("Approve") == decided
    assert ("Decide several" in shown) == (decided > 1)


async def test_a_preview_can_be_shared(busy: Fakes) -> None:
    assert (await told(busy, "digest preview --share")).shared


async def test_now_posts_it_where_it_was_asked_for_with_all_that_follows_a_planned_one(busy: Fakes) -> None:
    waiting = await busy.approvals.add(an_approval())
    busy.socialcrm.numbers = [metrics()]

    answer = await say(busy, "digest now", channel="C1")

    assert isinstance(answer, Silence)
    ((channel, report, _),) = busy.newsdesk.sent
    assert channel == "C1"
    assert busy.newsdesk.threads == [(CardRef("C1", "1.0"), report)]
    assert [kept.id for kept in busy.schedules.posted[CardRef("C1", "1.0")].waiting] == [waiting.id]


async def test_now_in_a_thread_stays_in_it(busy: Fakes) -> None:
    await say(busy, "digest now", channel="D1", thread_ts="5.5")

    assert [channel for channel, _, _ in busy.newsdesk.sent] == ["D1"]
    assert busy.newsdesk.in_threads == ["5.5"]
    assert [at for at, _ in busy.newsdesk.threads] == [CardRef("D1", "5.5")]


async def test_now_without_a_channel_is_a_direct_message(busy: Fakes) -> None:
    answer = await say(busy, "digest now", channel="")

    assert isinstance(answer, Post)
    assert answer.channel == "UEDITOR"


async def test_now_into_another_channel_is_confirmed(busy: Fakes) -> None:
    reply = await told(busy, "digest now <#COTHER|other>", thread_ts="5.5")

    assert [channel for channel, _, _ in busy.newsdesk.sent] == ["COTHER"]
    assert busy.newsdesk.in_threads == [""]
    assert said(reply).startswith("Posted in <#COTHER>.")


@pytest.mark.parametrize("has_digest", [False, True])
async def test_now_can_mute_only_a_channel_that_has_a_digest(busy: Fakes, *, has_digest: bool) -> None:
    if has_digest:
        await say(busy, "digest on 09:00", channel="C1")
    await busy.approvals.add(an_approval())

    await say(busy, "digest now", channel="C1")

    ((_, report, _),) = busy.newsdesk.sent
    for known in (report, busy.schedules.posted[CardRef("C1", "1.0")]):  # also when it is shown again
        assert ("Mute 3 days" in labels(digests.digest(known, channel_id="C1"))) == has_digest


async def test_now_twice_is_two_digests_and_none_of_them_is_the_days(busy: Fakes) -> None:
    for _ in range(2):
        await say(busy, "digest now")

    first, second = (key for _, _, key in busy.newsdesk.sent)
    assert first != second
    assert busy.schedules.runs == {}


@pytest.mark.parametrize("typed", ["digest now #other", "digest off other"])
async def test_a_name_that_is_no_channel_does_not_mean_this_one(busy: Fakes, typed: str) -> None:
    with pytest.raises(UsageError, match="no channel"):
        await say(busy, typed)


async def test_on_plans_it_and_says_when_the_first_one_comes(fakes: Fakes) -> None:
    answer = await told(fakes, "digest on <#CNEWS|news> 09:00 weekdays --share")

    assert "Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(answer)
    assert "on weekdays" in said(answer)
    assert [job.key for job in fakes.queue.put_jobs] == ["digest:CNEWS:2026-12-01"]
    assert fakes.schedules.schedules["CNEWS"].created_by == "UEDITOR"
    assert answer.shared


async def test_on_without_a_channel_means_this_one(fakes: Fakes) -> None:
    await say(fakes, "digest on 9am")

    assert list(fakes.schedules.schedules) == ["CSOCIAL"]


async def test_on_without_a_time_asks_for_one(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="needs a time"):
        await say(fakes, "digest on")


async def test_off_ends_it(fakes: Fakes) -> None:
    await say(fakes, "digest on 09:00")

    answer = await told(fakes, "digest off --share")

    assert "are off" in said(answer)
    assert fakes.schedules.schedules == {}
    assert answer.shared


async def test_off_tells_the_line_that_takes_it_back(fakes: Fakes) -> None:
    await say(fakes, "digest on <#CNEWS|news> 9am weekdays")
    (before,) = fakes.schedules.schedules.values()

    answer = said(await told(fakes, "digest off <#CNEWS|news>"))
    typed = re.search("`/scrm digest on` (<#CNEWS>) `(.+?)`", answer)
    assert typed
    await say(fakes, f"digest on {' '.join(typed.groups())}")

    (after,) = fakes.schedules.schedules.values()
    assert (after.channel, after.at, after.zone, after.days) == ("CNEWS", "09:00", before.zone, "weekdays")


async def test_off_where_there_is_none_says_so(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="no digest"):
        await say(fakes, "digest off <#CNEWS|news>")


@pytest.mark.parametrize(
    ("typed", "channel", "length"),
    [
        ("digest mute", "CSOCIAL", timedelta(days=1)),
        ("digest mute 2h30m --share", "CSOCIAL", timedelta(hours=2, minutes=30)),
        ("digest mute <#CNEWS|news> 1 week", "CNEWS", timedelta(weeks=1)),
        ("digest mute 3d <#CNEWS>", "CNEWS", timedelta(days=3)),
    ],
)
async def test_mute_is_for_a_while(fakes: Fakes, typed: str, channel: str, length: timedelta) -> None:
    await say(fakes, f"digest on <#{channel}> 09:00")

    answer = await told(fakes, typed)

    assert fakes.schedules.schedules[channel].muted_until == fakes.clock.now() + length
    assert "muted until" in said(answer)
    assert answer.shared == ("--share" in typed)


async def test_a_mute_nobody_can_read_is_asked_back(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="How long"):
        await say(fakes, "digest mute a bit")


async def test_a_channel_without_a_digest_cannot_be_muted(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="no digest"):
        await say(fakes, "digest mute")


async def test_status_lists_every_channel(fakes: Fakes) -> None:
    await say(fakes, "digest on <#CNEWS> 09:00")
    await say(fakes, "digest on 17:30 weekly")

    answer = await told(fakes, "digest status --share")

    assert "<#CNEWS>" in said(answer)
    assert "every Monday at 17:30" in said(answer)
    assert answer.shared


async def test_another_word_is_answered_with_the_words_there_are(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="`mute 3d` or `status`"):
        await say(fakes, "digest tomorrow")


@pytest.mark.parametrize(
    ("typed", "told_so"),
    [
        ("now R&amp;D", "“R&D” is no channel"),
        ("off <#C1|social> &amp; more", "“#social & more” is no channel"),
        ("on <#C1|social> 09:00 R&amp;D", "“R&D” is no time zone"),
        ("mute <#C1|social> &lt;3d", "How long is “<3d”?"),
    ],
)
async def test_what_means_nothing_is_told_as_it_was_typed(fakes: Fakes, typed: str, told_so: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told_so)):
        await say(fakes, f"digest {typed}")


async def test_a_preview_is_of_the_channel_that_is_named(busy: Fakes) -> None:
    await told(busy, "digest on <#C0OTHER1> 09:00 Asia/Kathmandu")

    here, there = (
        said(await told(busy, "digest preview")),
        said(await told(busy, "digest preview <#C0OTHER1>")),
    )

    assert "Asia/Kathmandu" not in here
    assert "Asia/Kathmandu" in there
