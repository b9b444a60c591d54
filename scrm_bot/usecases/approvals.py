"""Asking for a post to go out, and deciding about it."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scrm_bot.domain import audit
from scrm_bot.domain.approvals import IN_MOTION, Approval, Policy, State, Step
from scrm_bot.domain.bulk import sight
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    NoApprovalsChannelError,
    NoApproversError,
    NotPermittedError,
    OutdatedViewError,
    PausedError,
    SlackRefusedError,
    TransitionError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Post, content_of
from scrm_bot.domain.waiting import expires_at, expiry, next_round
from scrm_bot.domain.when import echo
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, clashing
from scrm_bot.usecases.expiring import expired, waiting_jobs

UNDO = timedelta(seconds=10)
_REPLACED = "Replaced by a newer request for the same post."
_ON_ITS_WAY = {
    "scheduled": "is scheduled in SocialCRM already",
    "publishing": "is being published right now",
    "published": "has been published already",
}


async def ask(
    workspace: Workspace,
    post_id: str,
    *,
    at: datetime | None,
    by: str,
    key: str,
    zone: str = "UTC",
    note: str = "",
    step: str = "",
) -> Approval:
    """Put a request for the post as it stands into the approvals channel. The same `key` asks only once.

    `step` is the run of a workflow's step that waits for the decision.
    """
    policy = _check_rules(await workspace.settings.load())
    approval_id = request_id(workspace.team_id, post_id, key=key)
    now = workspace.clock.now()
    with suppress(ApprovalNotFoundError):
        return await _put_up(workspace, await workspace.approvals.get(approval_id))
    if at is not None and at <= now:
        raise WhenError(f"{echo(at, zone)} has passed. Which time to come did you mean?")
    post = await workspace.socialcrm.get_post(post_id)
    _check_can_go_out(post)
    earlier = await workspace.approvals.latest_for(post_id)
    await _replace(workspace, earlier)
    content = content_of(post, at=at.astimezone(UTC) if at else None)
    author = await author_of(workspace, post_id) or by
    number, changes = next_round(earlier)
    asked = Approval(
        approval_id,
        workspace.team_id,
        post_id,
        content,
        author,
        by,
        now,
        policy,
        note,
        zone=zone,
        clashes=await clashing.look(workspace, post_id, content),
        round_number=number,
        changes=changes,
        step=step,
    )
    lines = (audit.asked(asked),)
    stored = await workspace.approvals.add(asked, jobs=waiting_jobs(asked), audit=lines)
    await _point_on(workspace, earlier, stored)
    return await _put_up(workspace, stored)


async def approve(
    workspace: Workspace, approval_id: str, *, by: str, undo: timedelta = UNDO, seen: str = ""
) -> Approval:
    """Count one approval; the last one needed sets the call going, a publish after `undo`.

    `seen`, here and below, binds the word to the request as it was shown: its `sight`.
    """
    _check_running(await workspace.settings.load())
    approval = await workspace.approvals.get(approval_id)
    approvers = await _deciders(workspace, approval, by)
    now = workspace.clock.now()
    ends = expires_at(approval)
    if approval.is_open and ends and ends <= now:
        await _expire(workspace, approval)
    act_at = now if approval.content.at else now + undo

    def approved(current: Approval) -> Approval:
        return current.approve(by, at=now, approvers=approvers, act_at=act_at)

    return await decide(workspace, approval_id, approved, jobs=_act_job, seen=seen)


async def reject(workspace: Workspace, approval_id: str, *, by: str, reason: str, seen: str = "") -> Approval:
    approvers = await _deciders(workspace, await workspace.approvals.get(approval_id), by)
    now = workspace.clock.now()

    def rejected(current: Approval) -> Approval:
        return current.reject(by, at=now, approvers=approvers, reason=reason)

    decided = await decide(workspace, approval_id, rejected, seen=seen)
    await cards.notify(workspace, decided, {decided.author, decided.requested_by} - {by})
    return decided


async def request_changes(
    workspace: Workspace, approval_id: str, *, by: str, reason: str, seen: str = ""
) -> Approval:
    approvers = await _deciders(workspace, await workspace.approvals.get(approval_id), by)
    now = workspace.clock.now()

    def sent_back(current: Approval) -> Approval:
        return current.request_changes(by, at=now, approvers=approvers, reason=reason)

    decided = await decide(workspace, approval_id, sent_back, seen=seen)
    await cards.say_changes(workspace, decided)
    await cards.notify(workspace, decided, {decided.author, decided.requested_by} - {by})
    return decided


async def steer(
    workspace: Workspace, approval_id: str, step: Step, *, by: str, reason: str = "", seen: str = ""
) -> Approval:
    """Hold, resume, withdraw or undo: for the author, whoever asked, and the approvers."""
    approval = await workspace.approvals.get(approval_id)
    approvers = await approvers_of(workspace, approval.policy)
    now = workspace.clock.now()

    def steered(current: Approval) -> Approval:
        return current.steered(step, by, at=now, approvers=approvers, reason=reason)

    return await decide(workspace, approval_id, steered, jobs=waiting_jobs, seen=seen)


async def hold(
    workspace: Workspace, approval_id: str, *, by: str, reason: str = "", seen: str = ""
) -> Approval:
    return await steer(workspace, approval_id, Step.HOLD, by=by, reason=reason, seen=seen)


async def resume(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.RESUME, by=by, reason=reason)


async def withdraw(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.WITHDRAW, by=by, reason=reason)


async def undo(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.UNDO, by=by, reason=reason)


async def request_for(workspace: Workspace, post_id: str) -> Approval:
    """The latest request about a post. Raises `ApprovalNotFoundError`."""
    approval = await workspace.approvals.latest_for(post_id)
    if approval is None:
        raise ApprovalNotFoundError(post_id)
    return approval


async def waiting(workspace: Workspace, *, by: str = "") -> tuple[Approval, ...]:
    """Every request that is not final; with `by` only that person's own and those they may decide."""
    every = await workspace.approvals.open()
    if not by:
        return tuple(every)
    policies = {approval.policy for approval in every}
    approvers = {policy: await approvers_of(workspace, policy) for policy in policies}
    return tuple(
        approval
        for approval in every
        if by in {approval.author, approval.requested_by, *approval.escalated}
        or (approval.is_open and by in approval.may_decide(approvers[approval.policy]))
    )


