"""Slack's Web API: one session, a pace for every method, refusals by name."""

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import aiohttp

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation
from scrm_bot.ports import Lane
from scrm_bot.slack import history
from scrm_bot.slack.acks import written
from scrm_bot.slack.history import Mark
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.metrics import CALLS
from scrm_bot.slack.pace import Pace, Shared
from scrm_bot.slack.tiers import METHODS, OWN_PLACE, PACED_ELSEWHERE, TRIGGER_SECONDS, TRIGGERED, Tiers
from scrm_bot.slack.tokens import EXPIRED
from scrm_bot.slack.webapi import RATE_LIMITED, UNREACHABLE, Json, Verb, WebApi, retry_after
from scrm_bot.telemetry.counts import OTHER, Calls
from scrm_bot.views.blocks import Message, View

log = logging.getLogger(__name__)

Draw = Callable[[], Awaitable[Message]]
"""Makes a message of what is known at that moment."""

_POST = "chat.postMessage"
_TRIES = 3
_LONGEST_WAIT = 30.0  # seconds; a longer Retry-After is the caller's to plan for
_GONE = frozenset({"account_inactive", "invalid_auth", EXPIRED, "token_revoked"})
_GARBLED = frozenset({500, 502, 503, 504})


class Messenger:
    """What the bot says to Slack, in every workspace. Raises `SlackRefusedError` or `NotInstalledError`."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        installations: Installations,
        base_url: str,
        posts: Pace | None = None,
        updates: Pace | None = None,
        tiers: Tiers | None = None,
        shared: Shared | None = None,
        calls: Calls | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session = session
        self._installations = installations
        # docs: chat.postMessage, about one a second and channel, short bursts above it are let through
        self._posts = posts or Pace(1.0, burst=3, reserve=1, shared=shared, sleep=sleep)
        self._tiers = tiers or Tiers(shared=shared, sleep=sleep)
        self._updates = updates or self._tiers.of(OWN_PLACE)
        self._drawing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._lane = Lane.PEOPLE
        self._sleep = sleep
        self._calls = calls or Calls(CALLS)
        self._api = WebApi(session, base_url=base_url)

    def in_lane(self, lane: Lane) -> "Messenger":
        """The same messenger, for people or for work that lets them go first."""
        other = copy.copy(self)
        other._lane = lane  # noqa: SLF001  one of its own
        return other

    async def call(
        self,
        team_id: str,
        method: str,
        args: Mapping[str, Any],
        *,
        verb: Verb = "POST",
        has_turn: bool = False,
    ) -> Json:
        """One Web API method, again where Slack says when, where nothing was sent, and with a new token."""
        installation = await self._installations.get(team_id)
        try:
            return await self._tried(installation, team_id, method, args, verb=verb, has_turn=has_turn)
        except SlackRefusedError as refusal:
            if refusal.code != EXPIRED or not installation.refresh_token:
                raise
            renewed = await self._installations.get(team_id)
            if renewed.bot_token == installation.bot_token:
                raise
        return await self._tried(renewed, team_id, method, args, verb=verb, has_turn=has_turn)

    async def _tried(
        self,
        installation: Installation,
        team_id: str,
        method: str,
        args: Mapping[str, Any],
        *,
        verb: Verb,
        has_turn: bool,
    ) -> Json:
        token = installation.bot_token.reveal()
        for attempt in range(1, _TRIES + 1):
            if attempt > 1 or not has_turn:
                await self._turn(team_id, method)
            try:
                with self._calls.one(method if method in METHODS else OTHER):
                    return await self._api.send(token, method, args, verb=verb)
            except SlackRefusedError as refusal:
                if refusal.code in _GONE:
                    self._installations.drop(team_id)
                wait, limited = refusal.retry_in, refusal.code == RATE_LIMITED
                if wait and limited:
                    await self._hold(team_id, method, args, wait)
                if wait is None or wait > _LONGEST_WAIT or attempt == _TRIES:
                    raise
                if not limited:
                    await self._sleep(wait)
                elif method in PACED_ELSEWHERE:  # of others the next turn is as far away
                    await self._turn_of_place(team_id, method, args)
        raise AssertionError("the last try returns or raises")

    async def _turn(self, team_id: str, method: str) -> None:
        """Wait for the method's turn in this workspace, as long as whoever asked would."""
        if method == OWN_PLACE:
            return
        within = TRIGGER_SECONDS if method in TRIGGERED else _LONGEST_WAIT
        wait = await self._tiers.of(method).turn(team_id, method, lane=self._lane, within=within)
        if wait:
            raise SlackRefusedError(RATE_LIMITED, method=method, retry_in=wait)

    async def _turn_of_place(self, team_id: str, method: str, args: Mapping[str, Any]) -> None:
        """After a refusal, the place's next turn: what was refused together must not come together again."""
        pace, place = (
            (self._updates, OWN_PLACE) if method == OWN_PLACE else (self._posts, f"post:{args['channel']}")
        )
        wait = await pace.turn(team_id, place, within=_LONGEST_WAIT)
        if wait:
            raise SlackRefusedError(RATE_LIMITED, method=method, retry_in=wait)

    async def _hold(self, team_id: str, method: str, args: Mapping[str, Any], wait: float) -> None:
        """What Slack wants of one call, it wants of every process."""
        if method == OWN_PLACE:
            await self._updates.hold(team_id, method, wait)
        elif method == _POST:
            await self._posts.hold(team_id, f"post:{args['channel']}", wait)
        else:
            await self._tiers.of(method).hold(team_id, method, wait)

    async def post(
        self, team_id: str, channel: str, message: Message, *, thread_ts: str = "", mark: Mark | None = None
    ) -> str:
        """Post into a channel or, with a person's id, a direct message; returns its ts."""
        return (await self.place(team_id, channel, message, thread_ts=thread_ts, mark=mark)).ts

    async def place(
        self, team_id: str, channel: str, message: Message, *, thread_ts: str = "", mark: Mark | None = None
    ) -> CardRef:
        """As `post`; returns where the message is, which for a person is not where it was sent."""
        args: Json = {"channel": channel, **written(message), "unfurl_links": False}
        if thread_ts:
            args["thread_ts"] = thread_ts
        if mark:
            args["metadata"] = mark.written()
        await self._turns_to_post(team_id, channel)
        answer = await self.call(team_id, _POST, args, has_turn=True)
        return CardRef(str(answer.get("channel") or channel), str(answer["ts"]))

    async def _turns_to_post(self, team_id: str, channel: str) -> None:
        """A turn of the channel and one of the method, both asked for at once."""
        place = f"post:{channel}"
        free, has_turn = await asyncio.gather(
            self._posts.at_once(team_id, place, lane=self._lane),
            self._tiers.of(_POST).at_once(team_id, _POST, lane=self._lane),
        )
        if not free:
            await self._posts.turn(team_id, place, lane=self._lane)
        if not (free and has_turn):  # one that was taken before a long wait is none
            await self._turn(team_id, _POST)

    async def workspace_name(self, team_id: str) -> str:
        """As it was called when it was installed; its id where that is not known."""
        return (await self._installations.get(team_id)).team_name or team_id

    async def find(
        self, team_id: str, channel: str, *, event_type: str, key: str, since: datetime, whole: bool = False
    ) -> str | None:
        """The ts of the bot's newest message in a channel with this mark, not older than `since`.

        Needs channels:history or groups:history. Of a channel where much was said, only the newest is read;
        with `whole` that is refused, for whom "not found" must mean that it is not there.
        """
        bot = (await self._installations.get(team_id)).bot_user_id

        async def read(args: Json) -> Json:
            return await self.call(team_id, history.METHOD, {"channel": channel, **args}, verb="GET")

        return await history.find(read, Mark(event_type, key), bot=bot, since=since, whole=whole)

    async def update(self, team_id: str, channel: str, ts: str, message: Message) -> None:
        """Show this in a message's place. Of updates that wait for their turn only the last is sent."""

        async def draw() -> Message:
            return message

        await self.redraw(team_id, channel, ts, draw)

    async def redraw(self, team_id: str, channel: str, ts: str, draw: Draw) -> None:
        """As `update`, with what `draw` makes once it is its turn and no other is under way.

        So that what is drawn last is the newest: `draw` reads what it shows, and this waits for Slack's word.
        """
        key = f"{channel}/{ts}"

        async def send(newest: Draw) -> None:
            async with self._drawing.setdefault(f"{team_id}/{key}", asyncio.Lock()):
                args = {"channel": channel, "ts": ts, **written(await newest())}
                await self.call(team_id, OWN_PLACE, args)

        await self._updates.newest(team_id, OWN_PLACE, key, draw, send, lane=self._lane)

    async def whisper(
        self, team_id: str, *, channel: str, user_id: str, message: Message, thread_ts: str = ""
    ) -> None:
        """Say something that only one person sees."""
        args: Json = {"channel": channel, "user": user_id, **written(message)}
        if thread_ts:
            args["thread_ts"] = thread_ts
        await self.call(team_id, "chat.postEphemeral", args)

    async def open_view(self, team_id: str, trigger_id: str, view: View, *, push: bool = False) -> str:
        """Open a modal; returns Slack's id of it."""
        method = "views.push" if push else "views.open"
        if not trigger_id:
            raise SlackRefusedError("expired_trigger_id", method=method)
        answer = await self.call(team_id, method, {"trigger_id": trigger_id, "view": view})
        return str(answer["view"]["id"])

    async def update_view(self, team_id: str, view_id: str, view: View) -> None:
        """Show another view in an open modal; one that was closed meanwhile needs none."""
        try:
            await self.call(team_id, "views.update", {"view_id": view_id, "view": view})
        except SlackRefusedError as refusal:
            if refusal.code != "not_found":
                raise

    async def publish_home(self, team_id: str, user_id: str, view: View) -> None:
        await self.call(team_id, "views.publish", {"user_id": user_id, "view": view})

    async def respond(self, response_url: str, body: Json) -> None:
        """Answer through a response_url (docs: interactivity/handling-user-interaction)."""
        for attempt in range(1, _TRIES + 1):
            try:
                with self._calls.one("response_url") as timed:
                    async with self._session.post(response_url, json=body) as response:
                        if response.status < 400:
                            return
                        retry_in = _wait(response.status, response.headers.get("Retry-After"), attempt)
                        code = RATE_LIMITED if response.status == 429 else f"http_{response.status}"
                        timed.outcome = code
            except (aiohttp.ClientError, TimeoutError):
                code, retry_in = UNREACHABLE, 0.5 * attempt
            if retry_in is None or retry_in > _LONGEST_WAIT or attempt == _TRIES:
                raise SlackRefusedError(code, method="response_url", retry_in=retry_in)
            await self._sleep(retry_in)


def _wait(status: int, told: str | None, attempt: int) -> float | None:
    """Seconds until the next try makes sense, None when none does."""
    if status == 429:
        return retry_after(told)
    return 0.5 * attempt if status in _GARBLED else None
