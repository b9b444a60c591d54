"""The load of `bench/ack.py`: signed slash commands on kept-alive connections, in its own process."""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from bench.http11 import parted

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of the load measured; times in milliseconds."""

    acks_per_second: float
    p50: float
    p99: float
    refused: int


def signed(number: int, text: str, *, response_url: str, at: int) -> bytes:
    """One HTTP request as Slack would send it, with a trigger_id of its own."""
    form = {
        "token": "t",
        "team_id": f"T{number % TEAMS:08d}",
        "team_domain": "bench",
        "channel_id": "C0000001",
        "channel_name": "general",
        "user_id": f"U{number % 50:08d}",
        "user_name": "ann",
        "command": "/scrm",
        "text": text,
        "api_app_id": "A0000001",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": f"{at}.{number}.{time.monotonic_ns()}",
    }
    body = urlencode(form).encode()
    base = b"v0:%d:%s" % (at, body)
    signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\nAccept-Encoding: gzip,deflate\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {at}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One kept-alive connection that sends the next request as soon as the last one is answered."""

    def __init__(self, requests: "list[bytes]", times: list[float], refusals: list[bytes]) -> None:
        self.requests = requests
        self.times = times
        self.refusals = refusals
        self.buffer = b""
        self.sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        if not self.requests:
            self.transport.close()
            return
        request = self.requests.pop()
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        found = parted(self.buffer)
        if not found:
            return
        head, _, self.buffer = found
        self.times.append(time.perf_counter() - self.sent)
        if not head.startswith(b"HTTP/1.1 200"):
            self.refusals.append(head)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.done.done():
            self.done.set_result(None)


async def measure(port: int, texts: list[str], *, connections: int, count: int, response_url: str) -> Figures:
    """Send `count` commands over `connections`, and say how it went."""
    at = int(time.time())
    requests = [
        signed(number, texts[number % len(texts)], response_url=response_url, at=at)
        for number in range(count)
    ]
    times: list[float] = []
    refusals: list[bytes] = []
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Connection(requests, times, refusals), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    took = time.perf_counter() - started
    times.sort()
    return Figures(
        acks_per_second=len(times) / took,
        p50=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        refused=len(refusals) + count - len(times),
    )


def main() -> None:
    order = json.loads(sys.argv[1])
    print(json.dumps(asdict(asyncio.run(measure(order.pop("port"), order.pop("texts"), **order)))))


if __name__ == "__main__":
    main()