async def approvers_of(workspace: Workspace, policy: Policy) -> frozenset[str]:
    """The approvers by name and by group, as the groups are now, without guests and bots."""
    people = set(policy.approvers)
    for group in policy.groups:
        people |= await workspace.people.group_members(group)
    if policy.needed:  # who decides is looked at when they do; only "all of them" needs everyone
        return frozenset(people)
    known = [await workspace.people.get(person) for person in sorted(people)]
    return frozenset(person.id for person in known if person.is_member(workspace.team_id))


async def author_of(workspace: Workspace, post_id: str) -> str:
    """Who last changed the text through the bot, "" where nobody did."""
    kept = await workspace.memory.recall(f"author:{post_id}")
    return str(kept["user"]) if kept else ""


def request_id(team_id: str, post_id: str, *, key: str) -> str:
    """The same for the same key, so that work done twice makes one request."""
    digest = hashlib.sha256(f"{team_id} {post_id} {key}".encode()).hexdigest()
    return f"apr_{digest[:20]}"


def rules_of(settings: WorkspaceSettings) -> Policy:
    """The rules as they are today."""
    return Policy(
        settings.approvers,
        settings.approver_groups,
        settings.needed,
        settings.self_approval,
        due_hours=settings.due_hours,
        remind_hours=settings.remind_hours,
        expire_hours=settings.expire_hours,
        working_hours=settings.working_hours,
        escalate_to=settings.escalate_to,
    )


