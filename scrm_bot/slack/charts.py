"""Charts as pictures in Slack's threads: `ports.Charts` of one team."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart
from scrm_bot.domain.errors import ScrmError, SlackRefusedError
from scrm_bot.ports import Drawing
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.webapi import UNREACHABLE
from scrm_bot.views import charts

log = logging.getLogger(__name__)

NAME = "chart.png"
_UPLOAD = "upload"


class Uploads:
    """Sends bytes where Slack said, without any token: the address itself is the permission.

    `api_url` is where Slack's Web API is. Elsewhere than at Slack it is a stand-in, which may do without TLS.
    """

    def __init__(self, session: aiohttp.ClientSession, *, api_url: str) -> None:
        self._session = session
        self._stand_in = urlsplit(api_url)[:2]

    async def send(self, url: str, content: bytes) -> None:
        """Raises `SlackRefusedError`."""
        place = urlsplit(url)
        if place.scheme != "https" and place[:2] != self._stand_in:
            raise SlackRefusedError("unsafe_upload_url", method=_UPLOAD)
        headers = {"Content-Type": "application/octet-stream"}
        try:
            async with self._session.post(
                url, data=content, headers=headers, allow_redirects=False
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackRefusedError(UNREACHABLE, method=_UPLOAD) from error
        if status != 200:
            raise SlackRefusedError(f"http_{status}", method=_UPLOAD)


@dataclass(frozen=True, slots=True)
class SlackCharts:
    team_id: str
    messenger: Messenger
    uploads: Uploads
    drawing: Drawing

    async def show(self, chart: Chart, at: CardRef) -> bool:
        """A reply with the picture. What is said in text stands without it, so a failure is only logged."""
        try:
            picture = await self.drawing.png(charts.svg(chart))
            file_id = await self._upload(picture, charts.alt_text(chart))
            await self.messenger.call(
                self.team_id,
                "files.completeUploadExternal",
                {
                    "files": [{"id": file_id, "title": charts.title(chart)}],
                    "channel_id": at.channel,
                    "thread_ts": at.ts,
                },
            )
        except ScrmError as error:
            log.warning("the chart for %s was left out: %s", self.team_id, error)
            return False
        return True

    async def _upload(self, picture: bytes, alt_text: str) -> str:
        """The id of a file that nobody sees yet."""
        place = await self.messenger.call(
            self.team_id,
            "files.getUploadURLExternal",
            {"filename": NAME, "length": len(picture), "alt_txt": alt_text},
            verb="GET",  # this method does not take JSON
        )
        await self.uploads.send(str(place.get("upload_url", "")), picture)
        return str(place.get("file_id", ""))
