"""Digests in Slack: marked, looked for, with their threads, and whoever is told of their end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import CardRef, State
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.movements import AccountRow, Moved
from scrm_bot.slack.newsdesk import SlackNewsdesk
from tests.builders import NOW, a_digest_schedule, a_post, a_report, an_approval, metrics
from tests.unit.slack.rig import TEAM, Parts, Rig, a_rig

KEY = "digest:C9:2026-12-01"


def a_desk(rig: Rig) -> SlackNewsdesk:
    return SlackNewsdesk(TEAM, rig.messenger)


async def test_a_digest_carries_its_runs_key_where_readers_do_not_see_it() -> None:
    async with a_rig() as rig:
        assert await a_desk(rig).send("C9", a_report(), run_key=KEY)

        (posted,) = rig.slack.of("chat.postMessage")
        assert posted["channel"] == "C9"
        assert posted["metadata"] == {"event_type": "scrm_digest", "event_payload": {"key": KEY}}
        assert KEY not in posted["text"]
        assert "A quiet day" in posted["text"]


async def test_a_digest_is_headed_by_the_workspaces_name_also_where_only_its_id_was_at_hand() -> None:
    async with a_rig() as rig:
        assert rig.installation
        rig.installation = replace(rig.installation, team_name="Acme Social")
        await a_desk(rig).send("C9", a_report(workspace=TEAM), run_key=KEY)

        (posted,) = rig.slack.of("chat.postMessage")
        assert "Daily digest: Acme Social, " in posted["text"]


async def test_what_was_posted_is_found_by_its_key() -> None:
    metadata = {"event_type": "scrm_digest", "event_payload": {"key": KEY}}
    async with a_rig() as rig:
        user = rig.installation.bot_user_id if rig.installation else ""
        said = [{"ts": "8.0", "user": user}, {"ts": "7.0", "user": user, "metadata": metadata}]
        rig.slack.answers["conversations.history"] = {"messages": said}

        assert await a_desk(rig).find("C9", run_key=KEY, since=NOW) == "7.0"
        assert await a_desk(rig).find("C9", run_key="digest:C9:2026-12-02", since=NOW) is None


async def test_not_found_means_not_there() -> None:
    async with a_rig() as rig:
        rig.slack.answers["conversations.history"] = {"response_metadata": {"next_cursor": "more"}}
        with pytest.raises(SlackRefusedError, match="history_too_long"):
            await a_desk(rig).find("C9", run_key=KEY, since=NOW)

        rig.slack.refuse_later("conversations.history", "ratelimited", after=1)
        with pytest.raises(SlackRefusedError, match="ratelimited"):
            await a_desk(rig).find("C9", run_key=KEY, since=NOW)


async def test_the_thread_gets_all_accounts_and_all_posts() -> None:
    busy = a_report(
        rows=(AccountRow("acct_1", (Moved("likes", 5.0),)),),
        published=((a_post(published_at=NOW - timedelta(hours=1)), metrics("", likes=3.0)),),
    )
    async with a_rig() as rig:
        await a_desk(rig).details(CardRef("C9", "5.0"), busy)

        (reply,) = rig.slack.of("chat.postMessage")
        assert (reply["channel"], reply["thread_ts"]) == ("C9", "5.0")
        assert "All accounts" in reply["text"]
        assert "3 likes" in reply["text"]


async def test_a_digest_is_shown_again_as_it_is_by_now() -> None:
    waiting = an_approval()

    async def by_now() -> Report:
        return a_report(waiting=(replace(waiting, state=State.ON_HOLD),))

    async with a_rig() as rig:
        await a_desk(rig).update(CardRef("C9", "5.0"), by_now)

        (shown,) = rig.slack.of("chat.update")
        assert (shown["channel"], shown["ts"]) == ("C9", "5.0")
        assert "On hold" in shown["text"]
        assert "approve" not in str([block for block in shown["blocks"] if block["type"] == "actions"])


async def test_a_digest_that_is_gone_is_not_shown_again() -> None:
    async def by_now() -> Report:
        return a_report(waiting=(an_approval(),))

    async with a_rig() as rig:
        rig.slack.refuse("chat.update", "message_not_found")
        await a_desk(rig).update(CardRef("C9", "5.0"), by_now)
        rig.slack.refuse("chat.update", "internal_error")
        with pytest.raises(SlackRefusedError, match="internal_error"):
            await a_desk(rig).update(CardRef("C9", "5.0"), by_now)


def a_long_thread() -> Report:
    much = tuple((a_post(id=f"post_{each}", body="x" * 300), metrics("", likes=3.0)) for each in range(25))
    rows = tuple(
        AccountRow(f"account_{each}", tuple(Moved(f"{'m' * 37}{n}", 5_000_000.0) for n in range(8)))
        for each in range(25)
    )
    return a_report(rows=rows, published=much)


async def test_a_long_thread_is_several_replies_since_slack_refuses_messages_that_are_too_long() -> None:
    async with a_rig() as rig:
        await a_desk(rig).details(CardRef("C9", "5.0"), a_long_thread())

        replies = rig.slack.of("chat.postMessage")
        assert ["All accounts" in each["text"] for each in replies] == [True, False, False]
        assert ["All posts" in each["text"] for each in replies] == [False, False, True]
        assert max(len(str(each["blocks"])) for each in replies) < 11_000


async def test_a_reply_that_is_refused_keeps_none_of_the_others_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postMessage", "msg_blocks_too_long")
        await a_desk(rig).details(CardRef("C9", "5.0"), a_long_thread())

        assert len(rig.slack.of("chat.postMessage")) == 3
    assert "left out: chat.postMessage: msg_blocks_too_long" in caplog.text


async def test_one_person_is_told_that_a_digest_has_stopped() -> None:
    async with a_rig() as rig:
        await a_desk(rig).tell("UANN", a_digest_schedule(stopped=True, problem="is_archived"))

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UANN"
        assert "archived" in told["text"]


async def test_a_workspace_that_removed_the_bot_refuses_digests_as_slack_would() -> None:
    async with a_rig(Parts(installation=None)) as rig:
        desk = a_desk(rig)
        with pytest.raises(SlackRefusedError, match="account_inactive"):
            await desk.send("C9", a_report(), run_key=KEY)
        with pytest.raises(SlackRefusedError, match="account_inactive"):
            await desk.find("C9", run_key=KEY, since=NOW)
        with pytest.raises(SlackRefusedError, match="account_inactive"):
            await desk.tell("UANN", a_digest_schedule())
