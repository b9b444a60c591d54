"""The bytes of files in Slack: from Slack's own hosts alone, and the token nowhere else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import aiohttp

from scrm_bot.domain.errors import SlackRefusedError, UsageError
from scrm_bot.domain.media import SlackFile
from scrm_bot.slack import fileobjects
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger

# Where Slack keeps files. Only names, over TLS: no machine is reached by its address.
_HOSTS = frozenset({"files.slack.com", "files-origin.slack.com", "slack-files.com"})
_BELOW = (".slack-files.com", ".slack-edge.com")
_OLD = ("slack.com", "/files-pri/")  # the form in Slack's documentation of the file object
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 3
_PIECE = 64 * 1024
_PATIENCE = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=30)
_DEFAULT_PORTS = {"https": 443, "http": 80}
_NO_RIGHT = (
    "The bot may not read files here, so {name} was not attached. Whoever runs it adds the files:read "
    "permission and installs it again."
)


class Downloads:
    """Files of every workspace, in pieces: no more than a few of them are held at a time.

    `api_url` is where Slack's Web API is. Elsewhere than at Slack it is a stand-in, which keeps files too.
    """

    def __init__(self, session: aiohttp.ClientSession, installations: Installations, *, api_url: str) -> None:
        self._session = session
        self._installations = installations
        self._stand_in = _stand_in(api_url)

    @asynccontextmanager
    async def open(self, team_id: str, file: SlackFile) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file's bytes, exactly as many as Slack said. Raises `UsageError`."""
        token = (await self._installations.get(team_id)).bot_token.reveal()
        response = await self._answer(token, file)
        try:
            _check(response, file)
            yield _pieces(response, file)
        finally:
            response.close()

    async def _answer(self, token: str, file: SlackFile) -> aiohttp.ClientResponse:
        """Follows redirects itself: each address is checked before the token goes there."""
        url = file.url
        for _ in range(_HOPS + 1):
            response = await self._get(self._trusted(url, file), token, file)
            if response.status not in _REDIRECTS:
                return response
            response.close()
            location = response.headers.get("Location", "")
            if "?redir=" in location:  # Slack's page for signing in
                raise _refused(_NO_RIGHT, file)
            url = _joined(url, location)
        raise _refused("Slack sends the bot from place to place for {name}, so it was not attached.", file)

    async def _get(self, url: str, token: str, file: SlackFile) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        try:
            return await self._session.get(
                url, headers=headers, allow_redirects=False, auto_decompress=False, timeout=_PATIENCE
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _refused("Slack could not be reached for {name}. Try again in a minute.", file) from error

    def _trusted(self, url: str, file: SlackFile) -> str:
        """The address, written anew from the parts that were checked."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        except ValueError:
            parts, host, port = urlsplit(""), "", 0
        place = (parts.scheme, host, port)
        slacks = parts.scheme == "https" and port == 443 and _keeps_files(host, parts.path)
        if "@" in parts.netloc or not (slacks or place == self._stand_in):
            raise _refused("{name} is not kept by Slack itself, so the bot does not fetch it.", file)
        netloc = host if slacks else parts.netloc
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


class SlackFiles:
    """`ports.Files` of one team."""

    def __init__(self, team_id: str, *, messenger: Messenger, downloads: Downloads) -> None:
        self._team_id = team_id
        self._messenger = messenger
        self._downloads = downloads

    async def find(self, file_id: str) -> SlackFile:
        """files.info. Raises `UsageError`."""
        unknown = SlackFile(file_id)
        try:
            answer = await self._messenger.call(self._team_id, "files.info", {"file": file_id}, verb="GET")
        except SlackRefusedError as refusal:
            told = _NO_RIGHT if refusal.code == "missing_scope" else "Slack does not show {name} to the bot."
            raise _refused(told, unknown) from refusal
        found = _file_in(answer)
        if not found.told:
            raise _refused("Slack does not show {name} to the bot.", unknown)
        return found

    def open(self, file: SlackFile) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Its bytes, piece by piece. Raises `UsageError`."""
        return self._downloads.open(self._team_id, file)


def _file_in(answer: Mapping[str, Any]) -> SlackFile:
    found = answer.get("file")
    return fileobjects.read(found) if isinstance(found, dict) and found.get("id") else SlackFile("")


def _stand_in(api_url: str) -> tuple[str, str, int] | None:
    parts = urlsplit(api_url)
    host = parts.hostname or ""
    if host == "slack.com" or host.endswith(".slack.com"):
        return None
    return parts.scheme, host, parts.port or _DEFAULT_PORTS[parts.scheme]


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _keeps_files(host: str, path: str) -> bool:
    return host in _HOSTS or host.endswith(_BELOW) or (host == _OLD[0] and path.startswith(_OLD[1]))


def _check(response: aiohttp.ClientResponse, file: SlackFile) -> None:
    if response.status == 200 and response.content_type == "text/html":  # the page for signing in
        raise _refused(_NO_RIGHT, file)
    if response.status != 200:
        told = f"Slack does not hand {{name}} over (HTTP {response.status}). It may have been deleted."
        raise _refused(told, file)
    if response.content_length not in {None, file.size}:
        raise _changed(file)


async def _pieces(response: aiohttp.ClientResponse, file: SlackFile) -> AsyncIterator[bytes]:
    left = file.size
    try:
        async for part in response.content.iter_chunked(_PIECE):
            left -= len(part)
            if left < 0:
                break
            yield part
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _refused("Slack broke off in the middle of {name}. Try again.", file) from error
    if left:
        raise _changed(file)


def _changed(file: SlackFile) -> UsageError:
    return _refused("{name} is not as long as Slack said. Share it again, then try again.", file)


def _refused(told: str, file: SlackFile) -> UsageError:
    return UsageError(told.format(name=file.label), field="media")
