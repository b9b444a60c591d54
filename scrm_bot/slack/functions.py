"""The steps that workflows can have: one function a step, and the way back to Slack."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.domain.steps import Outputs, StepName
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import When, read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import plans
from scrm_bot.slack.command import StepRun
from scrm_bot.slack.links import LinkDomain
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.readings import MOST_TEXT, Reading
from scrm_bot.usecases import (
    accounts,
    approvals,
    choosing,
    finding,
    gathering,
    roles,
    steps,
    workspaces,
)
from scrm_bot.views import digests as views
from scrm_bot.views.blocks import Message

MOST_SENTENCE = 500
_MARKUP = re.compile(r"[*`]|<[@#!][^>|]*\|?([^>]*)>")


async def run(step: StepRun, workspace: Workspace, link: LinkDomain) -> None:
    """Do it for whoever the workflow names. What it leads to reaches Slack by a job."""
    by = step.caller.user_id
    if not by:
        raise UsageError("The step names no person: choose who it is for, in Workflow Builder.")
    found = _STEPS.get(step.callback_id)
    if found is None:
        raise UsageError("This step is not known: the app's manifest is newer than the bot.")
    await roles.require(workspace, by, Role.EDITOR)
    told = await found(step, workspace, link)
    if told is not None:
        await steps.succeed(workspace, step.execution_id, told)


def check(reading: Reading) -> None:
    """Whether what the step was given can be used. Raises `UsageError`."""
    if reading.leaked:
        raise UsageError(
            "The step was given a SocialCRM key: nothing was done. Replace the key in SocialCRM."
        )
    if reading.cut:
        raise UsageError(
            f"The step was given a text of more than {MOST_TEXT:,} characters, which is more than the bot "
            "takes: nothing was done."
        )


async def fail(step: StepRun, workspace: Workspace, told: Message) -> None:
    """End the step with a sentence: Slack shows it to those who look after the workflow."""
    words = plain(_MARKUP.sub(r"\1", told.text)).strip()
    await steps.fail(workspace, step.execution_id, words[:MOST_SENTENCE])


async def _create_draft(step: StepRun, workspace: Workspace, link: LinkDomain) -> Outputs:
    by, text = step.caller.user_id, plain(_given(step, "text", needed="the post's text"))
    zone = await workspaces.zone_for(workspace, by)
    when, chosen = _when(step, workspace, zone), _given(step, "accounts")
    known = await accounts.known(workspace) if chosen else ()
    ids = choosing.choose_accounts(plain(chosen), known) if chosen else ()
    post = await steps.create_draft(workspace, text, by=by, account_ids=ids, run=step.execution_id)
    await plans.keep(workspace, post.id, when, zone=zone, note=plain(_given(step, "note")))
    page = link.page_of(post.id)
    return {"post": post.id, **({"link": page} if page else {})}


async def _ask(step: StepRun, workspace: Workspace, _: LinkDomain) -> None:
    """The step stays open until somebody has decided."""
    by = step.caller.user_id
    post_id = await finding.post_id(workspace, plain(_given(step, "post", needed="the post's id")), by=by)
    zone, plan = await workspaces.zone_for(workspace, by), await plans.of(workspace, post_id)
    when = _when(step, workspace, zone)
    await approvals.ask(
        workspace,
        post_id,
        at=when.at if when else plan.at,
        by=by,
        key=step.execution_id,
        zone=when.zone if when else plan.zone or zone,
        note=plain(_given(step, "note")) or plan.note,
        step=step.execution_id,
    )


async def _digest(step: StepRun, workspace: Workspace, _: LinkDomain) -> Outputs:
    zone = await workspaces.zone_for(workspace, step.caller.user_id)
    report = await gathering.preview(workspace, zone=zone)
    return {"text": views.digest(report, channel_id="").text}


def _given(step: StepRun, name: str, *, needed: str = "") -> str:
    value = step.inputs.get(name, "").strip()
    if needed and not value:
        raise UsageError(f"The step was given nothing as {needed}.")
    return value


def _when(step: StepRun, workspace: Workspace, zone: str) -> When | None:
    typed = plain(_given(step, "when"))
    return read_when(typed, now=workspace.clock.now(), zone=zone) if typed else None


_STEPS: Mapping[str, Callable[[StepRun, Workspace, LinkDomain], Awaitable[Outputs | None]]] = {
    StepName.CREATE_DRAFT: _create_draft,
    StepName.ASK_FOR_APPROVAL: _ask,
    StepName.GET_DIGEST: _digest,
}


@dataclass(frozen=True, slots=True)
class SlackSteps:
    """`ports.WorkflowSteps` of one team, with the bot's own token (docs: functions.completeSuccess)."""

    team_id: str
    messenger: Messenger

    async def succeed(self, execution_id: str, outputs: Outputs) -> None:
        args = {"function_execution_id": execution_id, "outputs": dict(outputs)}
        await self.messenger.call(self.team_id, "functions.completeSuccess", args)

    async def fail(self, execution_id: str, sentence: str) -> None:
        args = {"function_execution_id": execution_id, "error": sentence}
        await self.messenger.call(self.team_id, "functions.completeError", args)
