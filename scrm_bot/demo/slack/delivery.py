"""Deliveries to the bot: signed HTTP or Socket Mode, and the record of each."""

import asyncio
import hashlib
import hmac
from collections import deque
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from scrm_bot.demo.slack.errors import DeliveryError
from scrm_bot.demo.slack.hub import Hub
from scrm_bot.demo.slack.wire import Json, compact, parse
from scrm_bot.demo.slack.world import World

Kind = Literal["events_api", "slash_commands", "interactive"]
KEPT = 10_000
REDIRECTS = 2
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver; `attempt` counts retries of an event."""

    kind: Kind
    payload: Json
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    is_json: bool = False
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Json:
        """The body as an object; ValueError when it is something else."""
        document = parse(self.body)
        if not isinstance(document, dict):
            raise TypeError("the body is not a JSON object")
        return document


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery and how it ended: the bot's reply, or Slack's word for the failure."""

    parcel: Parcel
    reply: Reply | None
    failure: str = ""


class Transport(Protocol):
    @property
    def connected(self) -> bool: ...

    async def deliver(self, parcel: Parcel) -> Reply:
        """The bot's answer, or `DeliveryError`."""


def sign(secret: str, *, timestamp: str, body: bytes) -> str:
    """Slack's signature, version 0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(parcel: Parcel) -> tuple[bytes, str]:
    """The request's body and content type."""
    if parcel.kind == "events_api":
        return compact(parcel.payload).encode(), "application/json"
    form = parcel.payload if parcel.kind == "slash_commands" else {"payload": compact(parcel.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


@dataclass(slots=True)
class HttpTransport:
    """Signed POSTs to the app's one request URL."""

    world: World
    url: str = ""
    session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        return bool(self.url)

    async def deliver(self, parcel: Parcel) -> Reply:
        body, content_type = encode(parcel)
        timestamp = str(int((self.world.wire_clock or self.world.clock)()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.world.app.signing_secret, timestamp=timestamp, body=body),
        }
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = parcel.reason
        return await self._send(body, headers)

    async def _send(self, body: bytes, headers: dict[str, str]) -> Reply:
        if self.session is None:
            raise DeliveryError("connection_failed")
        try:
            async with asyncio.timeout(self.world.pace.ack_seconds):
                request = self.session.post(self.url, data=body, headers=headers, max_redirects=REDIRECTS)
                async with request as response:
                    return Reply(
                        status=response.status,
                        body=await response.read(),
                        is_json=response.content_type == "application/json",
                        no_retry=response.headers.get("X-Slack-No-Retry") == "1",
                    )
        except TimeoutError as error:
            raise DeliveryError("http_timeout") from error
        except aiohttp.TooManyRedirects as error:
            raise DeliveryError("too_many_redirects") from error
        except aiohttp.ClientSSLError as error:
            raise DeliveryError("ssl_error") from error
        except aiohttp.ClientConnectionError as error:
            raise DeliveryError("connection_failed") from error
        except aiohttp.ClientError as error:
            raise DeliveryError("unknown_error") from error


@dataclass(slots=True)
class Post:
    """Picks the transport the app is connected by, and keeps a record."""

    hub: Hub
    transports: list[Transport] = field(default_factory=list)
    record: deque[Delivered] = field(default_factory=lambda: deque(maxlen=KEPT))

    async def deliver(self, parcel: Parcel) -> Reply:
        try:
            reply = await self._transport().deliver(parcel)
        except DeliveryError as error:
            self._note(Delivered(parcel, None, error.reason))
            raise
        self._note(Delivered(parcel, reply, "" if reply.ok else "http_error"))
        return reply

    def _note(self, delivered: Delivered) -> None:
        self.record.append(delivered)
        self.hub.publish("delivered", frozenset())

    def _transport(self) -> Transport:
        for transport in self.transports:
            if transport.connected:
                return transport
        raise DeliveryError("connection_failed")
