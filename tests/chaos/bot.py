"""The bot as it is shipped, with its ports wrapped so that it can be killed at an exact point.

`python -m tests.chaos.bot web|worker|run`; the product itself knows nothing of this.
"""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from scrm_bot import app, cli, tenancy, working
from scrm_bot.domain import runs
from scrm_bot.domain.approvals import Approval, CardRef, State
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import SocialCRMError
from scrm_bot.domain.jobs import Claim, Job
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.slack.announcer import SlackAnnouncer
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.newsdesk import SlackNewsdesk
from scrm_bot.slack.pace import Pace
from scrm_bot.slack.tiers import Tiers
from scrm_bot.socialcrm.endpoints import PUBLISH_POST, SCHEDULE_POST, Endpoint
from scrm_bot.socialcrm.http import Http, Timeouts
from scrm_bot.store import snapshots
from scrm_bot.store.counted import CountedApprovals, CountedSchedules
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.tenancy import SystemClock
from scrm_bot.usecases import cards
from scrm_bot.usecases.outcomes import Timing
from tests.chaos.strikes import CALL_SECONDS, CLOCK_FILE, FOLDER_VARIABLE, Strikes

_INTENT = {State.PUBLISHING, State.SCHEDULING}
_OUTCOME = {State.PUBLISHED, State.SCHEDULED}
_FOLDER = Path(os.environ[FOLDER_VARIABLE])
_strikes = Strikes(_FOLDER / "strikes")


class StrikingQueue(RedisWorkQueue):
    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        _strikes.here("before-recorded")
        claim = await super().accept(job, dedupe=dedupe, lease=lease)
        if claim:
            _strikes.here("recorded")
        return claim


class StrikingApprovals(CountedApprovals):
    async def save(self, approval: Approval, **more: Any) -> Approval:
        if approval.state in _INTENT:
            _strikes.here("before-intent")
        if approval.state in _OUTCOME:
            _strikes.here("before-outcome")
        saved = await super().save(approval, **more)
        if approval.state is State.APPROVED and more.get("jobs"):
            _strikes.here("approved")
        if approval.state in _INTENT:
            _strikes.here("intent")
        if approval.state in _OUTCOME:
            _strikes.here("outcome")
        if approval.needs_person:
            _strikes.here("asks-a-person")
        return saved


class StrikingAnnouncer(SlackAnnouncer):
    async def show(self, approval: Approval) -> CardRef:
        card = await super().show(approval)
        if approval.card is None:
            _strikes.here("card-posted")
        if approval.state in _OUTCOME:
            _strikes.here("card-shows-outcome")
        return card


class StrikingNewsdesk(SlackNewsdesk):
    async def send(self, channel: str, report: Report, *, run_key: str, thread_ts: str = "") -> str:
        _strikes.here("digest-begun")
        ts = await super().send(channel, report, run_key=run_key, thread_ts=thread_ts)
        _strikes.here("digest-posted")
        return ts


class StrikingSchedules(CountedSchedules):
    async def step(self, channel: str, day: str, before: Run, after: Run) -> bool:
        if after.state is RunState.POSTING:
            _strikes.here("digest-gathered")
        taken = await super().step(channel, day, before, after)
        if after.state in {RunState.SENT, RunState.TOLD} and before.state is RunState.POSTING:
            _strikes.here("digest-sent")
        return taken


class StrikingHttp(Http):
    def __init__(self, *args: Any, **named: Any) -> None:
        short = Timeouts(connect=0.5, pool=0.5, read=CALL_SECONDS, total=CALL_SECONDS)
        super().__init__(*args, **named, timeouts=short)

    async def attempt(
        self, endpoint: Endpoint, request: httpx.Request, *, seconds: float
    ) -> bytes | SocialCRMError:
        is_sending = endpoint in {PUBLISH_POST, SCHEDULE_POST}
        if is_sending and _strikes.is_armed("half-sent"):
            await _send_half(request)
            _strikes.here("half-sent")
        answer = await super().attempt(endpoint, request, seconds=seconds)
        if is_sending and isinstance(answer, bytes):
            _strikes.here("answered")
        return answer


class ShiftedClock(SystemClock):
    """The system's clock, moved by as many seconds as a file says."""

    def now(self) -> datetime:
        try:
            shift = float((_FOLDER / CLOCK_FILE).read_text())
        except FileNotFoundError:
            shift = 0.0
        return super().now() + timedelta(seconds=shift)


async def _send_half(request: httpx.Request) -> None:
    """The head of the request and the first byte of its body."""
    host, port = request.url.host, request.url.port
    _, writer = await asyncio.open_connection(host, port)
    head = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1", f"Host: {host}:{port}"]
    head += [f"{name}: {value}" for name, value in request.headers.items() if name.lower() != "host"]
    writer.write(("\r\n".join([*head, "", ""]) + "{").encode())
    await writer.drain()


def main() -> int:
    """Put the wrapped ports in the place of the shipped ones, then do as the command line says."""
    _put(
        app,
        RedisWorkQueue=StrikingQueue,
        SystemClock=ShiftedClock,
        Http=StrikingHttp,
        Messenger=partial(Messenger, posts=Pace(0), updates=Pace(0), tiers=Tiers(minute=0)),
    )
    _put(working, Timing=partial(Timing, poll=timedelta(seconds=0.3)))
    _put(
        tenancy,
        CountedApprovals=StrikingApprovals,
        SlackAnnouncer=StrikingAnnouncer,
        SlackNewsdesk=StrikingNewsdesk,
        CountedSchedules=StrikingSchedules,
    )
    _put(runs, SETTLE=timedelta(seconds=2))
    _put(cards, AGAIN=timedelta(seconds=1))
    _put(snapshots, READING_SECONDS=3)  # for which the digests of a team wait for one that was killed
    return cli.main()


def _put(module: ModuleType, **others: Any) -> None:
    """A name that the module does not have any more would wrap nothing, without a word."""
    if unknown := others.keys() - vars(module).keys():
        raise AttributeError(f"{module.__name__} has no {', '.join(sorted(unknown))}")
    vars(module).update(others)


if __name__ == "__main__":
    sys.exit(main())
