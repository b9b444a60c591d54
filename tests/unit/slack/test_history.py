"""Looking back for a message of the bot's own."""

import pytest

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.history import Mark
from scrm_bot.views.blocks import Message
from tests.builders import NOW
from tests.unit.slack.rig import TEAM, Rig, a_rig

HELLO = Message("Hello")
MARK = Mark("scrm_card", "apr_1")


def a_said(ts: str, *, user: str = "UBOT", mark: Mark = MARK) -> dict[str, object]:
    return {"ts": ts, "user": user, "metadata": mark.written()}


async def test_a_message_carries_its_mark() -> None:
    async with a_rig() as rig:
        await rig.messenger.post(TEAM, "C1", HELLO, mark=MARK)

        (posted,) = rig.slack.of("chat.postMessage")
        assert posted["metadata"] == {"event_type": "scrm_card", "event_payload": {"key": "apr_1"}}


async def find(rig: Rig) -> str | None:
    return await rig.messenger.find(TEAM, "C1", event_type="scrm_card", key="apr_1", since=NOW)


async def test_the_bots_own_newest_message_with_the_mark_is_found() -> None:
    async with a_rig() as rig:
        rig.slack.answers["conversations.history"] = {
            "messages": [
                {"ts": "9.0", "user": "UBOT"},
                a_said("8.0", user="USOMEBODY"),
                a_said("7.0", mark=Mark("scrm_copy", "apr_1")),
                a_said("6.0", mark=Mark("scrm_card", "apr_2")),
                a_said("5.0"),
                a_said("4.0"),
            ]
        }

        assert await find(rig) == "5.0"
        (looked,) = rig.slack.of("conversations.history")
        assert float(looked["oldest"]) == NOW.timestamp() - 60


async def test_a_look_goes_through_a_few_pages_and_no_more() -> None:
    async with a_rig() as rig:
        rig.slack.answers["conversations.history"] = {
            "messages": [],
            "response_metadata": {"next_cursor": "more"},
        }

        assert await find(rig) is None
        assert [look.get("cursor") for look in rig.slack.of("conversations.history")] == [
            None,
            "more",
            "more",
        ]


async def test_a_look_ends_with_the_last_page() -> None:
    async with a_rig() as rig:
        assert await find(rig) is None
        assert len(rig.slack.of("conversations.history")) == 1


async def test_where_the_next_page_is_refused_the_first_is_all_there_is() -> None:
    async with a_rig() as rig:
        rig.slack.answers["conversations.history"] = {"response_metadata": {"next_cursor": "more"}}
        rig.slack.refuse_later("conversations.history", "missing_scope", after=1)

        assert await find(rig) is None
        assert len(rig.slack.of("conversations.history")) == 2


async def test_a_look_that_is_refused_at_once_is_told() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("conversations.history", "missing_scope")

        with pytest.raises(SlackRefusedError, match="missing_scope"):
            await find(rig)
