"""Files that the bot sends to Slack: bytes where Slack says, then shown where people are."""

from urllib.parse import urlsplit

import aiohttp

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.webapi import UNREACHABLE

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


async def upload(
    messenger: Messenger, uploads: Uploads, team_id: str, name: str, content: bytes, *, alt_text: str = ""
) -> str:
    """The id of a file that nobody sees yet. Raises `SlackRefusedError`."""
    place = await messenger.call(
        team_id,
        "files.getUploadURLExternal",
        {"filename": name, "length": len(content), "alt_txt": alt_text or None},
        verb="GET",  # this method does not take JSON
    )
    await uploads.send(str(place.get("upload_url", "")), content)
    return str(place.get("file_id", ""))


async def share(messenger: Messenger, team_id: str, file_id: str, at: CardRef, *, title: str) -> None:
    """Show an uploaded file in a channel; in a message's thread, where `at` has one."""
    shown = {"files": [{"id": file_id, "title": title}], "channel_id": at.channel, "thread_ts": at.ts or None}
    await messenger.call(team_id, "files.completeUploadExternal", shown)
