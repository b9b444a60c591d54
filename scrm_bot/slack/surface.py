"""What an acknowledgement says, and what is recorded before it."""

import asyncio
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import getrandbits
from typing import Any

from scrm_bot import log as logs
from scrm_bot.domain.errors import ScrmError, StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.ports import Clock, WorkQueue, Workspaces
from scrm_bot.slack import acks, notices, records
from scrm_bot.slack.background import Background
from scrm_bot.slack.command import (
    Caller,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    LinksShared,
    StepRun,
    Submission,
    Suggestion,
)
from scrm_bot.slack.delivery import Delivery
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.links import NO_LINKS, LinkDomain
from scrm_bot.slack.marks import marked_view
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.performer import Home, Performer
from scrm_bot.slack.readings import Ignored, Reading, Received, Uninstalled
from scrm_bot.slack.reply import CloseModal, Reply, ShowErrors, ShowView, SubmissionAck
from scrm_bot.slack.router import Router
from scrm_bot.slack.withdrawals import Doubtful, Withdrawals
from scrm_bot.telemetry.counts import OK, Calls
from scrm_bot.telemetry.spans import Spans
from scrm_bot.views import problems
from scrm_bot.views.blocks import Block

log = logging.getLogger(__name__)

LEASE = 30.0  # seconds until the work of a process that died is done by another
_SUGGEST_WITHIN = 2.0
_RECORD_WITHIN = 2.0  # of the three seconds that Slack waits
_MOST_OPTIONS = 100
_MOST_INSTANTS = 256
SEND_AGAIN = "not recorded: send it again"  # the body of a 503, for what Slack repeats by itself
_UNINSTALL_AFTER = (1.0, 5.0, 20.0, 60.0, 300.0)
_SENT_AGAIN = StepRun | KeySpotted  # with a 503 Slack sends these once more
_UNASKED = HomeOpened | LinksShared  # nobody waits for an answer to these
_EMPTY_OPTIONS = '{"options":[]}'


@dataclass(frozen=True, slots=True)
class SurfaceConfig:
    """Everything the surface is given.

    `seal` and `open_sealed` take bytes and the team they belong to. `home` is what App Home shows. `suggest`
    answers menus from a list in memory. `forget` keeps in mind that the bot was removed, `belongs` which
    organisation a workspace is part of; both may raise `StoreUnavailableError`. `queue` must accept, or raise
    it, well within the three seconds that Slack waits.
    """

    router: Router
    home: Home
    suggest: Callable[[Suggestion], Awaitable[Sequence[Block]]]
    workspaces: Workspaces
    queue: WorkQueue
    clock: Clock
    seal: Callable[[bytes, str], bytes]
    open_sealed: Callable[[bytes, str], bytes]
    installations: Installations
    messenger: Messenger
    forget: Callable[[Uninstalled], Awaitable[None]]
    belongs: Callable[[str, str], Coroutine[Any, Any, None]]
    lease: float = LEASE
    link: LinkDomain = NO_LINKS
    deeds: Calls | None = None
    spans: Spans | None = None


