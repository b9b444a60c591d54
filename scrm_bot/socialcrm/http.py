"""One request to SocialCRM: turn of the budget, send, repeat only what is safe, name the refusal."""

import asyncio
import json
import logging
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import inf
from typing import Any, Literal

import aiohttp
import httpx

from scrm_bot.domain.errors import (
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
)
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Budget, Clock, Lane, OnWait, Turn
from scrm_bot.socialcrm.endpoints import Endpoint
from scrm_bot.socialcrm.metering import CALLS
from scrm_bot.socialcrm.places import Places
from scrm_bot.socialcrm.refusals import refusal
from scrm_bot.socialcrm.transport import LEAVING, Leaving, pooled, was_never_sent
from scrm_bot.telemetry.counts import Calls, word_of

ATTEMPTS = 3
LARGEST_ANSWER = 5 * 1024 * 1024
FIRST_PAUSE = 0.2
PATIENCE = {Lane.PEOPLE: 3.0, Lane.BACKGROUND: 60.0}  # how long a 429 may hold a call up, in seconds
USER_AGENT = "scrm-bot (+https://socialcrm.org)"

log = logging.getLogger(__name__)

KeyHeader = Literal["bearer", "x-api-key"]
_DICE = random.SystemRandom()
_KEY = re.compile(r"[!-~]+", re.ASCII)
# What sending and reading may raise: the transport leaves some of aiohttp's own errors as they are.
LOST = (httpx.HTTPError, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each phase of one attempt; `total` bounds them all, so a dripping answer ends too.

    `total` must stay below the wait after which an ambiguous publish is settled by reading.
    """

    connect: float = 5.0
    pool: float = 5.0
    read: float = 30.0
    total: float = 45.0
    upload: float = 300.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key a call goes out with, whose turn it takes, and who is told of a long wait for it."""

    key: Secret
    fingerprint: str
    lane: Lane
    on_wait: OnWait | None = None


class Http:
    """The one pooled client of a process. Build it once, `close` it at the end."""

    def __init__(
        self,
        base_url: str,
        *,
        budget: Budget,
        clock: Clock,
        timeouts: Timeouts | None = None,
        key_header: KeyHeader = "bearer",
        window: float = 60.0,
        calls: Calls | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeouts = timeouts or Timeouts()
        self._budget = budget
        self._clock = clock
        self._places = Places()
        self._calls = calls or Calls(CALLS)
        self._key_header = key_header
        self._window = window
        self._phases = {"timeout": _phases(self.timeouts)}
        # Without httpx' client around it: what that adds, redirects and cookies and a log of addresses, is
        # what must not happen here, and a third of what a call costs.
        self.transport = transport or pooled()

    async def close(self) -> None:
        await self.transport.aclose()

    async def call(
        self,
        endpoint: Endpoint,
        caller: Caller,
        *,
        item: str = "",
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
        deadline: datetime | None = None,
    ) -> bytes:
        """The body of a 2xx answer. Raises from the `SocialCRMError` tree.

        Nothing is sent after `deadline`: whoever waited too long for a turn, or stood still, must look again.
        """
        log.debug("calling %s", endpoint.name)
        request = self._request(endpoint, caller.key, item=item, params=params, payload=payload)
        attempt = 1
        while True:
            answer = await self._in_turn(endpoint, request, caller, deadline)
            if isinstance(answer, bytes):
                return answer
            await self._before_another(answer, endpoint, caller, attempt)
            attempt += 1

    async def _in_turn(
        self, endpoint: Endpoint, request: httpx.Request, caller: Caller, deadline: datetime | None
    ) -> bytes | SocialCRMError:
        """Send once, on a turn of the budget and in a place.

        Whoever waits for a turn holds no place: all of them stand in the budget's line, which tells them how
        long it takes. Only where all places are taken does the place come first.
        """
        places, whose = self._places, (caller.fingerprint, caller.lane)
        if not places.is_full(*whose):
            turn = await self._turn(caller)
            if not places.is_full(*whose):
                async with places.one(*whose):
                    return await self._leave(endpoint, request, caller, turn, deadline)
            self._budget.give_back(caller.fingerprint, turn)
        async with places.one(*whose):
            return await self._leave(endpoint, request, caller, await self._turn(caller), deadline)

    async def _turn(self, caller: Caller) -> Turn:
        return await self._budget.take(caller.fingerprint, caller.lane, on_wait=caller.on_wait)

    async def _leave(
        self,
        endpoint: Endpoint,
        request: httpx.Request,
        caller: Caller,
        turn: Turn,
        deadline: datetime | None,
    ) -> bytes | SocialCRMError:
        """Send once on this turn, which is given back when this ends before anything left."""
        left = (deadline - self._clock.now()).total_seconds() if deadline else inf
        if left < 0:
            self._budget.give_back(caller.fingerprint, turn)
            raise SocialCRMUnreachableError("too late to be sent", endpoint=endpoint.name)
        leaving = Leaving(min(turn.until, asyncio.get_running_loop().time() + left))
        reset = LEAVING.set(leaving)
        try:
            return await self.attempt(endpoint, request, seconds=self.timeouts.total)
        except asyncio.CancelledError:
            leaving.over = not leaving.left
            raise
        finally:
            LEAVING.reset(reset)  # a file that this task uploads next takes no turn
            if leaving.over:
                self._budget.give_back(caller.fingerprint, turn)

    async def attempt(
        self, endpoint: Endpoint, request: httpx.Request, *, seconds: float
    ) -> bytes | SocialCRMError:
        """Send once. An error is returned, not raised: an httpx error holds the request, and so the key."""
        with self._calls.one(endpoint.name) as timed:
            answer = await self._sent(endpoint, request, seconds=seconds)
            timed.outcome = word_of(answer) if isinstance(answer, SocialCRMError) else ""
        return answer

    async def _sent(
        self, endpoint: Endpoint, request: httpx.Request, *, seconds: float
    ) -> bytes | SocialCRMError:
        try:
            async with asyncio.timeout(seconds):
                response = await self.transport.handle_async_request(request)
                try:
                    body = await _body(endpoint, response)
                finally:
                    await response.aclose()
        except LOST as error:
            kind = SocialCRMUnreachableError if was_never_sent(error) else SocialCRMAmbiguousError
            return kind(type(error.__cause__ or error).__name__, endpoint=endpoint.name)
        if isinstance(body, SocialCRMContractError) or response.is_success:
            return body
        return refusal(endpoint, response.status_code, body, response.headers, window=self._window)

    def _request(
        self,
        endpoint: Endpoint,
        key: Secret,
        *,
        item: str,
        params: Mapping[str, str] | None,
        payload: Mapping[str, Any] | None,
    ) -> httpx.Request:
        headers = {"accept": "application/json", "user-agent": USER_AGENT, **self._key(endpoint, key)}
        content = None
        if payload is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(payload).encode()
        return httpx.Request(
            endpoint.method,
            _address(self.base_url, endpoint, item, params),
            headers=headers,
            content=content,
            extensions=self._phases,
        )

    def _key(self, endpoint: Endpoint, key: Secret) -> dict[str, str]:
        value = key.reveal()
        if not _KEY.fullmatch(value):
            raise UnauthorizedError("A key has only letters, digits and signs.", endpoint=endpoint.name)
        return (
            {"x-api-key": value} if self._key_header == "x-api-key" else {"authorization": f"Bearer {value}"}
        )

    async def _before_another(
        self, error: SocialCRMError, endpoint: Endpoint, caller: Caller, attempt: int
    ) -> None:
        """Return when another attempt is safe and due; raise what stands otherwise."""
        if isinstance(error, RateLimitedError):
            error = await self._paused(error, caller)
            if attempt >= ATTEMPTS or error.retry_in > PATIENCE[caller.lane]:
                raise error
            return  # the budget holds everybody back until then, this call too
        if isinstance(error, SocialCRMAmbiguousError) and not endpoint.changes:
            error = SocialCRMUnreachableError(error.message, endpoint=endpoint.name)
        if attempt >= ATTEMPTS or not isinstance(error, SocialCRMUnreachableError):
            raise error
        await self._clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.75 + _DICE.random() / 2))

    async def _paused(self, error: RateLimitedError, caller: Caller) -> RateLimitedError:
        """Stop every process; with the time that is really to wait, which may be longer than was said."""
        try:
            pause = await self._budget.refused(caller.fingerprint, retry_in=error.retry_in)
        except StoreUnavailableError:  # the budget tells the others as soon as it can
            raise error from None
        return RateLimitedError(error.message, endpoint=error.endpoint, retry_in=max(error.retry_in, pause))


