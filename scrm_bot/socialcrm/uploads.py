"""A file's bytes to a presigned address: never with the API key, never twice."""

import re
import string
from collections.abc import AsyncIterable, AsyncIterator
from urllib.parse import quote

import httpx

from scrm_bot.domain.errors import SocialCRMContractError, SocialCRMError, UsageError
from scrm_bot.domain.insights import Upload
from scrm_bot.socialcrm.endpoints import UPLOAD
from scrm_bot.socialcrm.http import USER_AGENT, Http

METHODS = frozenset({"PUT", "POST"})
# Headers that are ours to say, and that some storages list among those they signed.
_OURS = frozenset({"host", "content-length"})
# A presigned address carries its own proof. A header that names another identity has no business there.
_REFUSED = frozenset(
    {
        "authorization",
        "connection",
        "cookie",
        "expect",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-api-key",
    }
)
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_VALUE = re.compile(r"[ -~\t]*", re.ASCII)
_HOST = re.compile(r"\A[^:]+://[^/?#]*")


class _Exactly:
    """The bytes of a file, refused as soon as they are not as many as was announced."""

    def __init__(self, data: AsyncIterable[bytes], size: int) -> None:
        self._data = data
        self._left = size
        self.differs = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._data:
            self._left -= len(part)
            if self._left < 0:
                break
            yield part
        self.differs = self._left != 0
        if self.differs:
            raise UsageError("The file is not as long as it was said to be.", field="media")


async def send(http: Http, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
    """Put the bytes where `upload` says. Raises from the `SocialCRMError` tree, or `UsageError`."""
    url = _address(upload.url, base=httpx.URL(http.base_url))
    exactly = _Exactly(data, size)
    timeouts = http.timeouts
    phases = {"connect": timeouts.connect, "read": timeouts.read, "pool": timeouts.pool}
    request = httpx.Request(
        _method(upload.method),
        url,
        headers={"user-agent": USER_AGENT, **_headers(upload), "content-length": str(size)},
        content=exactly,
        extensions={"timeout": phases, "target": _target(upload.url)},
    )
    answer = await http.attempt(UPLOAD, request, seconds=timeouts.upload)
    _conclude(answer, differs=exactly.differs)


def _conclude(answer: bytes | SocialCRMError, *, differs: bool) -> None:
    if differs:
        raise UsageError("The file changed while it was being read.", field="media")
    if isinstance(answer, SocialCRMError):
        raise answer


def _address(url: str, *, base: httpx.URL) -> httpx.URL:
    """The address, when it is one that a file may go to: encrypted, unless the API itself is not."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        address = httpx.URL("")
    schemes = {"https", "http"} if base.scheme == "http" else {"https"}
    if address.scheme not in schemes or not address.host or address.userinfo:
        raise SocialCRMContractError("the upload address is not one to send a file to", endpoint=UPLOAD.name)
    return address


def _target(url: str) -> bytes:
    """Path and query as they were given: the signature may be over every letter, also of `%2F` and `%c3`.

    What cannot stand in a request line is written with percent signs, nothing else is.
    """
    target = quote(_HOST.sub("", url).partition("#")[0], safe=string.punctuation)
    return (target if target.startswith("/") else f"/{target}").encode()


def _method(told: str) -> str:
    method = told.upper()
    if method not in METHODS:
        raise SocialCRMContractError("the upload asks for an unknown method", endpoint=UPLOAD.name)
    return method


def _headers(upload: Upload) -> dict[str, str]:
    """The headers to send along, lower-cased."""
    kept = {}
    for name, value in upload.headers:
        lowered = name.lower()
        if lowered in _REFUSED or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise SocialCRMContractError("the upload asks for a header it may not set", endpoint=UPLOAD.name)
        if lowered not in _OURS:
            kept[lowered] = value
    return kept
