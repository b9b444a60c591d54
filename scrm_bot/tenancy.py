"""Every port of a workspace, bound to the one team that was verified."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from scrm_bot.domain.brands import scope
from scrm_bot.domain.errors import SocialCRMError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Clock, Drawing, Lane, OnWait, SocialCRM, Workspace
from scrm_bot.slack.announcer import SlackAnnouncer
from scrm_bot.slack.charts import SlackCharts
from scrm_bot.slack.exports import SlackExports
from scrm_bot.slack.files import Downloads, SlackFiles
from scrm_bot.slack.functions import SlackSteps
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.newsdesk import SlackNewsdesk
from scrm_bot.slack.people import PeopleCache, SlackPeople
from scrm_bot.slack.uploads import Uploads
from scrm_bot.socialcrm.client import Key, SocialCRMClient
from scrm_bot.socialcrm.http import Http
from scrm_bot.socialcrm.metering import MeteredBudget
from scrm_bot.store.audit import RedisAudit
from scrm_bot.store.connection import Database
from scrm_bot.store.counted import Counted, CountedApprovals, CountedSchedules
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.limits import RedisLimits
from scrm_bot.store.memory import RedisMemory
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.snapshots import RedisNumbers
from scrm_bot.store.vault import Fingerprints, HeldKey, RedisKeyVault, Ring
from scrm_bot.store.viewers import RedisViewers
from scrm_bot.usecases import accounts, keyholders


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class TeamWorkspaces:
    """Binds every port to one team, and what belongs to a brand to that brand. Opening one does no I/O."""

    database: Database
    ring: Ring
    fingerprints: Fingerprints
    http: Http
    budget: MeteredBudget
    messenger: Messenger
    installed: Installations
    people: PeopleCache
    downloads: Downloads
    uploads: Uploads
    drawing: Drawing
    clock: Clock
    undo: timedelta
    ask_slack: bool
    settle: timedelta = timedelta(seconds=90)
    counted: Counted = field(default_factory=Counted)

    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace:
        own = scope(team_id, brand)
        vault = RedisKeyVault(self.database, self.ring, self.fingerprints, own)
        # what is done for people looks at the stored key before every call
        reveal = vault.reveal if lane is Lane.PEOPLE else HeldKey(vault.reveal).reveal
        settings = RedisSettingsStore(self.database, team_id)
        approvals = CountedApprovals(self.database, own, self.counted)
        installation = self.installed.cached(team_id)
        messenger = self.messenger.in_lane(lane)
        limits = RedisLimits(self.database, self.budget, vault, own)
        return Workspace(
            team_id=team_id,
            socialcrm=self._socialcrm(team_id, brand, lane, reveal=reveal, limits=limits, on_wait=on_wait),
            vault=vault,
            settings=settings,
            approvals=approvals,
            memory=RedisMemory(self.database, own),
            jobs=RedisJobQueue(self.database, own),
            schedules=CountedSchedules(self.database, own, self.counted),
            people=self._people(team_id, messenger),
            announcer=self._announcer(team_id, brand, messenger, approvals, lane),
            clock=self.clock,
            with_key=self._with_key,
            audit=RedisAudit(self.database, team_id),
            limits=limits,
            numbers=RedisNumbers(self.database, own),
            newsdesk=SlackNewsdesk(team_id, messenger, brand, on_late=self.counted.late),
            charts=SlackCharts(team_id, messenger, self.uploads, self.drawing),
            exports=SlackExports(team_id, messenger, self.uploads),
            steps=SlackSteps(team_id, messenger),
            viewers=RedisViewers(self.database, team_id),
            files=SlackFiles(team_id, messenger=messenger, downloads=self.downloads),
            of_brand=lambda other: self.open(team_id, brand=other, lane=lane, on_wait=on_wait, deed=deed),
            undo=self.undo,
            settle=self.settle,
            name=installation.team_name if installation else "",
            brand=brand,
            deed=deed,
        )

    def _socialcrm(
        self,
        team_id: str,
        brand: str,
        lane: Lane,
        *,
        reveal: Key,
        limits: RedisLimits,
        on_wait: OnWait | None,
    ) -> SocialCRMClient:
        return SocialCRMClient(
            self.http,
            reveal,
            lane,
            on_wait=on_wait,
            on_quota=partial(self._quota_refused, limits),
            on_key=partial(self._key_refused, team_id, brand),
        )

    def _people(self, team_id: str, messenger: Messenger) -> SlackPeople:
        return SlackPeople(
            team_id,
            messenger=messenger,
            installations=self.installed,
            cache=self.people,
            ask_slack=self.ask_slack,
        )

    def _announcer(
        self,
        team_id: str,
        brand: str,
        messenger: Messenger,
        approvals: CountedApprovals,
        lane: Lane,
    ) -> SlackAnnouncer:
        async def known_accounts() -> Sequence[Account]:
            return await accounts.known(self.open(team_id, brand=brand, lane=lane))

        return SlackAnnouncer(
            team_id,
            messenger=messenger,
            settings=RedisSettingsStore(self.database, team_id),
            stored=approvals.get,
            accounts=known_accounts,
            clock=self.clock,
            brand=brand,
        )

    async def _quota_refused(self, limits: RedisLimits, action: str) -> None:
        self.budget.quota_refused(action)
        await limits.quota_refused(action, at=self.clock.now())

    async def _key_refused(self, team_id: str, brand: str, error: SocialCRMError, fingerprint: str) -> None:
        await keyholders.note(self.open(team_id, brand=brand), error, fingerprint)

    def _with_key(self, key: Secret) -> SocialCRM:
        async def reveal() -> tuple[Secret, str]:
            return key, await self.fingerprints.of(key)

        return SocialCRMClient(self.http, reveal, Lane.PEOPLE)
