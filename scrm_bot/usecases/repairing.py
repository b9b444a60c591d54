"""Jobs that are given up: who hears of it, what an admin sees of them, and putting one back."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from scrm_bot.domain.approvals import IN_MOTION, Approval, State, Step
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.errors import ApprovalNotFoundError, SlackRefusedError, UsageError
from scrm_bot.domain.jobs import DeadJob, Job, JobKind, LostJob
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, recording, refreshing, roles, telling
from scrm_bot.usecases.approvers import approvers_of, members_among

UNSENT = "The bot gave up after several errors of its own. Nothing was sent; ask again."
UNSETTLED = "The bot gave up after several errors of its own, and did not find out whether the call worked."
UNFOLLOWED = "The bot gave up looking after several errors of its own: see in SocialCRM what becomes of it."
_GONE = "That job is not among the dead any more: somebody has put it back, or it was too old to keep."


async def dead(workspace: Workspace, *, by: str) -> Sequence[DeadJob]:
    """The latest first; nothing for who is no admin."""
    return await workspace.jobs.dead() if await roles.is_admin(workspace, by) else ()


async def retry(workspace: Workspace, dead_id: str, *, by: str) -> DeadJob:
    """Run one again, from its first attempt on. A job reads before it acts, so nothing is done twice."""
    await roles.require_admin(workspace, by)
    found = next((each for each in await workspace.jobs.dead() if each.id == dead_id), None)
    if found is None or not await workspace.jobs.revive(found, due=workspace.clock.now()):
        raise UsageError(_GONE)
    await recording.note(workspace, Deed.RETRIED, by=by, detail=f"{found.job.kind} {found.job.key}")
    return found


async def have_told(workspace: Workspace, job: Job) -> None:
    """An admin is to hear that this job is given up. A job does that, since Slack may be what failed."""
    key = f"{JobKind.GIVEN_UP}:{job.kind}"  # of many at once, one is told of
    args = {"key": job.key, "kind": job.kind}
    await workspace.jobs.put(Job(JobKind.GIVEN_UP, key, workspace.team_id, workspace.clock.now(), args))


async def tell(workspace: Workspace, lost: LostJob) -> datetime | None:
    """Tell people of a job that is not done any more. Returns when to try again.

    Where a request waited for one that cannot be read, its card says so, and more people hear of it.
    """
    kind, _, request = lost.key.partition(":")
    if lost.kind is None and kind in {JobKind.ACT, JobKind.FOLLOW}:
        now, about = workspace.clock.now(), {"approval": request}
        with suppress(ApprovalNotFoundError):
            await give_up(workspace, Job(JobKind(kind), lost.key, workspace.team_id, now, about))
        return None
    told = f"given_up:{lost.kind or lost.key}"
    if await workspace.memory.recall(told) is not None:
        return None

    async def say(user: str) -> None:
        await workspace.announcer.say_given_up(user, lost)

    again = await telling.first_admin(workspace, say)
    if again is None:
        await workspace.memory.keep(told, {})
    return again


async def give_up(workspace: Workspace, job: Job) -> None:
    """Nobody acts on a request any more, or follows it: its card says so, and people are told, once.

    Raises `ApprovalNotFoundError`.
    """
    request, is_news = job.args["approval"], False

    def leave(current: Approval) -> Approval:
        nonlocal is_news
        alone = _left_alone(current, job.kind)
        is_news = alone != current
        return alone

    drawn = cards.render_job(workspace, request)
    left = await cards.update(workspace, request, leave, jobs=lambda _: (drawn,))
    if not is_news:
        return
    about = f"{job.kind} {job.key}"
    await recording.note(workspace, Deed.GIVEN_UP, by="", post_id=left.post_id, detail=about)
    people = {left.author, left.requested_by, *await refreshing.known_admins(workspace)}
    with suppress(SlackRefusedError):  # who else there is cannot be said now
        people |= await members_among(workspace, await approvers_of(workspace, left.policy))
    await cards.tell(workspace, left, people)


def _left_alone(current: Approval, kind: JobKind) -> Approval:
    """As it stands from here on: nothing is said that was not read. The same where nothing waits for the job.

    An intent is stored before each call: without one, the bot has sent nothing.
    """
    if kind is JobKind.FOLLOW:
        return replace(current, detail=UNFOLLOWED) if current.state is State.SCHEDULED else current
    if current.state not in IN_MOTION or current.needs_person:
        return current
    if current.state is State.APPROVED and current.attempt is None:
        return current.moved(Step.FAIL, detail=UNSENT)
    lost = current if current.state is State.UNKNOWN else current.moved(Step.LOSE_TRACK)
    return replace(lost, needs_person=True, detail=UNSETTLED)
