"""Digests in Slack: `ports.Newsdesk` of one team."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.history import Mark
from scrm_bot.slack.installed import NotInstalledError
from scrm_bot.slack.marks import marked
from scrm_bot.slack.messenger import Messenger
from scrm_bot.usecases.slackwords import GONE
from scrm_bot.views import digest_details, digest_schedules, digests
from scrm_bot.views.blocks import Message

log = logging.getLogger(__name__)

EVENT = "scrm_digest"


@dataclass(frozen=True, slots=True)
class SlackNewsdesk:
    team_id: str
    messenger: Messenger
    brand: str = ""
    on_late: Callable[[], None] = lambda: None  # told of each digest that was sent and came late

    async def send(self, channel: str, report: Report, *, run_key: str, thread_ts: str = "") -> str:
        mark = Mark(EVENT, self._key(run_key))
        async with _installed():
            message = marked(digests.digest(await self._named(report), channel_id=channel), self.brand)
            ts = await self.messenger.post(self.team_id, channel, message, thread_ts=thread_ts, mark=mark)
        log.info("sent %s", run_key)
        if report.late:
            self.on_late()
        return ts

    async def find(self, channel: str, *, run_key: str, since: datetime) -> str | None:
        async with _installed():
            return await self.messenger.find(
                self.team_id, channel, event_type=EVENT, key=self._key(run_key), since=since, whole=True
            )

    async def update(self, at: CardRef, by_now: Callable[[], Awaitable[Report]]) -> None:
        async def draw() -> Message:
            message = digests.digest(await self._named(await by_now()), channel_id=at.channel)
            return marked(message, self.brand)

        try:
            await self.messenger.redraw(self.team_id, at.channel, at.ts, draw)
        except SlackRefusedError as refusal:
            if refusal.code not in GONE:
                raise

    async def details(self, at: CardRef, report: Report) -> None:
        """All accounts and all posts, as replies to the digest; one that is refused keeps none back."""
        for message in digest_details.details(report):
            told = marked(message, self.brand)
            try:
                await self.messenger.post(self.team_id, at.channel, told, thread_ts=at.ts)
            except SlackRefusedError as refusal:
                log.warning("a reply to a digest of %s was left out: %s", self.team_id, refusal)

    async def tell(self, user_id: str, schedule: DigestSchedule) -> None:
        async with _installed():
            told = marked(digest_schedules.stopped(schedule), self.brand)
            await self.messenger.post(self.team_id, user_id, told)

    async def _named(self, report: Report) -> Report:
        """With the workspace's name, which nobody has at hand where nothing was said for a minute."""
        if report.workspace != self.team_id:
            return report
        return replace(report, workspace=await self.messenger.workspace_name(self.team_id))

    def _key(self, run_key: str) -> str:
        """Several brands may have a digest in one channel."""
        return f"{run_key}@{self.brand}" if self.brand else run_key


@asynccontextmanager
async def _installed() -> AsyncIterator[None]:
    """A workspace that removed the bot refuses it as Slack would: its digests stop."""
    try:
        yield
    except NotInstalledError as error:
        raise SlackRefusedError("account_inactive", method="chat.postMessage") from error
