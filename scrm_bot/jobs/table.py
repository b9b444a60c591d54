"""Which use case does which job."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from scrm_bot.domain.errors import ApprovalNotFoundError
from scrm_bot.domain.jobs import BRAND, Claim, JobKind, LostJob
from scrm_bot.jobs.worker import Farewell, Handler
from scrm_bot.ports import Lane, Workspace, Workspaces
from scrm_bot.usecases import (
    brands,
    charting,
    digests,
    expiring,
    following,
    keyholders,
    publishing,
    refreshing,
    reminding,
    repairing,
    reporting,
    steps,
    watching,
)
from scrm_bot.usecases.outcomes import Timing

_TOLD_OF = (
    JobKind.INTERACTION,
    JobKind.RENDER,
    JobKind.DIGEST,
    JobKind.NUMBERS,
    JobKind.REMIND,
    JobKind.EXPIRE,
    JobKind.WATCH,
    JobKind.STEP,
    JobKind.REPORT,
    JobKind.KEY_REFUSED,
)


def table(workspaces: Workspaces, timing: Timing) -> Mapping[JobKind, Handler]:
    """Every kind but what the surface accepted. What people wait for goes in their lane."""

    async def act(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim)
        request, is_repeat = claim.job.args["approval"], claim.attempt > 1
        return await publishing.act(workspace, request, timing=timing, is_repeat=is_repeat)

    async def follow(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        return await following.follow(workspace, claim.job.args["approval"], timing=timing)

    async def render(claim: Claim) -> datetime | None:
        return await refreshing.refresh(_opened(workspaces, claim), claim.job.args["approval"])

    async def watch(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        return await watching.watch(workspace, timing=timing)

    async def report(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        return await reporting.report(workspace, claim.job.args["approval"], timing=timing)

    async def remind(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        return await reminding.remind(workspace, claim.job.args["approval"])

    async def expire(claim: Claim) -> datetime | None:
        return await expiring.expire(_opened(workspaces, claim), claim.job.args["approval"])

    async def step(claim: Claim) -> datetime | None:
        await steps.finish(_opened(workspaces, claim), claim.job.args)
        return None

    of_requests = {
        JobKind.ACT: act,
        JobKind.FOLLOW: follow,
        JobKind.RENDER: render,
        JobKind.REPORT: report,
        JobKind.REMIND: remind,
        JobKind.EXPIRE: expire,
    }
    return {
        **{kind: while_there(handler) for kind, handler in of_requests.items()},
        **_digests(workspaces),
        **_news_for_admins(workspaces),
        JobKind.WATCH: watch,
        JobKind.STEP: step,
    }


def farewells(workspaces: Workspaces) -> Mapping[JobKind, Farewell]:
    """A request whose post waits for ever says so in its card; of the others an admin is told.

    What somebody did fails so only where its record cannot be opened or read: not even who it was is known.
    Nobody is told of what nobody would miss.
    """

    async def give_up(claim: Claim) -> None:
        with suppress(ApprovalNotFoundError):
            await repairing.give_up(_opened(workspaces, claim), claim.job)

    async def have_told(claim: Claim) -> None:
        await repairing.have_told(_opened(workspaces, claim), claim.job)

    of_requests = {JobKind.ACT: give_up, JobKind.FOLLOW: give_up}
    return {**dict.fromkeys(_TOLD_OF, have_told), **of_requests}


def while_there(handler: Handler) -> Handler:
    """A workspace may remove the bot while a job of it runs: then it is over, and that is no failure."""

    async def run(claim: Claim) -> datetime | None:
        try:
            return await handler(claim)
        except ApprovalNotFoundError:
            return None

    return run


def _digests(workspaces: Workspaces) -> Mapping[JobKind, Handler]:
    async def digest(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        args, name = claim.job.args, await brands.name_of(workspace)
        return await digests.run(workspace, args["channel"], at=args["at"], name=name)

    async def chart(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        await charting.draw(workspace, claim.job.args, is_repeat=claim.attempt > 1)
        return None

    async def numbers(claim: Claim) -> datetime | None:
        workspace = _opened(workspaces, claim, Lane.BACKGROUND)
        return await digests.look(workspace, claim.job.args["channel"], at=claim.job.args["at"])

    return {JobKind.DIGEST: digest, JobKind.CHART: chart, JobKind.NUMBERS: numbers}


def _news_for_admins(workspaces: Workspaces) -> Mapping[JobKind, Handler]:
    async def refused(claim: Claim) -> datetime | None:
        return await keyholders.tell(_opened(workspaces, claim))

    async def given_up(claim: Claim) -> datetime | None:
        args = claim.job.args
        kind = JobKind(args["kind"]) if args.get("kind") else None
        return await repairing.tell(_opened(workspaces, claim), LostJob(args["key"], kind))

    return {JobKind.KEY_REFUSED: refused, JobKind.GIVEN_UP: given_up}


def _opened(workspaces: Workspaces, claim: Claim, lane: Lane = Lane.PEOPLE) -> Workspace:
    """The workspace of the brand that the job was put for."""
    return workspaces.open(claim.job.team_id, brand=claim.job.args.get(BRAND, ""), lane=lane)