def _check_rules(settings: WorkspaceSettings) -> Policy:
    """The rules a new request is made under, when one can be made."""
    _check_running(settings)
    if not settings.approvals_channel:
        raise NoApprovalsChannelError
    if not (settings.approvers or settings.approver_groups):
        raise NoApproversError
    return rules_of(settings)


def _check_running(settings: WorkspaceSettings) -> None:
    if settings.pause:
        raise PausedError(by=settings.pause.by, reason=settings.pause.reason)


def _check_can_go_out(post: Post) -> None:
    status = post.status.lower()
    if status in _ON_ITS_WAY:
        raise UsageError(f"{post.id} {_ON_ITS_WAY[status]}, so there is nothing to approve.", field="post")
    if not (post.body.strip() or post.media_ids):
        raise UsageError(f"{post.id} is empty: give it a text first.", field="text")


async def _replace(workspace: Workspace, earlier: Approval | None) -> None:
    """Close the request that stood for the same post."""
    if earlier is None or earlier.state not in {State.PENDING, State.ON_HOLD, *IN_MOTION}:
        return
    if earlier.state in IN_MOTION:
        raise UsageError(f"{earlier.post_id} has been approved and is on its way out.", field="post")

    def replaced(current: Approval) -> Approval:
        return current.moved(Step.WITHDRAW, detail=_REPLACED)

    await decide(workspace, earlier.id, replaced)


async def _point_on(workspace: Workspace, earlier: Approval | None, newer: Approval) -> None:
    """What is left of the last request offers nobody to ask once more."""
    if earlier is None or earlier.id == newer.id:
        return
    with suppress(ApprovalNotFoundError, ApprovalConflictError):
        await cards.update(workspace, earlier.id, lambda current: replace(current, newer=newer.id))
        await workspace.jobs.put(cards.render_job(workspace, earlier.id))


async def _put_up(workspace: Workspace, approval: Approval) -> Approval:
    """Show the card of a new request. Where Slack takes no card, there is no request."""
    if approval.card or not approval.is_open:
        return approval
    try:
        return await cards.show(workspace, approval)
    except SlackRefusedError as refusal:
        if not cards.passes(refusal):
            detail = f"The card could not be posted: {refusal.code}."
            await cards.update(
                workspace, approval.id, lambda current: current.moved(Step.WITHDRAW, detail=detail)
            )
            raise
        return await cards.show_or_queue(workspace, approval)


async def _deciders(workspace: Workspace, approval: Approval, by: str) -> frozenset[str]:
    if not (await workspace.people.get(by)).is_member(workspace.team_id):
        raise NotPermittedError("a full member of this workspace")
    return await approvers_of(workspace, approval.policy)


async def _expire(workspace: Workspace, approval: Approval) -> None:
    closed = await decide(workspace, approval.id, expired)
    await cards.notify(workspace, closed, {closed.author, closed.requested_by})
    if approval.content.at and approval.content.at <= workspace.clock.now():
        raise WhenError(f"{expiry(approval)} Ask again with a time to come.")
    raise UsageError(f"{expiry(approval)} Ask again if it is still wanted.", field="post")


async def decide(
    workspace: Workspace,
    approval_id: str,
    change: Callable[[Approval], Approval],
    *,
    jobs: Callable[[Approval], Sequence[Job]] = cards.no_jobs,
    seen: str = "",
) -> Approval:
    """Store the step, then the card. Whoever clicked on an old card gets a fresh one."""

    def as_seen(current: Approval) -> Approval:
        changed = change(current)
        if seen and sight(current) != seen:
            raise OutdatedViewError
        return changed

    try:
        changed = await cards.update(workspace, approval_id, as_seen, jobs=jobs)
    except TransitionError:
        await cards.show_or_queue(workspace, await workspace.approvals.get(approval_id))
        raise
    return await cards.show_or_queue(workspace, changed)


def _act_job(approval: Approval) -> Sequence[Job]:
    if approval.state is not State.APPROVED or approval.act_at is None:
        return ()
    key = f"act:{approval.id}"
    return (Job(JobKind.ACT, key, approval.team_id, approval.act_at, {"approval": approval.id}),)
