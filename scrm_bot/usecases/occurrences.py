"""One digest that is due: sent once, whatever is killed, and not at all where nobody could read it.

One run goes open → posting → told, by way of sent where somebody had to look for it. What is found as
"posting" may be in Slack: it is looked for where the bot may read the channel, and left alone elsewhere.
"""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import (
    LATE,
    LATEST,
    DigestSchedule,
    Report,
    Since,
    Trouble,
    begins,
    is_muted,
    local_day,
    run_before,
    running,
)
from scrm_bot.domain.errors import ScrmError, SlackRefusedError, UnauthorizedError
from scrm_bot.domain.facts import NUMBERS, Facts
from scrm_bot.domain.runs import Run, RunState, ended_about, run_key, settled_at
from scrm_bot.ports import Workspace
from scrm_bot.usecases import gathering, looking, planning, posted, remembering, slackwords, stopping
from scrm_bot.usecases.gathering import Occasion, Recalled

Again = datetime | None
SOON = timedelta(seconds=2)  # until another digest of the workspace has read what both tell
LATER = timedelta(seconds=30)
PATIENCE = timedelta(minutes=30)  # for which a digest waits while SocialCRM does not tell what matters most
BETWEEN = timedelta(minutes=5)
STILL_THE_DAY = timedelta(hours=6)  # for which what is read now are a day's numbers
CROWD = timedelta(seconds=30)  # within which all digests of one minute fall due: their charts come after them


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One digest that is due. Every method may run again after a crash."""

    workspace: Workspace
    schedule: DigestSchedule
    planned: datetime
    name: str = ""
    is_alone: bool = False
    recalled: Recalled | None = None

    @property
    def day(self) -> str:
        return local_day(self.schedule, self.planned).isoformat()

    @property
    def key(self) -> str:
        return run_key(self.schedule.channel, self.day)

    @property
    def since(self) -> Since:
        """Where it begins. Of one that was noted as sent already, that is where it would have usually."""
        if self.schedule.last_sent < self.day:
            return begins(self.schedule, self.planned)
        return begins(replace(self.schedule, told=None, last_sent="", since=None), self.planned)

    @property
    def delay(self) -> timedelta:
        return self.workspace.clock.now() - self.planned

    @property
    def _is_still_the_day(self) -> bool:
        return self.delay <= STILL_THE_DAY

    async def begin(self, so_far: Run) -> Again:
        """Nothing of it is in Slack."""
        if is_muted(self.schedule, self.planned) or self.delay > LATEST:
            return await self._skip()
        try:
            facts = await self._facts()
        except looking.KEY_GONE as error:
            is_refused = isinstance(error, UnauthorizedError)
            trouble = Trouble.KEY_REFUSED if is_refused else Trouble.NO_KEY
            await stopping.stop(self.workspace, self.schedule, trouble)
            return None
        now = self.workspace.clock.now()
        if facts is None:
            return now + SOON
        if facts.is_worth_a_wait and self.delay < PATIENCE:
            return now + BETWEEN
        return await self._post(so_far, facts)

    async def _skip(self) -> Again:
        if not await self.remember():
            await self._remember_later()
        if not is_muted(self.schedule, self.planned):
            await self._note(problem=Trouble.LATE, skipped=self._last_missed())
        return None

    def _last_missed(self) -> str:
        """Its own date, or the latest that was missed with it, when the bot was down for days."""
        last = local_day(self.schedule, run_before(self.schedule, self.workspace.clock.now() - LATEST))
        return last.isoformat() if last.isoformat() > self.schedule.last_sent else self.day

    async def settle(self, posting: Run) -> Again:
        """It may be in Slack: look, once a message that Slack did not confirm must be there."""
        now = self.workspace.clock.now()
        if posting.since is None or now < settled_at(posting):
            return settled_at(posting)
        try:
            ts = await self.workspace.newsdesk.find(
                self.schedule.channel, run_key=self.key, since=posting.since
            )
        except SlackRefusedError as refusal:
            if slackwords.passes(refusal) and self.delay <= LATEST:
                return now + LATER
            return await self._end(posting, replace(posting, state=RunState.UNSURE))
        if ts is None:
            return await self.begin(posting)
        return await self._end(posting, replace(posting, state=RunState.SENT, ts=ts))

    async def wind_up(self, done: Run) -> Again:
        """What is left to do once it is known what became of it."""
        if done.state is RunState.UNSURE:
            await self._note(problem=Trouble.UNSURE)
        elif done.state is RunState.SENT:
            await self._tell_more(done, replace(done, state=RunState.TOLD), ended_about(done, self.day))
        else:
            await self._note(last_sent=self.day, told=ended_about(done, self.day))
        return None

    async def _tell_more(
        self, before: Run, told: Run, end: Since | None, report: Report | None = None
    ) -> None:
        """It is in Slack: note that, and say the rest in its thread, if nobody else is about to."""
        noted = self._note(last_sent=self.day, told=end)
        is_mine, _ = await asyncio.gather(self._step(before, told), noted)
        if is_mine:
            with suppress(ScrmError):  # the digest stands without its details
                shown = report or await self._again()
                at = CardRef(self.schedule.channel, told.ts)
                due = min(self.workspace.clock.now(), self.planned + CROWD)
                await posted.follow_up(self.workspace, shown, at, chart_due=due)

    async def remember(self) -> bool:
        """The memory of numbers goes on without a digest. False where they are to be asked for again."""
        if not self._is_still_the_day:
            return True  # what SocialCRM tells by now belongs to another day
        day, now = local_day(self.schedule, self.planned), self.workspace.clock.now()
        try:
            if await remembering.is_remembered(self.workspace, day, at=now):
                return True
            facts = await self._facts()
        except looking.KEY_GONE:
            return True  # there is nothing to wait for
        except ScrmError:
            return False
        if facts is None:
            return False
        await self._keep(facts)
        return NUMBERS not in facts.passing

    async def _remember_later(self) -> None:
        later = planning.look(self.workspace, self.schedule, self.planned)
        await self.workspace.jobs.put(replace(later, due=self.workspace.clock.now() + BETWEEN))

    async def _keep(self, facts: Facts) -> None:
        if not self._is_still_the_day:
            return
        with suppress(ScrmError):  # a digest without a memory is better than none
            await remembering.remember(self.workspace, facts, local_day(self.schedule, self.planned))

    async def _facts(self) -> Facts | None:
        if self.is_alone:
            return await looking.look(self.workspace, self.since.first)
        return await looking.shared_look(self.workspace, self.since.first)

    async def _report(self, facts: Facts) -> Report:
        day = local_day(self.schedule, self.planned)
        late = self.planned if self.delay > LATE else None
        schedule = self.schedule
        occasion = Occasion(
            day, schedule.zone, schedule.edition, late, schedule.skipped, self.name, self.since
        )
        return await gathering.gather(self.workspace, occasion, facts, self.recalled)

    async def _again(self) -> Report:
        """The report of a digest that was posted by somebody who did not live to say the rest."""
        facts = await looking.look(self.workspace, self.since.first)
        await self._keep(facts)
        return await self._report(facts)

    async def _post(self, so_far: Run, facts: Facts) -> Again:
        report = await self._report(facts)
        now, channel = self.workspace.clock.now(), self.schedule.channel
        posting = Run(RunState.POSTING, now, secrets.token_hex(8))
        is_mine, _ = await asyncio.gather(self._step(so_far, posting), self._keep(facts))
        if not is_mine:
            return now + LATER  # somebody else has begun: see what became of it
        try:
            ts = await self.workspace.newsdesk.send(channel, report, run_key=self.key)
        except SlackRefusedError as refusal:
            return await self._refused(posting, refusal)
        end = gathering.ended(report, facts, self.since)
        await self._tell_more(posting, replace(posting, state=RunState.TOLD, ts=ts), end, report)
        if NUMBERS in facts.passing:
            await self._remember_later()
        return None

    async def _refused(self, posting: Run, refusal: SlackRefusedError) -> Again:
        if slackwords.is_ambiguous(refusal):
            return settled_at(posting)
        await self._step(posting, replace(posting, state=RunState.OPEN))
        if refusal.code in slackwords.NOBODY_READS:
            await stopping.stop(self.workspace, self.schedule, refusal.code)
            return None
        if refusal.retry_in is not None:
            return self.workspace.clock.now() + timedelta(seconds=max(refusal.retry_in, 1.0))
        await self._note(problem=refusal.code)
        return None

    async def _end(self, before: Run, after: Run) -> Again:
        await self._step(before, after)
        return await self.wind_up(after)

    async def _step(self, before: Run, after: Run) -> bool:
        return await self.workspace.schedules.step(self.schedule.channel, self.day, before, after)

    async def _note(
        self, *, problem: str = "", skipped: str = "", last_sent: str = "", told: Since | None = None
    ) -> None:
        """Keep what became of a digest, on the schedule as it is by now."""

        def noted(stored: DigestSchedule) -> DigestSchedule:
            if problem:
                return replace(
                    stored, problem=problem, problem_day=self.day, skipped=skipped or stored.skipped
                )
            well = replace(running(stored), skipped="")
            if stored.last_sent >= last_sent:  # noted before, by who knew better where it ended
                return well
            return replace(well, last_sent=last_sent, told=told or stored.told, ended=None)

        await self.workspace.schedules.revise(self.schedule.channel, noted, known=self.schedule)
