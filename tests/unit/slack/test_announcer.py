"""Cards are posted once, kept up to date wherever they are, and posted anew where they are gone."""

from collections.abc import Sequence
from datetime import date

import pytest

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import NoApprovalsChannelError, SlackRefusedError, StoreUnavailableError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.slack.announcer import SlackAnnouncer
from scrm_bot.views.blocks import Message
from tests.builders import NOW, an_approval
from tests.fakes.clock import FixedClock
from tests.fakes.stores import FakeSettingsStore
from tests.unit.slack.rig import TEAM, Rig, a_rig


async def no_accounts() -> Sequence[Account]:
    return ()


async def lost_accounts() -> Sequence[Account]:
    raise StoreUnavailableError


def an_announcer(rig: Rig, *, channel: str = "CAPPROVALS", lost: bool = False) -> SlackAnnouncer:
    return SlackAnnouncer(
        TEAM,
        messenger=rig.messenger,
        settings=FakeSettingsStore(WorkspaceSettings(approvals_channel=channel)),
        accounts=lost_accounts if lost else no_accounts,
        clock=FixedClock(),
        digest=lambda report: Message(f"Digest of {report.workspace}"),
    )


async def test_a_new_request_is_posted_into_the_approvals_channel() -> None:
    async with a_rig() as rig:
        ref = await an_announcer(rig).show(an_approval())

        (posted,) = rig.slack.of("chat.postMessage")
        assert ref == CardRef("CAPPROVALS", "1.0")
        assert posted["channel"] == "CAPPROVALS"
        assert "Launch day is here." in posted["text"]


async def test_without_a_channel_there_is_nowhere_to_post() -> None:
    async with a_rig() as rig:
        with pytest.raises(NoApprovalsChannelError):
            await an_announcer(rig, channel="").show(an_approval())


async def test_every_copy_is_brought_up_to_date() -> None:
    approval = an_approval(card=CardRef("C1", "5.0"), copies=(CardRef("C2", "6.0"),))
    async with a_rig() as rig:
        ref = await an_announcer(rig).show(approval)

        assert ref == CardRef("C1", "5.0")
        assert [(each["channel"], each["ts"]) for each in rig.slack.of("chat.update")] == [
            ("C2", "6.0"),
            ("C1", "5.0"),
        ]


async def test_a_card_that_was_deleted_is_posted_anew_where_it_was() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.update", "message_not_found")
        ref = await an_announcer(rig).show(an_approval(card=CardRef("C1", "5.0")))

        assert ref.channel == "C1"
        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_other_refusals_are_told() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.update", "is_archived")
        with pytest.raises(SlackRefusedError, match="is_archived"):
            await an_announcer(rig).show(an_approval(card=CardRef("C1", "5.0")))


async def test_a_card_is_shown_although_the_accounts_cannot_be_named() -> None:
    async with a_rig() as rig:
        await an_announcer(rig, lost=True).show(an_approval())

        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_a_person_is_told_directly_and_gets_nothing_to_press() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).tell("UANN", an_approval())

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UANN"
        assert "actions" not in [block["type"] for block in told["blocks"]]


async def test_a_digest_is_posted_into_its_channel() -> None:
    report = Report("Acme", date(2026, 12, 1), "UTC", NOW)
    async with a_rig() as rig:
        await an_announcer(rig).send_digest("C9", report, run_key="C9:2026-12-01")

        (posted,) = rig.slack.of("chat.postMessage")
        assert (posted["channel"], posted["text"]) == ("C9", "Digest of Acme")
