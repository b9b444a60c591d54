"""The pooled connections to SocialCRM: nothing is sent twice, and nothing is kept between tenants."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf

import aiohttp
import httpx
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
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


async def as_given(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """Ask for the target that came with the request, where one did: yarl would write it in its own way."""
    if target := _TARGET.get():
        request.url = request.url.with_path(target, encoded=True)  # the query too: so even a lone "?" stays
    return await send(request)


class TurnOverError(aiohttp.ClientConnectionError):
    """There was a connection only when the turn that the request had taken was over. Nothing left."""


@dataclass(slots=True)
class Leaving:
    """Whether some of a request may have left: not while its transport still looks for a connection.

    After `until`, in the event loop's time, nothing may leave any more: the turn is `over`, unused.
    """

    until: float = inf
    left: bool = True
    over: bool = False


LEAVING: ContextVar[Leaving | None] = ContextVar("LEAVING", default=None)
_TARGET: ContextVar[str] = ContextVar("_TARGET", default="")


class _InTime(aiohttp.TCPConnector):
    """Hands a connection out only while the turn of its request lasts.

    One that took too long to be made is kept: the next attempt, on a turn of its own, leaves on it at once.
    """

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        if leaving := LEAVING.get():
            if asyncio.get_running_loop().time() > leaving.until:
                leaving.over = True
                connection.release()
                raise TurnOverError
            leaving.left = True
        return connection


class PooledTransport(AiohttpTransport):
    """aiohttp's connections behind httpx, without aiohttp's repeats and without cookies.

    One pool serves every workspace: a cookie set for one must never travel with another's request.
    """

    def get_client(self) -> aiohttp.ClientSession:
        connector = _InTime(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(never_twice, as_given),
            skip_auto_headers=("Content-Type",),  # a signature may cover which headers there are
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if leaving := LEAVING.get():
            leaving.left = False  # not before there is a connection
        reset = _TARGET.set(request.extensions.get("target", b"").decode())
        try:
            return await super().handle_async_request(request)
        finally:
            _TARGET.reset(reset)


def pooled() -> PooledTransport:
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_ALIVE)
    return PooledTransport(limits=limits)


def was_never_sent(error: Exception) -> bool:
    """Whether no connection was made, or none in time, so that the request cannot have been applied.

    Decided by the cause, and by whether the request in hand was ever given a connection. The transport also
    reports an applied request whose answer was lost as `httpx.ConnectTimeout`: its class proves nothing.
    """
    leaving = LEAVING.get()
    has_left = leaving is None or leaving.left
    return not has_left or isinstance(error.__cause__, aiohttp.ClientConnectorError | TurnOverError)
