"""Which use case does which job."""

from collections.abc import Mapping
from datetime import datetime

from scrm_bot.domain.jobs import Claim, JobKind
from scrm_bot.jobs.worker import Handler
from scrm_bot.ports import Lane, Workspaces
from scrm_bot.usecases import (
    digests,
    expiring,
    following,
    publishing,
    refreshing,
    reminding,
    reporting,
    steps,
    watching,
)
from scrm_bot.usecases.outcomes import Timing


def table(workspaces: Workspaces, timing: Timing) -> Mapping[JobKind, Handler]:
    """Every kind but what the surface accepted. What people wait for goes in their lane."""

    async def act(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id)
        return await publishing.act(workspace, claim.job.args["approval"], timing=timing)

    async def follow(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        return await following.follow(workspace, claim.job.args["approval"], timing=timing)

    async def render(claim: Claim) -> datetime | None:
        return await refreshing.refresh(workspaces.open(claim.job.team_id), claim.job.args["approval"])

    async def watch(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        return await watching.watch(workspace, timing=timing)

    async def report(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        return await reporting.report(workspace, claim.job.args["approval"], timing=timing)

    async def remind(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        return await reminding.remind(workspace, claim.job.args["approval"])

    async def expire(claim: Claim) -> datetime | None:
        return await expiring.expire(workspaces.open(claim.job.team_id), claim.job.args["approval"])

    async def step(claim: Claim) -> datetime | None:
        await steps.finish(workspaces.open(claim.job.team_id), claim.job.args)
        return None

    return {
        JobKind.ACT: act,
        JobKind.FOLLOW: follow,
        JobKind.RENDER: render,
        **_digests(workspaces),
        JobKind.WATCH: watch,
        JobKind.REPORT: report,
        JobKind.REMIND: remind,
        JobKind.EXPIRE: expire,
        JobKind.STEP: step,
    }


def _digests(workspaces: Workspaces) -> Mapping[JobKind, Handler]:
    async def digest(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        args = claim.job.args
        return await digests.run(workspace, args["channel"], at=args["at"], name=workspace.name)

    async def numbers(claim: Claim) -> datetime | None:
        workspace = workspaces.open(claim.job.team_id, lane=Lane.BACKGROUND)
        return await digests.look(workspace, claim.job.args["channel"], at=claim.job.args["at"])

    return {JobKind.DIGEST: digest, JobKind.NUMBERS: numbers}