class Surface:
    """From a reading to an acknowledgement at once, and to an answer later."""

    def __init__(self, config: SurfaceConfig) -> None:
        self._config = config
        self._router = config.router
        self._delivery = Delivery(config.messenger)
        self._instants: dict[tuple[Any, ...], str] = {}
        self.background = Background(config.queue, lease=config.lease)
        self._withdrawals = Withdrawals(
            config.queue,
            sleep=config.clock.sleep,
            start=self.background.start,
            too_late=lambda caller: self._delivery.tell(caller, notices.told(notices.RECORDED_AFTER_ALL)),
        )
        self._performer = Performer(
            config.router,
            config.home,
            config.workspaces,
            self._delivery,
            self.background.start,
            link=config.link,
            deeds=config.deeds,
        )

    async def receive(self, received: Received) -> str:
        """The acknowledgement's body. Never raises; what was done is recorded when this returns."""
        logs.request_id.set(f"{getrandbits(32):08x}")
        spans = self._config.spans
        if spans is None:
            return await self._received(received)
        span = spans.begin("delivery", {"scrm.kind": type(received).__name__})
        try:
            return await self._received(received)
        finally:
            span.end(OK)

    async def _received(self, received: Received) -> str:
        try:
            with self.background:
                return await self._acknowledge(received)
        except Exception as error:
            log.exception("no acknowledgement could be made")
            return _in_ack(problems.explain(error, request_id=logs.request_id.get()).text, received)

    async def run(self, claim: Claim) -> None:
        """Do what a record says, for a process that could not. Raises for a record nobody can read."""
        if self._withdrawals.pass_over(claim.job):
            return
        sealed = b64decode(claim.job.args["sealed"])
        reading = records.load(self._config.open_sealed(sealed, claim.job.team_id))
        logs.new_request_id()
        await self._performer.perform(reading)

    async def drain(self, seconds: float) -> int:
        """Let what is running come to its end; returns how much did not. Its records are left for others."""
        return await self.background.drain(seconds)

    async def _acknowledge(self, received: Received) -> str:
        match received:
            case Reading():
                return await self._take(received)
            case Suggestion():
                return await self._suggest(received)
            case Uninstalled():
                await self._uninstall(received)
            case Ignored():
                pass
        return ""

    async def _take(self, reading: Reading) -> str:
        deed, body = reading.deed, ""
        caller = deed.caller
        if self._config.installations.met(caller.team_id, caller.enterprise_id):
            self.background.start(self._belongs(caller))
        if isinstance(deed, Submission):
            ack = self._check(deed)
            body = acks.submission(ack)
            if isinstance(ack, ShowErrors):
                return body
        elif isinstance(deed, Invocation) and reading.is_plain and deed.caller.response_url:
            instant = await self._instant(deed)
            if instant is not None:
                return instant
        try:
            claim = await self._record(reading)
        except StoreUnavailableError:
            log.warning("what was done could not be recorded", exc_info=True)
            return self._unrecorded(deed)
        if claim:
            self.background.start_claimed(claim, lambda: self._performer.perform(reading))
        return body

    async def _belongs(self, caller: Caller) -> None:
        await self._config.belongs(caller.team_id, caller.enterprise_id)
        self._config.installations.kept(caller.team_id, caller.enterprise_id)

    async def _record(self, reading: Reading) -> Claim | None:
        """One round trip: known already? If not, kept and in hand. Raises `StoreUnavailableError`."""
        caller = reading.deed.caller
        sealed = self._config.seal(records.dump(reading), caller.team_id)
        job = Job(
            JobKind.INTERACTION,
            key=f"in:{reading.dedupe}",
            team_id=caller.team_id,
            due=self._config.clock.now(),
            args={"sealed": b64encode(sealed).decode()},
        )
        try:
            async with asyncio.timeout(_RECORD_WITHIN):
                return await self._config.queue.accept(job, dedupe=reading.dedupe, lease=self._config.lease)
        except (StoreUnavailableError, TimeoutError) as error:
            if not isinstance(reading.deed, _SENT_AGAIN | _UNASKED):
                self._withdrawals.add(Doubtful(job, reading.dedupe, caller))
            raise StoreUnavailableError("not recorded in time for Slack") from error

    def _unrecorded(self, deed: Deed) -> str:
        """Without the store nothing is done, and the person is told so in the acknowledgement, if it can."""
        if isinstance(deed, Invocation) and deed.caller.response_url:
            return acks.message(Reply(notices.told(notices.NOT_RECORDED)))
        if isinstance(deed, Submission):
            block_id = next(iter(deed.inputs), "")
            if block_id:  # the modal stays open, with everything that was typed
                return acks.submission(ShowErrors(((block_id, notices.NOT_RECORDED_BRIEF),)))
            return acks.submission(ShowView(notices.shown(notices.told(notices.NOT_RECORDED))))
        if isinstance(deed, _SENT_AGAIN):
            return SEND_AGAIN
        if not isinstance(deed, _UNASKED):
            told = notices.told(notices.NOT_RECORDED)
            self.background.start(self._delivery.tell(deed.caller, told))
        return ""

    def _check(self, submission: Submission) -> SubmissionAck:
        modal = self._router.modal(submission.callback_id)
        ack = modal.check(submission) if modal else CloseModal()
        return ShowView(marked_view(ack.view, submission.caller.brand)) if isinstance(ack, ShowView) else ack

    async def _instant(self, call: Invocation) -> str | None:
        """The answer of a command that asks nobody, inside the acknowledgement; None for all others."""
        line = call.line
        asked = (line.verb, line.argument, line.first, *line.flags.items())
        known = self._instants.get(asked)
        if known:
            return known
        found = self._router.command(line)
        if not found or not found[0].instant:
            return None
        command, line = found
        workspace = self._config.workspaces.open(call.caller.team_id)
        answers = await command.run(Invocation(call.caller, line), workspace)
        if not isinstance(answers, Reply):
            return None
        if len(self._instants) >= _MOST_INSTANTS:
            self._instants.clear()
        self._instants[asked] = acks.message(answers)
        return self._instants[asked]

    async def _suggest(self, suggestion: Suggestion) -> str:
        try:
            async with asyncio.timeout(_SUGGEST_WITHIN):
                options = await self._config.suggest(suggestion)
        except (ScrmError, TimeoutError):
            log.warning("no options for %s", suggestion.action_id, exc_info=True)
            return _EMPTY_OPTIONS
        return json.dumps({"options": list(options)[:_MOST_OPTIONS]})

    async def _uninstall(self, gone: Uninstalled) -> None:
        self._config.installations.drop(gone.team_id)
        try:
            async with asyncio.timeout(_RECORD_WITHIN):
                await self._config.forget(gone)
        except (StoreUnavailableError, TimeoutError):
            self.background.start(self._uninstall_later(gone))

    async def _uninstall_later(self, gone: Uninstalled) -> None:
        """Slack tells it once more at best, so it is tried for a while."""
        for wait in _UNINSTALL_AFTER:
            await self._config.clock.sleep(wait)
            with suppress(StoreUnavailableError):
                return await self._config.forget(gone)
        log.error("%s removed the bot, and that could not be kept: remove it by hand", gone.team_id)
        return None


def _in_ack(text: str, received: Received) -> str:
    """A sentence in the acknowledgement, where Slack shows one."""
    deed = received.deed if isinstance(received, Reading) else None
    if isinstance(deed, Invocation) and deed.caller.response_url:
        return json.dumps({"response_type": "ephemeral", "text": text})
    return ""
