"""Runs what somebody did, and says how it went."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from scrm_bot import log as logs
from scrm_bot.domain.errors import ScrmError, StoreUnavailableError, UsageError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Lane, Workspace, Workspaces
from scrm_bot.slack import functions, notices, unfurls
from scrm_bot.slack.branding import Marking, is_of_team, which
from scrm_bot.slack.command import (
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    LinksShared,
    Shortcut,
    StepRun,
    Submission,
)
from scrm_bot.slack.delivery import Delivery
from scrm_bot.slack.installed import NotInstalledError
from scrm_bot.slack.links import LinkDomain
from scrm_bot.slack.marks import marked
from scrm_bot.slack.metrics import DEEDS
from scrm_bot.slack.naming import id_of, named
from scrm_bot.slack.queueing import QueueNote, Start
from scrm_bot.slack.readings import Reading
from scrm_bot.slack.repeating import once_more
from scrm_bot.slack.reply import Answers, Reply, ShowView, Silence, UpdateModal
from scrm_bot.slack.router import Router
from scrm_bot.telemetry.counts import OK, Calls, word_of
from scrm_bot.usecases import brands, roles
from scrm_bot.views import problems

log = logging.getLogger(__name__)

Home = Callable[[HomeOpened, Workspace], Awaitable[Answers]]
_UNFORESEEN = "unforeseen"


class Performer:
    """The one place that catches what a handler raises."""

    def __init__(
        self,
        router: Router,
        home: Home,
        workspaces: Workspaces,
        delivery: Delivery,
        start: Start,
        *,
        link: LinkDomain,
        deeds: Calls | None = None,
    ) -> None:
        self._router = router
        self._home = home
        self._workspaces = workspaces
        self._delivery = delivery
        self._start = start
        self._link = link
        self._deeds = deeds or Calls(DEEDS)

    async def perform(self, reading: Reading) -> None:
        """Do it, and tell the person what came of it. Raises nothing, but what keeps a workflow waiting."""
        kind, name = named(reading.deed)
        log.debug("doing %s: %s", kind, name)
        with self._deeds.one(kind, **{"scrm.name": name}) as timed:
            timed.outcome = await self._perform(reading)
        told = {"outcome": timed.outcome, "seconds": round(timed.seconds, 3)}
        log.info("%s %s: %s", kind, name, timed.outcome, extra=told)

    async def _perform(self, reading: Reading) -> str:
        """A word for how it ended."""
        deed = reading.deed
        if isinstance(deed, StepRun):
            return await self._step(deed, reading)
        note = QueueNote(lambda seconds: self._delivery.tell_queued(deed, seconds), self._start)
        try:
            if reading.leaked:
                told = notices.KEY_TYPED if isinstance(deed, Click | Submission) else notices.KEY_LEAKED
                await self._delivery.tell(deed.caller, notices.told(told))
            _check_whole(reading)
            deed, marking = await self._settled(deed)
            await self._delivery.send(deed, marking.answers(await self._answers(deed, note)), note)
        except Exception as error:
            if not isinstance(error, ScrmError):
                log.exception("a handler failed")
            await self._explain(deed, error, note)
            return _word(error)
        return OK

    async def _step(self, step: StepRun, reading: Reading) -> str:
        """A workflow waits for its end. Where even that cannot be kept, the deed's record stays as it is."""
        workspace = await brands.default_of(self._open(step, None))
        try:
            functions.check(reading)
            await functions.run(step, workspace, self._link)
        except StoreUnavailableError:
            raise
        except Exception as error:
            if not isinstance(error, ScrmError):
                log.exception("a step failed")
            told = problems.explain(error, request_id=logs.request_id.get())
            await functions.fail(step, workspace, told)
            return _word(error)
        return OK

    async def _settled(self, deed: Deed) -> tuple[Deed, Marking]:
        """The deed with the brand that it is about, and how its answers are marked. Raises `UsageError`."""
        if isinstance(deed, KeySpotted):
            return deed, Marking()
        team = self._workspaces.open(deed.caller.team_id)
        known = (await team.settings.load()).brands
        spoken = once_more(deed) if isinstance(deed, Click) and deed.action_id == notices.AGAIN else None
        brand = which(deed if deed.caller.brand or spoken is None else spoken, known)
        caller = replace(deed.caller, brand=brand)
        return replace(deed, caller=caller), Marking(brand, "" if is_of_team(deed) else known.label(brand))

    async def _explain(self, deed: Deed, error: Exception, note: QueueNote) -> None:
        verb = deed.line.verb if isinstance(deed, Invocation) else ""
        if isinstance(error, NotInstalledError):
            told = notices.told(notices.NOT_INSTALLED)
        else:
            told = problems.explain(error, request_id=logs.request_id.get(), verb=verb)
        try:
            if isinstance(deed, Submission) and self._waits(deed):
                await self._delivery.send(deed, UpdateModal(notices.shown(told), deed.view_id), note)
            elif not isinstance(deed, HomeOpened | LinksShared):
                shown = marked(told, deed.caller.brand)
                await self._delivery.tell(deed.caller, shown, replace=await note.settled())
        except ScrmError:
            log.warning("a person could not be told of: %s", type(error).__name__, exc_info=True)

    def _waits(self, submission: Submission) -> bool:
        """Whether a modal was left open that waits for what comes of it."""
        modal = self._router.modal(submission.callback_id)
        return modal is not None and isinstance(modal.check(submission), ShowView)

    async def _answers(self, deed: Deed, note: QueueNote) -> Answers:
        match deed:
            case Invocation():
                return await self._invoke(deed, note)
            case Click(action_id=notices.AGAIN):
                again = once_more(deed)
                return (
                    await self._answers(again, note) if again else Reply(notices.told(notices.NOTHING_HERE))
                )
            case Click() | Submission() | Shortcut():
                return await self._touched(deed, note)
            case _:
                return await self._noticed(deed)

    async def _noticed(self, deed: HomeOpened | KeySpotted | LinksShared | StepRun) -> Answers:
        """What nobody waits for."""
        match deed:
            case HomeOpened():
                return await self._home(deed, self._open(deed, None))
            case LinksShared():
                quiet = self._workspaces.open(
                    deed.caller.team_id, brand=deed.caller.brand, lane=Lane.BACKGROUND
                )
                return await unfurls.run(deed, quiet, self._link)
            case KeySpotted():
                return Reply(notices.told(notices.KEY_LEAKED))
            case _:
                return Silence()

    async def _touched(self, deed: Click | Submission | Shortcut, note: QueueNote) -> Answers:
        """By table; what is in none is a part without a handler, such as a button that opens a page."""
        match deed:
            case Click() if button := self._router.button(deed.action_id):
                return await button.run(deed, await self._enter(deed, note, button.role))
            case Submission() if modal := self._router.modal(deed.callback_id):
                return await modal.run(deed, await self._enter(deed, note, modal.role))
            case Shortcut() if shortcut := self._router.shortcut(deed.callback_id):
                return await shortcut.run(deed, await self._enter(deed, note, shortcut.role))
            case _:
                return Silence()

    async def _invoke(self, call: Invocation, note: QueueNote) -> Answers:
        found = self._router.command(call.line)
        if found is None:
            return Reply(notices.told(notices.NOTHING_HERE))
        command, line = found
        workspace = await self._enter(call, note, command.role)
        meant = call if line is call.line else replace(call, line=line)
        return await command.run(meant, workspace)

    async def _enter(self, deed: Deed, note: QueueNote, role: Role | None) -> Workspace:
        """The caller's workspace, for whoever has the role. Raises `NotPermittedError`."""
        workspace = self._open(deed, note)
        await roles.require(workspace, deed.caller.user_id, role or Role.EDITOR)
        return workspace

    def _open(self, deed: Deed, note: QueueNote | None) -> Workspace:
        caller = deed.caller
        return self._workspaces.open(caller.team_id, brand=caller.brand, on_wait=note, deed=id_of(deed))


def _check_whole(reading: Reading) -> None:
    """Half of a text is nobody's post. Raises `UsageError`."""
    if reading.cut:
        raise UsageError(notices.TOO_LONG)


def _word(error: Exception) -> str:
    return word_of(error) if isinstance(error, ScrmError) else _UNFORESEEN
