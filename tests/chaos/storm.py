"""Many requests at once, while everything that can break is broken at random."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from random import Random

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.screen import NotSeenError
from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import StoreUnavailableError
from tests.chaos.checks import SENDING, refusing
from tests.chaos.house import House
from tests.chaos.running import until

PARTS = ("web", "worker", "worker2")
AT_ONCE = 8
AT = "tomorrow 09:00"
KILL_POINTS = {
    "before-recorded": 1,
    "recorded": 2,
    "approved": 3,
    "before-intent": 4,
    "intent": 5,
    "half-sent": 6,
    "answered": 10,
    "before-outcome": 10,
    "outcome": 11,
    "card-shows-outcome": 12,
}
_DECIDED = {State.PUBLISHED, State.SCHEDULED, State.REJECTED, State.VOID, State.FAILED}
_PATIENCE = 60.0


class Fate(Enum):
    """What becomes of a request."""

    APPROVED = auto()
    REJECTED = auto()
    LEFT = auto()  # nobody decides
    EDITED = auto()  # in SocialCRM, before it is approved
    ELSEWHERE = auto()  # published in SocialCRM, before it is approved
    REFUSED = auto()  # the key has not the scope


_FATES = [Fate.APPROVED] * 14 + [Fate.REJECTED, Fate.LEFT, Fate.EDITED, Fate.ELSEWHERE, Fate.REFUSED]


@dataclass(frozen=True, slots=True)
class Request:
    post_id: str
    fate: Fate
    at: str

    @property
    def ends(self) -> set[State]:
        match self.fate:
            case Fate.APPROVED:
                return {State.SCHEDULED if self.at else State.PUBLISHED}
            case Fate.ELSEWHERE:
                return {State.PUBLISHED}
            case Fate.REJECTED:
                return {State.REJECTED}
            case Fate.EDITED:
                return {State.VOID}
            case Fate.REFUSED:
                return {State.FAILED}
            case Fate.LEFT:
                return {State.PENDING}


@dataclass(slots=True)
class Storm:
    """`rage` of them break something; `counts` says what people did and what was broken."""

    house: House
    random: Random
    rage: int
    requests: list[Request] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    points: Counter[int] = field(default_factory=Counter)
    over: bool = False

    async def run(self, approvals: int) -> None:
        await self.house.up(*PARTS)
        keepers = [asyncio.create_task(self._keep(part)) for part in PARTS]
        breaker = asyncio.create_task(self._break())
        room = asyncio.Semaphore(AT_ONCE)
        try:
            await asyncio.gather(*(self._one(number, room) for number in range(approvals)))
        finally:
            self.over = True
            breaker.cancel()
            await asyncio.gather(breaker, return_exceptions=True)
            await self._calm(keepers)

    # People

    async def _one(self, number: int, room: asyncio.Semaphore) -> None:
        fate = list(Fate)[number] if number < len(Fate) else self.random.choice(_FATES)
        at = AT if self.random.random() < 0.5 else ""
        async with room:
            request = Request(self.house.draft(f"Post {number} of the storm"), fate, at)
            self.requests.append(request)
            await self._ask(request)
            await self._decide(request)
            await until(lambda: self._ended(request), what=f"{request} to end", seconds=_PATIENCE)

    async def _ask(self, request: Request) -> None:
        """Ask until it was acknowledged, or is seen to have been recorded all the same."""
        verb = f"schedule {request.post_id} {request.at}" if request.at else f"publish {request.post_id}"
        while True:
            outcome = await self.house.editor.command(f"/scrm {verb}", check=False)
            self.counts["acknowledged" if outcome["ok"] else "not acknowledged"] += 1
            patience = _PATIENCE if outcome["ok"] else 3.0
            try:
                await until(lambda: self._latest(request), what=f"{request}", seconds=patience)
            except AssertionError:
                if outcome["ok"]:
                    raise
            else:
                return

    async def _decide(self, request: Request) -> None:
        house, post_id = self.house, request.post_id
        match request.fate:
            case Fate.LEFT:
                return
            case Fate.EDITED:
                posts = house.sandbox.posts.by_id
                posts[post_id] = replace(posts[post_id], body="Somebody else's words")
                self.points[16] += 1
            case Fate.ELSEWHERE:
                house.publish_in_socialcrm(post_id)
                self.points[17] += 1
            case Fate.REFUSED:
                verb = "schedule" if request.at else "publish"
                path = f"/v1/posts/{post_id}/{verb}"
                house.sandbox.faults.add("error", code="forbidden_scope", path=path, times=None)
                self.points[18] += 1
            case _:
                pass
        await self._press_on(request)

    async def _press_on(self, request: Request) -> None:
        """Click until it is decided: an approver is told, or sees on the card, what to do next."""
        while True:
            approval = await until(lambda: self._latest(request), what=f"{request}", seconds=_PATIENCE)
            if approval.state in _DECIDED:
                return
            if approval.state is State.PENDING:
                await self._click(request, approval)
            elif approval.needs_person:
                self.counts["a person decided"] += 1
                verb = "Schedule anyway" if request.at else "Publish anyway"
                await self._quietly(self.house.approver, verb, request)
            await self._until_moved(approval, seconds=_PATIENCE)

    async def _click(self, request: Request, approval: Approval) -> None:
        """Once or twice, by one or by two; acknowledged clicks are not repeated."""
        people = [self.house.approver]
        if self.random.random() < 0.3:
            people.append(self.house.approver)
            self.counts["double clicks"] += 1
        if self.random.random() < 0.3:
            people.append(self.house.second_approver)
            self.points[15] += 1
        while not any(await asyncio.gather(*(self._say(person, request) for person in people))):
            with suppress(AssertionError):
                await self._until_moved(approval, seconds=2.0)
                return
        if self.random.random() < 0.3 and self.house.slack.deliveries:
            self.counts["redelivered"] += 1
            with suppress(Exception):
                await self.house.slack.http.deliver(self.house.slack.deliveries[-1].parcel)

    async def _say(self, person: Person, request: Request) -> bool:
        if request.fate is Fate.REJECTED:
            outcome = await person.command(f"/scrm reject {request.post_id} not this one", check=False)
            return bool(outcome["ok"])
        return await self._quietly(person, "Approve", request)

    async def _quietly(self, person: Person, label: str, request: Request) -> bool:
        try:
            return await self.house.click(request.post_id, label, by=replace(person, patience=2.0))
        except NotSeenError:
            return False

    async def _latest(self, request: Request) -> Approval | None:
        """The latest request for the post, once its card is up."""
        found = await self.house.store.latest_for(request.post_id)
        return found if found and (found.card or found.state in _DECIDED) else None

    async def _until_moved(self, before: Approval, *, seconds: float) -> None:
        await until(lambda: self._moved(before), what=f"{before} to move", seconds=seconds)

    async def _moved(self, before: Approval) -> bool:
        now = await self.house.store.latest_for(before.post_id)
        return now is not None and (now.id, now.state, now.needs_person) != (
            before.id,
            before.state,
            before.needs_person,
        )

    async def _ended(self, request: Request) -> Approval | None:
        found = await self.house.store.latest_for(request.post_id)
        return found if found and found.state in request.ends and self.house.is_true(found) else None

    # What breaks

    async def _keep(self, part: str) -> None:
        """Start a part again whenever it has ended."""
        while True:
            await self.house.processes[part].wait()
            self.counts["processes started again"] += 1
            await self.house.up(part)

    async def _break(self) -> None:
        """Everything once, in random order, then at random, until the rage is spent."""
        deeds = self._deeds()
        order = self.random.sample(deeds, len(deeds))
        for number in range(self.rage):
            for _ in range(self.random.randint(1, 12)):
                await self.house.slack.space.hub.changed(0.2)
            await (order[number] if number < len(order) else self.random.choice(deeds))()

    def _deeds(self) -> list[Callable[[], Awaitable[None]]]:
        armed = [self._arming(point) for point in KILL_POINTS]
        kills = [self._killing(part, signal.SIGKILL) for part in PARTS]
        terms = [self._killing(part, signal.SIGTERM) for part in PARTS[1:]]
        faults = [
            self._fault("drop", 7),
            self._fault("drop_after", 9),
            self._fault("delay", 8, seconds=1.4),
            self._fault("429", 22, seconds=1),
        ]
        return [*armed, *kills, *terms, *faults, self._freeze, self._restart_redis, self._shift, self._mute]

    def _arming(self, point: str) -> Callable[[], Awaitable[None]]:
        async def arm() -> None:
            self.house.strikes.arm(point)

        return arm

    def _killing(self, part: str, number: signal.Signals) -> Callable[[], Awaitable[None]]:
        async def kill() -> None:
            process = self.house.processes[part]
            if process.returncode is None:
                process.send_signal(number)
                self.counts[number.name] += 1
                self.points[21] += number is signal.SIGTERM

        return kill

    def _fault(self, kind: str, point: int, *, seconds: float = 0.0) -> Callable[[], Awaitable[None]]:
        async def fault() -> None:
            self.house.sandbox.faults.add(kind, method="POST", path=SENDING, seconds=seconds)
            self.counts[f"API: {kind}"] += 1
            self.points[point] += 1

        return fault

    async def _freeze(self) -> None:
        """Longer than its lease."""
        process = self.house.processes["worker2"]
        if process.returncode is None:
            process.send_signal(signal.SIGSTOP)
            self.counts["SIGSTOP"] += 1
            self.points[13] += 1
            await asyncio.sleep(1.5)
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)

    async def _restart_redis(self) -> None:
        self.house.redis.stop()
        await asyncio.to_thread(self.house.redis.start)
        self.counts["Redis killed"] += 1
        self.points[14] += 1

    async def _shift(self) -> None:
        self.house.shift_clock(self.random.uniform(-0.8, 0.8))
        self.points[20] += 1

    async def _mute(self) -> None:
        """Slack takes no updates for a while."""
        self.counts["Slack mute"] += 1
        with refusing("chat.update", "internal_error") as refused:
            await asyncio.sleep(1.0)
        self.points[23] += len(refused)

    async def _calm(self, keepers: list[asyncio.Task[None]]) -> None:
        """Nothing breaks any more; what is left comes to its end."""
        self.house.strikes.disarm()
        self.house.shift_clock(0)
        for part in PARTS:
            with suppress(ProcessLookupError):
                self.house.processes[part].send_signal(signal.SIGCONT)
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        await self.house.up(*PARTS)
        for point, times in self.house.strikes.struck().items():
            self.points[KILL_POINTS[point]] += times
            self.counts["killed at a point"] += times
        with suppress(StoreUnavailableError):
            await self.house.nothing_left()
