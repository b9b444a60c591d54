"""Cards are posted once, kept up to date wherever they are, and posted anew where they are gone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from scrm_bot.domain.approvals import CardRef, State
from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.errors import NoApprovalsChannelError, SlackRefusedError, StoreUnavailableError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.jobs import JobKind, LostJob
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.slack.announcer import SlackAnnouncer
from tests.builders import NOW, a_connection, an_approval, an_approved
from tests.fakes.clock import FixedClock
from tests.fakes.stores import FakeApprovalStore, FakeSettingsStore
from tests.unit.slack.rig import TEAM, Rig, a_rig


async def no_accounts() -> Sequence[Account]:
    return ()


async def lost_accounts() -> Sequence[Account]:
    raise StoreUnavailableError


def an_announcer(
    rig: Rig,
    *,
    channel: str = "CAPPROVALS",
    lost: bool = False,
    approvals: FakeApprovalStore | None = None,
) -> SlackAnnouncer:
    return SlackAnnouncer(
        TEAM,
        messenger=rig.messenger,
        settings=FakeSettingsStore(WorkspaceSettings(approvals_channel=channel)),
        stored=(approvals or FakeApprovalStore()).get,
        accounts=lost_accounts if lost else no_accounts,
        clock=FixedClock(),
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
        await an_announcer(rig).show_copies(approval)

        assert ref == CardRef("C1", "5.0")
        card, copy = rig.slack.of("chat.update")
        assert [(each["channel"], each["ts"]) for each in (card, copy)] == [("C1", "5.0"), ("C2", "6.0")]
        assert "actions" not in [block["type"] for block in copy["blocks"]]


@pytest.mark.parametrize(("code", "is_told"), [("is_archived", False), ("internal_error", True)])
async def test_a_copy_that_cannot_be_updated_keeps_no_other_waiting(code: str, *, is_told: bool) -> None:
    approval = an_approval(copies=(CardRef("D1", "1.0"), CardRef("D2", "2.0")))
    async with a_rig() as rig:
        rig.slack.refuse("chat.update", code)
        refused = ""
        try:
            await an_announcer(rig).show_copies(approval)
        except SlackRefusedError as refusal:
            refused = refusal.code

        assert [each["channel"] for each in rig.slack.of("chat.update")] == ["D1", "D2"]
        assert refused == (code if is_told else "")


async def test_without_copies_there_is_nothing_to_bring_up_to_date() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).show_copies(an_approval())

        assert rig.slack.of("chat.update") == []


async def test_what_is_said_under_a_card_goes_into_its_thread() -> None:
    out = an_approved(state=State.PUBLISHED, confirmed_at=NOW, card=CardRef("C1", "5.0"))
    async with a_rig() as rig:
        await an_announcer(rig).say_in_thread(out, Remark())

        (said,) = rig.slack.of("chat.postMessage")
        assert (said["channel"], said["thread_ts"]) == ("C1", "5.0")
        assert "Published" in said["text"]


async def test_where_there_is_no_card_nothing_is_said_under_it() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).say_in_thread(an_approved(state=State.PUBLISHED), Remark())

        assert rig.slack.of("chat.postMessage") == []


async def test_a_card_that_is_gone_is_told_to_who_knows_what_to_do() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.update", "message_not_found")
        with pytest.raises(SlackRefusedError, match="message_not_found"):
            await an_announcer(rig).show(an_approval(card=CardRef("C1", "5.0")))

        assert rig.slack.of("chat.postMessage") == []


async def test_a_card_is_posted_where_it_was_said_to_be_without_a_look_at_first() -> None:
    async with a_rig() as rig:
        ref = await an_announcer(rig).show(an_approval(posting=Posting("C7", NOW)))

        assert ref.channel == "C7"
        assert [name for name, _ in rig.slack.calls] == ["chat.postMessage"]


async def test_what_an_earlier_try_has_posted_is_found_and_brought_up_to_date() -> None:
    async with a_rig() as rig:
        mark = {"event_type": "scrm_card", "event_payload": {"key": "apr_1"}}
        rig.slack.answers["conversations.history"] = {
            "messages": [{"ts": "7.0", "user": "UBOT", "metadata": mark}]
        }
        ref = await an_announcer(rig).show(an_approval(posting=Posting("C7", NOW, 2)))

        assert ref == CardRef("C7", "7.0")
        (looked,) = rig.slack.of("conversations.history")
        assert (looked["channel"], looked["include_all_metadata"]) == ("C7", "true")
        assert [name for name, _ in rig.slack.calls] == ["conversations.history", "chat.update"]


@pytest.mark.parametrize("code", ["missing_scope", "not_in_channel", "internal_error"])
async def test_without_the_right_to_look_the_card_is_posted_once_more(code: str) -> None:
    async with a_rig() as rig:
        rig.slack.refuse("conversations.history", code)
        await an_announcer(rig).show(an_approval(posting=Posting("C7", NOW, 2)))

        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_a_look_that_has_to_wait_keeps_the_card_waiting() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("conversations.history", "ratelimited", status=429, retry_after="60")
        with pytest.raises(SlackRefusedError, match="ratelimited"):
            await an_announcer(rig).show(an_approval(posting=Posting("C7", NOW, 2)))

        assert rig.slack.of("chat.postMessage") == []


async def test_a_card_that_was_found_and_is_gone_is_posted_once_more() -> None:
    async with a_rig() as rig:
        mark = {"event_type": "scrm_card", "event_payload": {"key": "apr_1"}}
        rig.slack.answers["conversations.history"] = {
            "messages": [{"ts": "7.0", "user": "UBOT", "metadata": mark}]
        }
        rig.slack.refuse("chat.update", "message_not_found")
        await an_announcer(rig).show(an_approval(posting=Posting("C7", NOW, 2)))

        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_every_message_about_a_request_says_so_in_its_metadata() -> None:
    out = an_approved(state=State.PUBLISHED, confirmed_at=NOW, card=CardRef("C1", "5.0"))
    async with a_rig() as rig:
        announcer = an_announcer(rig)
        await announcer.show(an_approval())
        await announcer.tell("UANN", out)
        await announcer.notify("UANN", out, why=Why.NEWS)
        await announcer.say_in_thread(out, Remark())
        await announcer.say_changes(out)
        await announcer.say_unreachable("UANN", out)

        marks = [posted["metadata"] for posted in rig.slack.of("chat.postMessage")]
        assert [mark["event_type"] for mark in marks] == [
            "scrm_card",
            "scrm_copy",
            "scrm_notice",
            "scrm_remark",
            "scrm_notice",
            "scrm_notice",
        ]
        assert {mark["event_payload"]["key"] for mark in marks} == {"apr_1"}


async def test_each_copy_is_shown_in_its_own_way() -> None:
    copies = (
        CardRef("D1", "1.0"),
        CardRef("D2", "2.0", CopyKind.NEWS),
        CardRef("D3", "3.0", CopyKind.NUDGE),
    )
    async with a_rig() as rig:
        await an_announcer(rig).show_copies(an_approval(state=State.REJECTED, copies=copies))

        card, news, nudge = rig.slack.of("chat.update")
        rows = [[block["type"] for block in each["blocks"]].count("actions") for each in (card, news, nudge)]
        assert rows == [0, 1, 0]
        assert all("Rejected" in each["text"] for each in (card, news, nudge))


async def test_a_nudge_is_retired_in_its_place() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).retire(CardRef("D3", "3.0", CopyKind.NUDGE), an_approval())

        (left,) = rig.slack.of("chat.update")
        assert (left["channel"], left["ts"]) == ("D3", "3.0")
        assert "newer message" in left["text"]


async def test_people_are_told_why_a_card_cannot_be_reached() -> None:
    async with a_rig() as rig:
        lost = an_approval(card=CardRef("C1", "5.0"), unreachable="is_archived")
        await an_announcer(rig).say_unreachable("UANN", lost)

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UANN"
        assert "<#C1> is archived" in told["text"]


async def test_an_admin_is_told_of_a_refused_key_with_the_way_out() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).say_key_refused("UADMIN", a_connection())

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UADMIN"
        assert "9f3c" in told["text"]
        assert "/scrm connect" in told["text"]


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


async def test_a_nudge_says_why_and_has_nothing_to_decide_with() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).notify("UANN", an_approval(), why=Why.REMINDER)

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UANN"
        assert "This still waits for your decision" in told["text"]
        (row,) = [block for block in told["blocks"] if block["type"] == "actions"]
        assert [each["text"]["text"] for each in row["elements"]] == ["Show approvals"]


async def test_the_author_is_told_how_to_go_on() -> None:
    async with a_rig() as rig:
        sent_back = an_approval(state=State.CHANGES_REQUESTED, detail="Name the date")
        await an_announcer(rig, lost=True).notify("UANN", sent_back, why=Why.NEWS)

        (told,) = rig.slack.of("chat.postMessage")
        assert "Name the date" in told["text"]
        (row,) = [block for block in told["blocks"] if block["type"] == "actions"]
        assert [each["text"]["text"] for each in row["elements"]] == ["Edit", "Ask for approval"]


async def test_wanted_changes_are_said_under_the_card() -> None:
    sent_back = an_approval(state=State.CHANGES_REQUESTED, detail="Name the date", card=CardRef("C1", "5.0"))
    async with a_rig() as rig:
        await an_announcer(rig).say_changes(sent_back)

        (said,) = rig.slack.of("chat.postMessage")
        assert (said["channel"], said["thread_ts"]) == ("C1", "5.0")
        assert "<@UEDITOR>" in said["text"]
        assert "Name the date" in said["text"]


async def test_without_a_card_there_is_nothing_to_say_it_under() -> None:
    async with a_rig() as rig:
        await an_announcer(rig).say_changes(an_approval(state=State.CHANGES_REQUESTED))

        assert rig.slack.of("chat.postMessage") == []


async def test_of_two_who_draw_a_card_at_once_neither_turns_it_back() -> None:
    store = FakeApprovalStore()
    waiting = await store.add(an_approval(card=CardRef("C1", "5.0"), copies=(CardRef("C2", "6.0"),)))
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        arrived.set()
        await go_on.wait()

    async with a_rig() as rig:
        rig.slack.before["chat.update"] = slowly
        announcer = an_announcer(rig, approvals=store)
        first = asyncio.create_task(announcer.show(waiting))
        await arrived.wait()  # the old one is on its way to Slack
        over = await store.save(replace(waiting, state=State.EXPIRED))
        others = [asyncio.create_task(announcer.show(each)) for each in (over, waiting)]
        go_on.set()
        await asyncio.gather(first, *others)
        await announcer.show_copies(waiting)

        said = [each["text"] for each in rig.slack.of("chat.update")]
        # the two who came meanwhile go out as one, and then the copy
        assert ["xpired" in each for each in said] == [False, True, True]


@pytest.mark.parametrize(
    ("lost", "way_out"),
    [(LostJob("expire:apr_1", JobKind.EXPIRE), "*Retry*"), (LostJob("expire:apr_1"), "done anew")],
)
async def test_an_admin_is_told_of_a_job_that_is_not_done_any_more(lost: LostJob, way_out: str) -> None:
    async with a_rig() as rig:
        await an_announcer(rig).say_given_up("UADMIN", lost)

        (told,) = rig.slack.of("chat.postMessage")
        assert told["channel"] == "UADMIN"
        assert "expire:apr_1" in told["text"]
        assert way_out in told["text"]
