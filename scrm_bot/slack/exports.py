"""What the bot keeps as files in Slack: `ports.Exports` of one team."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.audit import Filter, Found
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.uploads import Uploads, share, upload
from scrm_bot.views import audit


@dataclass(frozen=True, slots=True)
class SlackExports:
    team_id: str
    messenger: Messenger
    uploads: Uploads

    async def audit_log(self, found: Found, wanted: Filter, *, to: str, thread_ts: str = "") -> None:
        """A message that says what it is, and the file right below it.

        Slack takes files for channels only: which one a direct message is, the message tells.
        """
        content = await asyncio.to_thread(audit.csv_file, found.entries)  # 20,000 lines take a while
        file_id = await upload(self.messenger, self.uploads, self.team_id, audit.FILE_NAME, content)
        message = audit.with_file(found.entries, wanted=wanted, more=found.more)
        said = await self.messenger.place(self.team_id, to, message, thread_ts=thread_ts)
        try:
            below = CardRef(said.channel, thread_ts)
            await share(self.messenger, self.team_id, file_id, below, title=audit.FILE_NAME)
        except SlackRefusedError:
            with suppress(SlackRefusedError):
                await self.messenger.update(self.team_id, said.channel, said.ts, audit.without_file())
            raise
