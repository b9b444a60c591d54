"""Sends requests to a bot as bytes, and reads what comes back; counts what was answered, and what was not."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.mutations import Sent

_PATIENCE = 30.0  # seconds; the machine may be busy with other things
_CLOSED = "closed"  # without an answer, which is right for a request that never came to its end


@dataclass(slots=True)
class Line:
    """One connection at a time to the bot, opened anew where it was closed."""

    port: int
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, Sent]] = field(default_factory=list)
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: Sent) -> None:
        if not request.is_whole:
            await self.close()
        for _ in range(2):  # the bot may have closed a kept connection meanwhile
            fresh = self._open is None
            if self._open is None:
                self._open = await asyncio.open_connection("127.0.0.1", self.port)
            status = await self._try(request)
            if status != _CLOSED or fresh:
                break
        self.statuses[status] += 1
        if _is_wrong(status, request):
            self.wrong.append((status, request))

    async def close(self) -> None:
        if self._open is not None:
            writer, self._open = self._open[1], None
            writer.close()
            try:
                await writer.wait_closed()
            except ConnectionError:
                self.statuses["reset"] += 1

    async def _try(self, request: Sent) -> str:
        assert self._open
        reader, writer = self._open
        try:
            writer.write(_bytes(request))
            if not request.is_whole:
                writer.write_eof()
            async with asyncio.timeout(_PATIENCE):
                status, goes_on = await _answer(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.close()
            return _CLOSED
        except TimeoutError:
            await self.close()
            return "unanswered"
        if not goes_on or not request.is_whole:
            await self.close()
        return status


def _is_wrong(status: str, request: Sent) -> bool:
    """A whole request gets an answer; none gets 5xx, and what nobody signed gets nothing but 4xx."""
    if status == _CLOSED:
        return request.is_whole
    return status == "unanswered" or status.startswith("5") or (not request.is_signed and status[0] != "4")


def _bytes(request: Sent) -> bytes:
    framing = (
        {"Transfer-Encoding": "chunked"} if request.is_chunked else {"Content-Length": str(len(request.body))}
    )
    lines = ["POST /slack/events HTTP/1.1", "Host: bot"]
    lines += [f"{name}: {value}" for name, value in (request.headers | framing).items()]
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    body = (
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(request.body), request.body) if request.is_chunked else request.body
    )
    if request.is_chunked and not request.body:
        body = b"0\r\n\r\n"
    return head + (body if request.is_whole else body[: len(body) // 2])


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """The status, and whether the connection can be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    await reader.readexactly(int(headers.get("content-length", "0")))
    return first.split(" ")[1], headers.get("connection", "").lower() != "close"
