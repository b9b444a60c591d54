"""A workspace that removed the bot is forgotten: at once, and again when every process has heard of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.slack.readings import Uninstalled
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.purging import Purge
from scrm_bot.tenancy import TeamWorkspaces
from scrm_bot.usecases import brands

log = logging.getLogger(__name__)

_FIRST, _LAST = "purge", "purge:again"
# Longer than any process remembers the team's token: by then none writes anything of it.
_HEARD = timedelta(seconds=45)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Departures:
    """From the event to the last record. A job does it, so that a crash does not stop it."""

    workspaces: TeamWorkspaces
    installations: RedisInstallations
    purge: Purge

    async def told(self, gone: Uninstalled) -> None:
        """Keep in mind that it is to be forgotten. Raises `StoreUnavailableError`."""
        now = self.workspaces.clock.now()
        # Slack tells whole seconds: somewhere in the one after that
        at = datetime.fromtimestamp(gone.at + 1, UTC) if gone.at else now
        for team_id in await self._teams(gone):
            self._drop(team_id)
            job = Job(JobKind.PURGE, _FIRST, team_id, now, {"at": at.isoformat()})
            workspace = self.workspaces.open(team_id)
            await workspace.jobs.put(job)
            if not await self._is_back(team_id, at):  # the secrets first: the job may have to wait its turn
                await self.installations.delete(team_id)
                for each in await brands.all_of(workspace):
                    await each.vault.forget()

    async def run(self, claim: Claim) -> None:
        """The job. It leaves alone who has installed the bot anew since."""
        team_id, at = claim.job.team_id, datetime.fromisoformat(claim.job.args["at"])
        self._drop(team_id)
        if await self._is_back(team_id, at):
            log.info("%s is back: it keeps what it has", team_id)
            return
        records = await self.purge.team(team_id, but=claim.job.key)
        log.info("forgot %s: %d records", team_id, records)
        if claim.job.key == _FIRST:
            due = self.workspaces.clock.now() + _HEARD
            again = Job(JobKind.PURGE, _LAST, team_id, due, claim.job.args)
            await self.workspaces.open(team_id).jobs.put(again)

    async def put_off(self, claim: Claim) -> None:
        """Its farewell: nobody is left in that workspace to be told, and it must not end with this.

        It goes on under the other of its two names, as what is buried is no longer due under its own.
        """
        job = claim.job
        name, due = _LAST if job.key == _FIRST else _FIRST, self.workspaces.clock.now() + _A_DAY
        await self.workspaces.open(job.team_id).jobs.put(replace(job, key=name, due=due))
        log.error("%s removed the bot, and what it had is still kept: tried again in a day", job.team_id)

    async def _teams(self, gone: Uninstalled) -> Sequence[str]:
        """An organisation takes its workspaces with it, but for those that installed the bot themselves."""
        members = await self.installations.members(gone.team_id)
        return gone.team_id, *[each for each in members if not await self.installations.has_own(each)]

    async def _is_back(self, team_id: str, at: datetime) -> bool:
        installed_at = await self.installations.installed_at(team_id)
        return installed_at is not None and installed_at >= at

    def _drop(self, team_id: str) -> None:
        self.workspaces.installed.drop(team_id)
        self.workspaces.people.drop(team_id)