def _phases(timeouts: Timeouts) -> dict[str, float]:
    return {
        "connect": timeouts.connect,
        "read": timeouts.read,
        "write": timeouts.read,
        "pool": timeouts.pool,
    }


def _address(base: str, endpoint: Endpoint, item: str, params: Mapping[str, str] | None) -> httpx.URL:
    """Raises `NotFoundError` for an id, `InvalidRequestError` for parameters, that no address can hold."""
    try:
        address = _parsed(base + endpoint.path_of(item))
    except httpx.InvalidURL:
        raise NotFoundError("There is nothing with this id.", endpoint=endpoint.name) from None
    try:
        return _parsed(str(address), tuple(params.items())) if params else address
    except (httpx.InvalidURL, UnicodeEncodeError):
        raise InvalidRequestError("These parameters cannot be sent.", endpoint=endpoint.name) from None


@lru_cache(maxsize=256)  # most of what is asked for is the same for every workspace
def _parsed(address: str, params: tuple[tuple[str, str], ...] = ()) -> httpx.URL:
    return httpx.URL(address, params=params) if params else httpx.URL(address)


async def _body(endpoint: Endpoint, response: httpx.Response) -> bytes | SocialCRMContractError:
    """The body, or why it is not read any further."""
    # unpacked layer by layer, each at once: a few hundred bytes that were packed twice can fill the memory
    told = response.headers.get_list("content-encoding", split_commas=True)
    if sum(coding.lower() not in {"", "identity"} for coding in told) > 1:
        return SocialCRMContractError("the answer is packed more than once", endpoint=endpoint.name)
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER:
            return SocialCRMContractError("the answer is too large", endpoint=endpoint.name)
    return bytes(body)
