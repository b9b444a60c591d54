"""Asking for a post to go out: one request at a time, about the post as it stands."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrm_bot.domain import audit, traces
from scrm_bot.domain.approvals import IN_MOTION, Approval, State, Step
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    NoApprovalsChannelError,
    NoApproversError,
    PausedError,
    SlackRefusedError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content, Post, content_of
from scrm_bot.domain.waiting import next_round
from scrm_bot.domain.when import echo
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace
from scrm_bot.usecases import authorship, cards, clashing, outcomes, slackwords
from scrm_bot.usecases.approvers import check_somebody
from scrm_bot.usecases.expiring import waiting_jobs

REPLACED = "Replaced by a newer request for the same post."
_TRIES = 3  # how often somebody else may be faster
_ON_ITS_WAY = {
    "scheduled": "is scheduled in SocialCRM already",
    "publishing": "is being published right now",
    "published": "has been published already",
}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one person asks for, of a post as it was read; `began` is when they asked."""

    id: str
    began: datetime
    post: Post
    content: Content
    by: str
    policy: Policy
    zone: str
    note: str
    step: str

    def is_that_of(self, other: Approval) -> bool:
        """Whether a request that stands asks for the very same: then a button was pressed twice."""
        mine = (self.by, self.content.hash, self.note, self.step)
        return other.is_open and mine == (other.requested_by, other.content.hash, other.note, other.step)


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
    policy = check_rules(await workspace.settings.load())
    await check_somebody(workspace, policy)
    approval_id = request_id(workspace.team_id, post_id, key=key)
    now = workspace.clock.now()
    with suppress(ApprovalNotFoundError):
        return await _put_up(workspace, await workspace.approvals.get(approval_id))
    if at is not None and at <= now:
        raise WhenError(f"{echo(at, zone)} has passed. Which time to come did you mean?")
    post = await workspace.socialcrm.get_post(post_id)
    _check_can_go_out(post)
    content = content_of(post, at=at.astimezone(UTC) if at else None)
    wish = _Wish(approval_id, now, post, content, by, policy, zone, note, step)
    return await _put_up(workspace, await _stored(workspace, wish))


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


def check_rules(settings: WorkspaceSettings) -> Policy:
    """The rules a new request is made under, when one can be made."""
    check_running(settings)
    if not settings.approvals_channel:
        raise NoApprovalsChannelError
    if not (settings.approvers or settings.approver_groups):
        raise NoApproversError
    return rules_of(settings)


def check_running(settings: WorkspaceSettings) -> None:
    if settings.pause:
        raise PausedError(by=settings.pause.by, reason=settings.pause.reason)


def _check_can_go_out(post: Post) -> None:
    status = traces.word(post)
    if status in _ON_ITS_WAY:
        raise UsageError(f"{post.id} {_ON_ITS_WAY[status]}, so there is nothing to approve.", field="post")
    if not (post.body.strip() or post.media_ids):
        raise UsageError(f"{post.id} is empty: give it a text first.", field="text")


def _check_is_not_out(post: Post, earlier: Approval | None) -> None:
    """A new word of SocialCRM's does not undo what was read before: that the post is out, or scheduled."""
    if earlier is None or earlier.state not in {State.PUBLISHED, State.SCHEDULED}:
        return
    is_back = earlier.state is State.SCHEDULED and traces.word(post) in {"draft", "failed"}
    if not is_back:
        told = _ON_ITS_WAY[earlier.state]
        raise UsageError(f"{post.id} {told}, so there is nothing to approve.", field="post")


async def _stored(workspace: Workspace, wish: _Wish) -> Approval:
    """The request, in the place of the one before it. Who asks at the same moment must not make a second."""
    clashes = await clashing.look(workspace, wish.post.id, wish.content)
    tries = 0
    while True:
        earlier = await workspace.approvals.latest_for(wish.post.id)
        is_fresh = earlier and (tries or earlier.created_at > wish.began)
        if earlier and is_fresh and wish.is_that_of(earlier):
            return earlier
        _check_is_not_out(wish.post, earlier)
        await _replace(workspace, earlier)
        asked = replace(await _request(workspace, wish, earlier), clashes=clashes)
        try:
            stored = await workspace.approvals.add(
                asked,
                after=earlier.id if earlier else "",
                jobs=waiting_jobs(asked),
                audit=(audit.asked(asked),),
            )
        except ApprovalConflictError:
            tries += 1
            if tries == _TRIES:
                raise
        else:
            await _point_on(workspace, earlier, stored)
            return stored


async def _request(workspace: Workspace, wish: _Wish, earlier: Approval | None) -> Approval:
    number, changes = next_round(earlier)
    status = wish.post.status
    return Approval(
        wish.id,
        workspace.team_id,
        wish.post.id,
        wish.content,
        await authorship.author_of(workspace, wish.post.id) or wish.by,
        wish.by,
        workspace.clock.now(),
        wish.policy,
        wish.note,
        zone=wish.zone,
        round_number=number,
        changes=changes,
        step=wish.step,
        writers=await authorship.writers_of(workspace, wish.post.id),
        standing="" if traces.is_known(status) else status.lower(),
        is_revised=_is_revised(earlier, wish.content),
        key=await outcomes.key_now(workspace),
    )


def _is_revised(earlier: Approval | None, content: Content) -> bool:
    return earlier is not None and (earlier.is_revised or earlier.content.hash != content.hash)


async def _replace(workspace: Workspace, earlier: Approval | None) -> None:
    """Close the request that stood for the same post."""
    if earlier is None or not (earlier.is_open or earlier.state in IN_MOTION):
        return

    def replaced(current: Approval) -> Approval:
        if current.state in IN_MOTION:
            raise UsageError(f"{current.post_id} has been approved and is on its way out.", field="post")
        return current.moved(Step.WITHDRAW, detail=REPLACED) if current.is_open else current

    await cards.show_or_queue(workspace, await cards.update(workspace, earlier.id, replaced))


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
        if not slackwords.passes(refusal):
            detail = f"The card could not be posted: {refusal.code}."
            await cards.update(
                workspace, approval.id, lambda current: current.moved(Step.WITHDRAW, detail=detail)
            )
            raise
        return await cards.show_or_queue(workspace, approval)
