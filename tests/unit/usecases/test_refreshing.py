"""Cards that Slack did not take at once: when they are tried again, and when they are left."""

from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.team import Holders, Team
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.usecases import cards, slackwords
from scrm_bot.usecases.refreshing import adopt, refresh
from tests.builders import ADMIN, EDITOR, a_card_ref, a_connection, an_approval, some_settings
from tests.fakes.workspace import Fakes

ORPHAN = CardRef("CAPPROVALS", "5.5")


async def a_stored(fakes: Fakes, **changes: object) -> Approval:
    return await fakes.approvals.add(an_approval(**{"card": a_card_ref()} | changes))


async def test_the_job_brings_the_card_up_to_date(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    assert await refresh(fakes.workspace, approval.id) is None
    assert fakes.announcer.shown == [approval]


async def test_the_job_ends_when_the_request_is_gone(fakes: Fakes) -> None:
    assert await refresh(fakes.workspace, "apr_gone") is None
    assert fakes.announcer.shown == []


async def test_the_job_ends_where_nobody_has_said_where_cards_go(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=None)
    fakes.settings.settings = WorkspaceSettings()

    assert await refresh(fakes.workspace, approval.id) is None


@pytest.mark.parametrize(("retry_in", "wait"), [(None, 15), (3.0, 3)])
async def test_the_job_comes_back_when_slack_says_so(fakes: Fakes, retry_in: float | None, wait: int) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("internal_error", retry_in=retry_in)

    assert await refresh(fakes.workspace, approval.id) == fakes.clock.now() + timedelta(seconds=wait)


async def test_a_limit_of_rate_is_waited_out_for_as_long_as_slack_says(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("ratelimited", retry_in=41.0)

    assert await refresh(fakes.workspace, approval.id) == fakes.clock.now() + timedelta(seconds=41)
    assert await refresh(fakes.workspace, approval.id) is None


@pytest.mark.parametrize("code", ["unreachable", "internal_error", "http_503"])
async def test_the_job_outlasts_slacks_own_trouble(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse(code)

    assert await refresh(fakes.workspace, approval.id) == fakes.clock.now() + cards.AGAIN


async def test_what_slack_will_never_take_is_given_up_in_the_end(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("invalid_blocks")

    with pytest.raises(SlackRefusedError, match="invalid_blocks"):
        await refresh(fakes.workspace, approval.id)


async def test_a_message_that_is_gone_is_posted_anew(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("message_not_found")

    assert await refresh(fakes.workspace, approval.id) is None
    assert (await fakes.approvals.get(approval.id)).card != approval.card
    assert fakes.announcer.warned == []


@pytest.mark.parametrize("code", sorted(slackwords.REVOKED))
async def test_a_token_that_was_revoked_ends_the_job_quietly(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse(code)

    assert await refresh(fakes.workspace, approval.id) is None
    assert (fakes.announcer.warned, fakes.audit.entries) == ([], [])
    assert await fakes.approvals.get(approval.id) == approval


@pytest.mark.parametrize("code", sorted(slackwords.UNREACHABLE))
async def test_a_channel_that_is_gone_is_told_once_and_noted(fakes: Fakes, code: str) -> None:
    fakes.vault.known = a_connection()
    fakes.settings.settings = some_settings(team=Team(admins=Holders(people=("UBOSS",))))
    approval = await a_stored(fakes)
    fakes.announcer.refuse(code)

    assert await refresh(fakes.workspace, approval.id) is None
    assert fakes.announcer.warned == [(ADMIN, code), ("UBOSS", code), (EDITOR, code)]
    (line,) = fakes.audit.entries
    assert (line.what, line.post_id, line.detail) == ("card_out_of_reach", approval.post_id, code)

    fakes.announcer.refuse(code)
    assert await refresh(fakes.workspace, approval.id) is None
    assert len(fakes.announcer.warned) == 3
    assert await refresh(fakes.workspace, approval.id) is None
    assert (await fakes.approvals.get(approval.id)).unreachable == "", "the channel is back"


async def test_who_cannot_be_told_of_it_keeps_nobody_else_waiting(fakes: Fakes) -> None:
    approval = await a_stored(fakes, requested_by="UASKS")
    fakes.announcer.refuse("is_archived")
    fakes.announcer.refuse("user_disabled")

    await refresh(fakes.workspace, approval.id)
    assert fakes.announcer.warned == [(EDITOR, "is_archived")]


async def test_a_card_that_nobody_knew_of_follows_its_request_once_it_is_pressed(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    await adopt(fakes.workspace, approval.id, ORPHAN)
    await adopt(fakes.workspace, approval.id, ORPHAN)

    assert (await fakes.approvals.get(approval.id)).copies == (ORPHAN,)
    assert [job.key for job in fakes.queue.put_jobs] == [f"render:{approval.id}"]


async def test_the_only_card_that_there_is_becomes_the_card(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=None, posting=Posting("CAPPROVALS", fakes.clock.now()))

    await adopt(fakes.workspace, approval.id, ORPHAN)

    adopted = await fakes.approvals.get(approval.id)
    assert (adopted.card, adopted.posting, adopted.copies) == (ORPHAN, None, ())


async def test_a_message_to_a_person_never_becomes_the_card(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=None)
    news = CardRef("DUA", "5.5", CopyKind.NEWS)

    await adopt(fakes.workspace, approval.id, news)

    adopted = await fakes.approvals.get(approval.id)
    assert (adopted.card, adopted.copies) == (None, (news,))


@pytest.mark.parametrize("known", [{"card": ORPHAN}, {"copies": (ORPHAN,)}])
async def test_a_card_that_is_known_is_left_as_it_is(fakes: Fakes, known: dict[str, object]) -> None:
    approval = await a_stored(fakes, **known)

    await adopt(fakes.workspace, approval.id, ORPHAN)

    assert await fakes.approvals.get(approval.id) == approval
    assert fakes.queue.put_jobs == []


async def test_a_card_of_a_request_that_is_not_kept_any_more_is_nobodys(fakes: Fakes) -> None:
    await adopt(fakes.workspace, "apr_gone", ORPHAN)

    assert fakes.approvals.approvals == {}
