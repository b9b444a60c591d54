"""What workflows ask of the bot, and telling them what came of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from scrm_bot.domain import steps
from scrm_bot.domain.errors import ApprovalNotFoundError, SlackRefusedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Post
from scrm_bot.domain.steps import Outputs
from scrm_bot.ports import Workspace
from scrm_bot.usecases import drafting

_LIFE = 30 * 86_400
_GONE = "This request was closed so long ago that nobody knows how it ended."
# Slack's words for "nobody waits for this any more"
_OVER = frozenset(
    {
        "execution_not_in_running_state",
        "function_execution_not_in_running_state",
        "function_execution_not_found",
        "access_denied",
        "not_installed",  # the workspace removed the bot: nobody waits there any more
    }
)


async def create_draft(
    workspace: Workspace, body: str, *, by: str, account_ids: Sequence[str], run: str
) -> Post:
    """The draft of this run of a step. Done again after a crash, it is the same draft."""
    name = f"step:{run}"
    kept = await workspace.memory.recall(name) or {}
    if kept.get("post"):
        return await workspace.socialcrm.get_post(kept["post"])
    began = str(kept.get("began") or "")
    if not began:
        await workspace.memory.keep(name, {"began": workspace.clock.now().isoformat()}, seconds=_LIFE)
    since = datetime.fromisoformat(began) if began else None
    post = await drafting.create_draft(workspace, body, by=by, account_ids=account_ids, since=since)
    await workspace.memory.keep(name, {"post": post.id}, seconds=_LIFE)
    return post


async def succeed(workspace: Workspace, execution_id: str, outputs: Outputs) -> None:
    """Tell the workflow what came of its step; a job does it, as often as it takes."""
    await _put(workspace, execution_id, {"outputs": json.dumps(dict(outputs))})


async def fail(workspace: Workspace, execution_id: str, sentence: str) -> None:
    """Tell the workflow why its step could not be done."""
    await _put(workspace, execution_id, {"error": sentence})


async def finish(workspace: Workspace, args: Mapping[str, str]) -> None:
    """The job that ends a step. What Slack refuses is raised, but for steps that have ended already."""
    try:
        if "approval" in args:
            await _tell_verdict(workspace, args["execution"], args["approval"])
        elif "error" in args:
            await workspace.steps.fail(args["execution"], args["error"])
        else:
            await workspace.steps.succeed(args["execution"], json.loads(args["outputs"]))
    except SlackRefusedError as refusal:
        if refusal.code not in _OVER:
            raise


async def _tell_verdict(workspace: Workspace, execution_id: str, approval_id: str) -> None:
    """As the request stands by now: an approval that was taken back is told when it is given again."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        await workspace.steps.fail(execution_id, _GONE)
        return
    found = steps.verdict(approval)
    if found:
        told = steps.outputs(approval, found, now=workspace.clock.now())
        await workspace.steps.succeed(execution_id, told)


async def _put(workspace: Workspace, execution_id: str, what: Mapping[str, str]) -> None:
    now, args = workspace.clock.now(), {"execution": execution_id, **what}
    await workspace.jobs.put(Job(JobKind.STEP, steps.key(execution_id), workspace.team_id, now, args))
