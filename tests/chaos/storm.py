"""Many requests at once, while everything that can break is broken at random."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from random import Random
from typing import TypeVar

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.screen import NotSeenError
from scrm_bot.domain.approvals import Approval, State
from tests.chaos.breaker import PARTS, Breaker
from tests.chaos.checks import refuse
from tests.chaos.fates import AT, DECIDED, FATES, Fate, Request, Verdicts
from tests.chaos.house import House, headline
from tests.chaos.patience import Patience
from tests.chaos.running import until

T = TypeVar("T")

AT_ONCE = 8
CALM = 500  # requests up to which half as many things are broken; of longer storms it is fewer
MOST_CARDS = 100  # as many are looked at once more when all is over, and fit on everybody's page
_NOT_STORED = ("could not note this down", "memory (Redis) does not answer")


@dataclass(slots=True, repr=False)
class Storm:
    """`counts` says what was done, `verdicts` what came of it."""

    house: House
    random: Random
    breaker: Breaker
    requests: list[Request] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=Verdicts)
    patience: Patience = field(default_factory=Patience)
    long: bool = False

    @property
    def counts(self) -> Counter[str]:
        return self.breaker.counts

    @property
    def points(self) -> Counter[int]:
        return self.breaker.points

    async def run(self, approvals: int) -> None:
        self.long = approvals > MOST_CARDS
        await self.house.up(*PARTS)
        keepers = [asyncio.create_task(self.breaker.keep(part)) for part in PARTS]
        breaks = max(30, min(approvals, CALM) // 2 + (approvals - CALM) // 8 * (approvals > CALM))
        rage = asyncio.create_task(self.breaker.rage(breaks, requests=approvals))
        room = asyncio.Semaphore(AT_ONCE if approvals <= CALM else 2 * AT_ONCE)
        try:
            async with asyncio.TaskGroup() as everybody:
                for number in range(approvals):
                    await self.breaker.until(number * breaks // approvals)  # so that none has it quiet
                    everybody.create_task(self._one(number, room))
        finally:
            for task in (rage, *keepers):
                task.cancel()
            broken, *_ = await asyncio.gather(rage, *keepers, return_exceptions=True)
            self.breaker.end()
        if isinstance(broken, Exception):
            raise broken
        await self.house.up(*PARTS)
        await self.house.nothing_left(seconds=self.patience.seconds)
        for request in self.requests:
            await self._judge(request, look_at_card=not self.long)

    async def _one(self, number: int, room: asyncio.Semaphore) -> None:
        fate = list(Fate)[number] if number < len(Fate) else self.random.choice(FATES)
        at = AT if self.random.random() < 0.5 else ""
        async with room:
            body = f"Post {number} of the storm"
            request = Request(self.house.draft(body), body, fate, at)
            try:
                async with self.patience.lasting():
                    request = await self._live(request)
            except (AssertionError, TimeoutError) as error:
                self.verdicts.lost[request.post_id] = (
                    f"{str(error) or self.patience}; {await self._found(request)}"
                )
                return
            finally:
                self.requests.append(request)
                self.breaker.ended += 1
            await self._judge(request, look_at_card=True)
            if self.long:
                self._tidy(request)

    async def _live(self, request: Request) -> Request:
        """Ask for it, decide, and wait until it ends; returns it as it turned out to be."""
        asked_once = await self._ask(request)
        if request.fate is Fate.EDITED and not asked_once:  # the late one could be about the edited text
            request = replace(request, fate=Fate.APPROVED)
        await self._decide(request)
        await until(lambda: self._ended(request), what=f"{request} to end", seconds=None)
        return request

    async def _stored(self, request: Request) -> Approval | None:
        """What is stored of it, once Redis answers."""

        async def find() -> tuple[Approval | None]:
            return (await self.house.store.latest_for(request.post_id),)

        return (await until(find, what="Redis to answer"))[0]

    async def _found(self, request: Request) -> str:
        found = await self._stored(request)
        shown = [headline(card) for card in self.house.cards(request.post_id)]
        private = [said.content.text for said in self._whispers()]
        told = [text for text in private if request.post_id in text or request.body in text]
        return f"{request} is {found}; cards: {shown}; told in private: {told}"

    async def _ask(self, request: Request) -> bool:
        """Ask until that was acknowledged, or is seen to have been done; whether once was enough.

        Whoever is told that it could not be stored asks again, as people do.
        """
        asked = 0
        verb = f"schedule {request.post_id} {request.at}" if request.at else f"publish {request.post_id}"
        while True:
            asked += 1
            before = self._sent_away()
            outcome = await self.house.editor.command(f"/scrm {verb}", check=False)
            self.counts["acknowledged" if outcome["ok"] else "not acknowledged"] += 1
            if outcome["ok"]:
                if await self._unless_sent_away(lambda: self._latest(request), before, what=f"{request}"):
                    return asked == 1
                self.counts["asked again when told to"] += 1
            with suppress(AssertionError):
                await until(lambda: self._latest(request), what=f"{request}", seconds=3.0)
                return asked == 1

    def _sent_away(self) -> float:
        """When somebody was last told that what they did was not stored, or may not have been."""
        told = [said for said in self._whispers() if any(words in said.content.text for words in _NOT_STORED)]
        return max((float(said.ts) for said in told), default=0.0)

    def _whispers(self) -> Iterator[Message]:
        """What was said to one person alone."""
        for room in self.house.slack.space.rooms.values():
            yield from chain.from_iterable(room.whispers.values())

    async def _unless_sent_away(
        self, find: Callable[[], Awaitable[T | None]], before: float, *, what: str
    ) -> T | None:
        """What `find` finds; None as soon as somebody, perhaps this one, has been told to do it again."""

        async def look() -> tuple[T | None] | None:
            found = await find()
            return (found,) if found or self._sent_away() > before else None

        return (await until(look, what=what, seconds=None))[0]

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
                refuse(house, f"/v1/posts/{post_id}/{verb}")
                self.points[18] += 1
            case _:
                pass
        await self._press_on(request)

    async def _press_on(self, request: Request) -> None:
        """Click until it is decided: an approver is told, or sees on the card, what to do next."""
        while True:
            approval = await until(lambda: self._latest(request), what=f"{request}", seconds=None)
            if approval.state in DECIDED:
                return
            before = self._sent_away()
            if approval.state is State.PENDING:
                await self._click(request, approval)
            elif approval.needs_person:
                verb = "Schedule anyway" if request.at else "Publish anyway"
                acked = await self._quietly(self.house.approver, verb, request)
                self.counts["a person decided"] += acked
                with suppress(AssertionError):  # unheard, or told that it cannot be found out now: again
                    await self._until_moved(approval, seconds=5.0)
                continue
            moved = partial(self._moved, approval)
            await self._unless_sent_away(moved, before, what=f"{approval} to move")

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
            # by its words: the ids of posts that clash stand on each other's cards
            return await self.house.click(request.body, label, by=replace(person, patience=15.0))
        except NotSeenError:
            return False

    async def _latest(self, request: Request) -> Approval | None:
        """The latest request for the post, once its card is up."""
        found = await self.house.store.latest_for(request.post_id)
        return found if found and (found.card or found.state in DECIDED) else None

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

    async def _judge(self, request: Request, *, look_at_card: bool) -> None:
        house, post = self.house, self.house.sandbox.posts.get(request.post_id)
        approval = await self._stored(request)
        sent = (house.sandbox.went_out[post.id], house.reached[post.id])
        told = f"{request}: {approval}; went out and was sent {sent}; {post}"
        if max(sent) > 1:
            self.verdicts.twice[post.id] = told
        elif approval is None or approval.state not in request.ends:
            self.verdicts.lost.setdefault(post.id, told)  # what went wrong first says more
        elif not request.is_right(post, sent) or (look_at_card and not house.is_true(approval)):
            self.verdicts.untrue[post.id] = told

    def _tidy(self, request: Request) -> None:
        """A long storm must not fill the page of everybody in it: people look for what they click."""
        for room in self.house.slack.space.rooms.values():
            about = {each.ts for each in room.messages if request.body in str(each.content.blocks)}
            for message in [each for each in room.messages if about & {each.ts, each.thread_ts}]:
                room.forget(message)
