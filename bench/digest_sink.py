"""Slack and SocialCRM of `bench/digest.py`: takes everything, answers as both do, and counts.

    python -m bench.digest_sink FILE

FILE is JSON: SocialCRM's answers by path, as the sandbox gave them. Just enough of HTTP for one request after
the other on a connection, so that its own work is small beside the bot's.
"""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, cast

import uvloop

from bench.http11 import parted

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"


class Books:
    """What was asked, and which channel had how many digests."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {path: json.dumps(answer).encode() for path, answer in answers.items()}
        self.calls: Counter[str] = Counter()
        self.digests: Counter[str] = Counter()
        self.number = 0

    def answer(self, method: str, target: str, body: bytes) -> bytes:
        path = target.partition("?")[0]
        if path == "/stats":
            return self._stats()
        if path == "/reset":
            self.calls.clear()
            self.digests.clear()
            return b"{}"
        if path.startswith("/v1/"):
            return self._socialcrm(path, target)
        self.calls[f"{method} {path.partition('?')[0] if path.startswith('/api/') else '/upload'}"] += 1
        return self._slack(path, body)

    def _socialcrm(self, path: str, target: str) -> bytes:
        parts = path.split("/")
        if len(parts) == 5:
            parts[3] = "{id}"
        name = "/".join(parts)
        self.calls[f"GET {target if len(parts) < 5 else name}"] += 1
        return self.answers[name] if "offset" not in target or "offset=0" in target else b'{"data":[]}'

    def _slack(self, path: str, body: bytes) -> bytes:
        self.number += 1
        if path == "/api/chat.postMessage":
            channel = json.loads(body)["channel"]
            if b'"scrm_digest"' in body:
                self.digests[channel] += 1
            return b'{"ok":true,"channel":"%s","ts":"1700000000.%06d"}' % (channel.encode(), self.number)
        if path == "/api/files.getUploadURLExternal":
            place = f"http://127.0.0.1:{PORT[0]}/upload/{self.number}"
            return b'{"ok":true,"upload_url":"%s","file_id":"F%d"}' % (place.encode(), self.number)
        return b'{"ok":true,"files":[]}'

    def _stats(self) -> bytes:
        told = {
            "calls": dict(self.calls),
            "digests": sum(self.digests.values()),
            "channels": len(self.digests),
            "finished": self.calls["POST /api/files.completeUploadExternal"],
        }
        return json.dumps(told).encode()


PORT = [0]


class Sink(asyncio.Protocol):
    def __init__(self, books: Books) -> None:
        self.books = books
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        found = parted(self.buffer)
        if not found:
            return
        head, body, self.buffer = found
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        answer = self.books.answer(method, target, body)
        self.transport.write(_HEAD % len(answer) + answer)


async def main(books: Books) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Sink(books), "127.0.0.1", 0, backlog=1024)
    PORT[0] = server.sockets[0].getsockname()[1]
    print(PORT[0], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(Books(json.loads(Path(sys.argv[1]).read_text()))))
