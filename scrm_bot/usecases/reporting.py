"""What is said in a card's thread once its post is out: that it is, and its numbers later."""

from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import ActionKind, Approval, State
from scrm_bot.domain.errors import ApprovalNotFoundError, NotFoundError, SlackRefusedError
from scrm_bot.domain.insights import summed
from scrm_bot.domain.remarks import Remark
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, outcomes, slackwords
from scrm_bot.usecases.outcomes import DONE, Again, Timing

_RETRY = timedelta(minutes=5)
_GIVE_UP = timedelta(hours=6)  # after this long, numbers are left out


async def report(workspace: Workspace, approval_id: str, *, timing: Timing) -> Again:
    """The job of a published request. Returns when it wants to run again, None when all is said."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    if approval.state is not State.PUBLISHED:
        return DONE
    plan = _plan(approval, timing)
    while approval.remarks < len(plan):
        now = workspace.clock.now()
        due = outcomes.due(approval) + plan[approval.remarks]
        if due > now:
            return due
        if not _is_overtaken(approval, plan, now) and not await _say(workspace, approval, plan, now):
            return now + _RETRY
        approval = await cards.update(workspace, approval.id, _counted)
    return DONE


def _plan(approval: Approval, timing: Timing) -> tuple[timedelta, ...]:
    """How long after its time each remark comes. Of one that went out at once the card has told."""
    first = (timedelta(),) if approval.action is ActionKind.SCHEDULE else ()
    return (*first, *timing.stats)


def _is_overtaken(approval: Approval, plan: tuple[timedelta, ...], now: datetime) -> bool:
    """Of several numbers that are due together, only the last are told."""
    after, *later = plan[approval.remarks :]
    return bool(after and later) and outcomes.due(approval) + later[0] <= now


async def _say(workspace: Workspace, approval: Approval, plan: tuple[timedelta, ...], now: datetime) -> bool:
    """Whether this remark is done with: it is said, or never will be."""
    after = plan[approval.remarks]
    try:
        remark = Remark() if not after else await _numbers(workspace, approval, after)
        await workspace.announcer.say_in_thread(approval, remark)
    except NotFoundError:
        return True  # deleted: there will be no numbers
    except SlackRefusedError as refusal:
        return refusal.code in slackwords.GONE or _is_too_late(approval, after, now)
    except outcomes.READING:
        return _is_too_late(approval, after, now)
    return True


async def _numbers(workspace: Workspace, approval: Approval, after: timedelta) -> Remark:
    return Remark(after, summed(await workspace.socialcrm.get_post_analytics(approval.post_id)))


def _is_too_late(approval: Approval, after: timedelta, now: datetime) -> bool:
    return now > outcomes.due(approval) + after + _GIVE_UP


def _counted(current: Approval) -> Approval:
    return replace(current, remarks=current.remarks + 1)
