"""Cards that Slack did not take at once, and cards that nobody knew of."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.errors import ApprovalNotFoundError, NoApprovalsChannelError, SlackRefusedError
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, recording, slackwords

APART = timedelta(milliseconds=20)  # so that nobody's click waits behind the cards of all workspaces


async def refresh(workspace: Workspace, approval_id: str) -> datetime | None:
    """The job that brings a card up to date. Returns when to try again."""
    try:
        await cards.show(workspace, await workspace.approvals.get(approval_id))
    except (ApprovalNotFoundError, NoApprovalsChannelError):
        return None
    except SlackRefusedError as refusal:
        return await _after(workspace, approval_id, refusal)
    return None


async def draw_all(workspace: Workspace, *, after: int = 0) -> int:
    """Have every card drawn of a request that is not over, behind `after` others; how many there are.

    One that has no card yet gets it from whatever posts it just now, or does so again.
    """
    shown = [each for each in await workspace.approvals.open() if each.card]
    jobs = [
        cards.render_job(workspace, each.id, wait=number * APART)
        for number, each in enumerate(shown, start=after)
    ]
    await workspace.jobs.put(*jobs)
    return len(shown)


async def adopt(workspace: Workspace, approval_id: str, found: CardRef) -> None:
    """Somebody has used a card that is not known: from now on it is brought up to date like the others.

    A process that died between posting a card and noting where leaves such a one.
    """
    with suppress(ApprovalNotFoundError):
        if (await workspace.approvals.get(approval_id)).is_shown_at(found):
            return
        await cards.update(workspace, approval_id, lambda current: _adopted(current, found))
        await workspace.jobs.put(cards.render_job(workspace, approval_id))


def _adopted(current: Approval, found: CardRef) -> Approval:
    if current.card is None and found.kind is CopyKind.CARD:
        return replace(current, card=found, posting=None)
    return cards.with_copies(current, found)


async def _after(workspace: Workspace, approval_id: str, refusal: SlackRefusedError) -> datetime | None:
    if refusal.code in slackwords.REVOKED:
        return None  # there is nobody to tell, and nothing to tell them with
    if refusal.code in slackwords.UNREACHABLE:
        await _say_unreachable(workspace, approval_id, refusal.code)
        return None
    if not slackwords.passes(refusal):
        raise refusal  # tried again less and less often, and given up where an admin sees it
    return workspace.clock.now() + cards.wait_after(refusal)


async def _say_unreachable(workspace: Workspace, approval_id: str, code: str) -> None:
    """Once: until the card is reached again. Its next change tries that."""
    if (await workspace.approvals.get(approval_id)).unreachable:
        return
    lost = await cards.update(workspace, approval_id, lambda current: replace(current, unreachable=code))
    await recording.note(workspace, Deed.CARD_LOST, by="", post_id=lost.post_id, detail=code)
    people = {lost.author, lost.requested_by, *await known_admins(workspace)}
    for person in sorted(person for person in people if person):
        with suppress(SlackRefusedError):
            await workspace.announcer.say_unreachable(person, lost)


async def known_admins(workspace: Workspace) -> set[str]:
    """Those who are known by name: whom the roles list, and whoever connected SocialCRM."""
    connection = await workspace.vault.connection()
    named = (await workspace.settings.load()).team.admins.people
    return {*named, *([connection.connected_by] if connection else [])}
