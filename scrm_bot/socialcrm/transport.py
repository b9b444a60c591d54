"""The pooled connections to SocialCRM: nothing is sent twice, and nothing is kept between tenants."""

from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp
import httpx
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from httpx_aiohttp import AiohttpTransport

# Below the 5 s after which common servers drop a kept-alive connection: a request rarely meets a closing one.
KEEP_ALIVE = 4.0
MOST_CONNECTIONS = 512


class AnswerLostError(aiohttp.ClientConnectionError):
    """The connection ended after the request had been given to it."""


async def never_twice(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from repeating GET, PUT and DELETE on its own when a reused connection ends.

    It repeats after `ClientOSError` and `ServerDisconnectedError`; it does not after this one. A request
    that the server may have read is ours to judge, and every attempt takes a turn of the budget.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise AnswerLostError(type(error).__name__) from error


@dataclass(slots=True)
class Leaving:
    """Whether some of a request may have left: not while its transport still looks for a connection."""

    left: bool = True


LEAVING: ContextVar[Leaving | None] = ContextVar("LEAVING", default=None)


async def _connected(*_: object) -> None:
    if leaving := LEAVING.get():
        leaving.left = True


def _tracing() -> aiohttp.TraceConfig:
    tracing = aiohttp.TraceConfig()
    tracing.on_connection_create_end.append(_connected)
    tracing.on_connection_reuseconn.append(_connected)
    return tracing


class PooledTransport(AiohttpTransport):
    """aiohttp's connections behind httpx, without aiohttp's repeats and without cookies.

    One pool serves every workspace: a cookie set for one must never travel with another's request.
    """

    def get_client(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(never_twice,),
            trace_configs=[_tracing()],
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if leaving := LEAVING.get():
            leaving.left = False  # not before there is a connection
        return await super().handle_async_request(request)


def pooled() -> PooledTransport:
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_ALIVE)
    return PooledTransport(limits=limits)


def was_never_sent(error: Exception) -> bool:
    """Whether no connection was made, so that the request cannot have been applied.

    Decided by the cause alone: the transport also reports an applied request whose answer was lost as
    `httpx.ConnectTimeout`, so the httpx class proves nothing.
    """
    return isinstance(error.__cause__, aiohttp.ClientConnectorError)
