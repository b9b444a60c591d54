"""Any sequence of what people, the API and the clock may do: nothing goes out unapproved, nothing twice.

Also where several do it at once: whatever one of them waits for lets the others go on.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval, State, Step
from scrm_bot.domain.errors import (
    InvalidRequestError,
    RateLimitedError,
    ScrmError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.hours import ALWAYS
from scrm_bot.domain.posts import Content, Post, PostChanges, content_of
from scrm_bot.usecases import (
    approvals,
    editing,
    expiring,
    publishing,
    reassigning,
    reminding,
    taking_on,
    workspaces,
)
from scrm_bot.usecases.outcomes import Timing
from tests.builders import ADMIN, APPROVER, EDITOR, SECOND_APPROVER, some_settings
from tests.fakes.clock import START, FixedClock
from tests.fakes.socialcrm import FakeSocialCRM
from tests.fakes.stores import FakeMemory
from tests.fakes.workspace import Fakes, some_fakes

TIMING = Timing()
PEOPLE = st.sampled_from([EDITOR, APPROVER, SECOND_APPROVER, "USTRANGER"])
DOERS = st.sampled_from([EDITOR, APPROVER, SECOND_APPROVER])
CHANGES = st.sampled_from(
    [
        PostChanges(body="Other words"),
        PostChanges(body="Launch day is here."),
        PostChanges(account_ids=("acct_1", "acct_2")),
        PostChanges(media_ids=("media_1",)),
    ]
)
DEEDS = st.sampled_from(
    ["ask", "ask later", "edit", "edit media", "approve", "work", "work", "withdraw", "leave"]
)
TURNS = st.lists(st.integers(0, 9), min_size=1, max_size=6)
LOSSES = st.tuples(st.booleans(), st.sampled_from([None, 1, 30, 89]))
WRITES = st.sampled_from(["publish_post", "schedule_post"])


class Turns:
    """How many others may go on while somebody waits for something far away."""

    def __init__(self) -> None:
        self.taken: Iterator[int] = itertools.cycle([0])

    async def wait(self) -> None:
        for _ in range(next(self.taken)):
            await asyncio.sleep(0)


class CarelessSocialCRM(FakeSocialCRM):
    """Publishes whatever it is told to, as often as it is told to; `watch` sees each call as it takes effect.

    Every call takes a while on its way there, a change longer by `patience`. `riddle` is what it says of a
    post that has been published.
    """

    def __init__(
        self, *posts: Post, clock: FixedClock, watch: Callable[[str, Content], None], turns: Turns
    ) -> None:
        super().__init__(*posts, clock=clock)
        self.strict = False
        self.watch = watch
        self.turns = turns
        self.riddle = ""
        self.patience = 0

    @property
    def owes_something(self) -> bool:
        """Whether a call whose answer was lost is still to take effect."""
        return bool(self._late)

    async def list_posts(self, *, limit: int = 20, offset: int = 0) -> Sequence[Post]:
        await self.turns.wait()
        return await super().list_posts(limit=limit, offset=offset)

    async def get_post(self, post_id: str) -> Post:
        await self.turns.wait()
        found = await super().get_post(post_id)
        if self.riddle and ("publish", post_id) in self.sent:
            found = replace(found, status=self.riddle, published_at=None)
        await self.turns.wait()
        return found

    async def update_post(self, post_id: str, changes: PostChanges) -> Post:
        for _ in range(self.patience):
            await asyncio.sleep(0)
        return await super().update_post(post_id, changes)

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        await self.turns.wait()
        self.watch(post_id, content_of(self.posts[post_id], at=None))
        return await super().publish_post(post_id, deadline=deadline)

    async def schedule_post(self, post_id: str, *, at: datetime, deadline: datetime | None = None) -> Post:
        await self.turns.wait()
        self.watch(post_id, content_of(self.posts[post_id], at=at))
        return await super().schedule_post(post_id, at=at, deadline=deadline)


class FarMemory(FakeMemory):
    """As far away as Redis is, and what is kept there has its life."""

    def __init__(self, clock: FixedClock, turns: Turns) -> None:
        super().__init__()
        self.clock, self.turns = clock, turns
        self.ends: dict[str, datetime] = {}

    async def keep(self, name: str, value: Mapping[str, Any], *, seconds: int = 86_400) -> None:
        await self.turns.wait()
        await super().keep(name, value, seconds=seconds)
        self.ends[name] = self.clock.now() + timedelta(seconds=seconds)
        await self.turns.wait()

    async def recall(self, name: str) -> dict[str, Any] | None:
        await self.turns.wait()
        return await super().recall(name) if self.clock.now() < self.ends.get(name, START) else None


class Desk(RuleBasedStateMachine):
    """One post, two approvers, and a job that runs whenever it wants to."""

    fakes: Fakes
    socialcrm: CarelessSocialCRM

    @initialize(needed=st.integers(0, 2))
    def open(self, needed: int) -> None:
        rules = some_settings(needed=needed, remind_hours=1, expire_hours=2, working_hours=ALWAYS)
        self.fakes = some_fakes(settings=rules)
        self.fakes.people.set("UGUEST", is_guest=True)
        posts = self.fakes.socialcrm.posts.values()
        clock, self.turns = self.fakes.clock, Turns()
        self.socialcrm = CarelessSocialCRM(*posts, clock=clock, watch=self.look_at_a_call, turns=self.turns)
        object.__setattr__(self.fakes.workspace, "socialcrm", self.socialcrm)
        object.__setattr__(self.fakes.workspace, "memory", FarMemory(clock, self.turns))
        self.wishes = 0
        self.riddled = False
        self.is_forgetful = False
        self.kept = dict[str, Approval](), dict[str, str](), dict[str, int]()
        self.numbers = dict[str, int]()

    def attempt(self, step: Awaitable[object]) -> None:
        """People get a sentence for what cannot be done; here only what it leads to matters."""

        asyncio.run(self.tried(step))

    async def tried(self, step: Awaitable[object]) -> None:
        with suppress(ScrmError):
            await step

    async def trying(self, deed: str, by: str) -> None:
        await self.tried(self.doing(deed, by))

    def look_at_a_call(self, post_id: str, content: Content) -> None:
        """A call is made only on a stored intent, for that very content, with enough standing approvals."""
        intents = {State.PUBLISHING, State.SCHEDULING}
        requests = self.fakes.approvals.approvals.values()
        (request,) = [each for each in requests if each.state in intents and each.post_id == post_id]
        assert request.content.hash == content.hash
        assert self.has_enough(request)
        assert request.attempt
        taken_on = sum(word.step is Step.NOT_APPLIED for word in request.decisions)
        assert self.numbers.get(request.id, 0) <= request.attempt.number <= 2 + taken_on
        self.numbers[request.id] = request.attempt.number

    def has_enough(self, request: Approval) -> bool:
        approvers = request.may_decide(request.policy.approvers)
        counted = approvers & set(request.approved_by)
        return len(counted) >= (request.policy.needed or len(approvers)) > 0

    def latest(self) -> Approval | None:
        return next(reversed(self.fakes.approvals.approvals.values()), None)

    @precondition(lambda self: not self.is_undecided)
    @rule(by=PEOPLE, hours=st.one_of(st.none(), st.integers(1, 3)))
    def ask(self, by: str, hours: int | None) -> None:
        self.attempt(self.asking(by, hours))

    def asking(self, by: str, hours: int | None) -> Awaitable[Approval]:
        self.wishes += 1
        at = self.fakes.clock.now() + timedelta(hours=hours) if hours else None
        return approvals.ask(self.fakes.workspace, "post_123", at=at, by=by, key=str(self.wishes))

    @rule(deeds=st.lists(st.tuples(DEEDS, DOERS), min_size=2, max_size=4), turns=TURNS)
    def do_at_once(self, deeds: list[tuple[str, str]], turns: list[int]) -> None:
        """Several do something at the same moment, each going on while the others wait."""

        async def everybody() -> None:
            await asyncio.gather(*(self.trying(*each) for each in deeds))

        self.turns.taken = itertools.cycle(turns)
        asyncio.run(everybody())
        self.turns.taken = itertools.cycle([0])

    async def doing(self, deed: str, by: str) -> None:
        workspace = self.fakes.workspace
        edits = {"edit": PostChanges(body=f"Words of {by}"), "edit media": PostChanges(media_ids=("m1",))}
        if deed in edits:
            await editing.edit_post(workspace, "post_123", edits[deed], by=by)
        elif deed.startswith("ask"):
            await self.asking(by, 1 if deed == "ask later" else None)
        elif self.latest():
            doings = {
                "approve": approvals.approve(workspace, self.request, by=by, undo=timedelta(0)),
                "work": publishing.act(workspace, self.request, timing=TIMING),
                "withdraw": approvals.withdraw(workspace, self.request, by=by),
                "leave": taking_on.leave(workspace, self.request, by=by),
            }
            wanted = doings.pop(deed)
            for other in doings.values():
                other.close()
            await wanted

    @precondition(lambda self: self.is_undecided)
    @rule(by=PEOPLE)
    def approve(self, by: str) -> None:
        self.attempt(approvals.approve(self.fakes.workspace, self.request, by=by))

    @precondition(lambda self: not self.is_undecided)
    @rule(hours=st.sampled_from([None, None, 1]), losses=st.lists(LOSSES, max_size=3))
    def ask_and_approve(self, hours: int | None, losses: list[tuple[bool, int | None]]) -> None:
        """The usual way, up to the end of the undo window; then the answers begin to get lost."""
        self.ask(by=EDITOR, hours=hours)
        for applied, late in losses:
            self.lose_an_answer("schedule_post" if hours else "publish_post", late, applied=applied)
        for by in (APPROVER, SECOND_APPROVER):
            if self.is_undecided:
                self.approve(by)
        self.wait(11)
        if self.latest():
            self.work(1)

    @precondition(lambda self: not self.is_forgetful)
    @rule()
    def be_kept(self) -> None:
        """What Redis goes back to, should it forget."""
        store = self.fakes.approvals
        self.kept = dict(store.approvals), dict(store.latest), dict(self.numbers)

    @precondition(lambda self: self.kept[0] and not self.riddled)
    @rule()
    def forget(self) -> None:
        """Redis goes down without its newest writes, and comes back."""
        store = self.fakes.approvals
        requests, latest, numbers = self.kept
        store.approvals, store.latest, self.numbers = dict(requests), dict(latest), dict(numbers)
        store.forgot_at, self.is_forgetful = self.fakes.clock.now(), True

    @precondition(lambda self: not (self.is_undecided or self.is_forgetful or self.riddled))
    @rule(late=st.sampled_from([1, 30, 89]))
    def send_and_forget(self, late: int) -> None:
        """A call that arrives late, and of which Redis knows nothing any more."""
        self.ask(by=EDITOR, hours=None)
        for by in (APPROVER, SECOND_APPROVER):
            if self.is_undecided:
                self.approve(by)
        self.wait(11)
        self.lose_an_answer("publish_post", late, applied=True)
        if self.latest():
            self.be_kept()
            self.attempt(publishing.act(self.fakes.workspace, self.request, timing=TIMING))
            self.forget()
            self.work(3)

    @precondition(lambda self: not self.is_forgetful)
    @precondition(lambda self: not self.socialcrm.sent and not self.socialcrm.owes_something)
    @rule(
        before=st.sampled_from(["draft", "failed", "in_review", "unknown"]),
        riddle=st.sampled_from(["", "processing", "unknown"]),
        loss=LOSSES,
    )
    def publish_in_trouble(self, before: str, riddle: str, loss: tuple[bool, int | None]) -> None:
        """A post that was odd before, an answer that is lost, and one that is odd afterwards."""
        self.call_it_something_else(before)
        self.speak_in_riddles(riddle)
        if not self.is_undecided:
            self.ask_and_approve(None, [loss, (False, None), (False, None), (False, None)])
            self.work(4)
        if self.latest():
            self.take_on(APPROVER, taking_on.publish_anyway)
            self.work(4)

    @rule(changes=CHANGES, patience=st.integers(0, 30), turns=TURNS, asks=st.booleans())
    def edit_while_it_goes_out(
        self, changes: PostChanges, patience: int, turns: list[int], *, asks: bool
    ) -> None:
        """A slow change, and others who have what stands, or what they ask for meanwhile, sent out."""

        async def send() -> None:
            deeds = ["approve", "approve", "work"]
            for deed, by in zip(deeds, (APPROVER, SECOND_APPROVER, ""), strict=True):
                await self.trying(deed, by)

        async def all_of_it() -> None:
            change = editing.edit_post(self.fakes.workspace, "post_123", changes, by=EDITOR)
            changing = asyncio.ensure_future(self.tried(change))
            for _ in range(5):
                await asyncio.sleep(0)
            if asks:
                await self.trying("ask", EDITOR)
            await send()
            await changing

        self.turns.taken, self.socialcrm.patience = itertools.cycle(turns), patience
        asyncio.run(all_of_it())
        self.turns.taken, self.socialcrm.patience = itertools.cycle([0]), 0

    @precondition(lambda self: self.is_undecided)
    @rule(by=PEOPLE, decide=st.sampled_from([approvals.reject, approvals.request_changes]))
    def say_no(self, by: str, decide: Any) -> None:
        self.attempt(decide(self.fakes.workspace, self.request, by=by, reason="no"))

    @precondition(lambda self: self.latest())
    @rule(by=PEOPLE, step=st.sampled_from([Step.HOLD, Step.RESUME, Step.UNDO, Step.WITHDRAW]))
    def steer(self, by: str, step: Step) -> None:
        self.attempt(approvals.steer(self.fakes.workspace, self.request, step, by=by))

    @precondition(lambda self: self.is_undecided)
    @rule(
        by=st.sampled_from([APPROVER, ADMIN, EDITOR]), to=st.sampled_from([EDITOR, SECOND_APPROVER, "UNEXT"])
    )
    def hand_over(self, by: str, to: str) -> None:
        self.attempt(reassigning.reassign(self.fakes.workspace, self.request, to=to, by=by))

    @precondition(lambda self: self.is_undecided)
    @rule(by=st.sampled_from(["UNEXT", "UGUEST"]))
    def approve_as_somebody_else(self, by: str) -> None:
        self.approve(by)

    @precondition(lambda self: self.latest())
    @rule()
    def wait_for_its_end(self) -> None:
        self.attempt(reminding.remind(self.fakes.workspace, self.request))
        self.attempt(expiring.expire(self.fakes.workspace, self.request))

    @precondition(lambda self: self.latest())
    @rule(by=PEOPLE)
    def check_again(self, by: str) -> None:
        self.attempt(taking_on.check_again(self.fakes.workspace, self.request, by=by))

    @precondition(lambda self: self.latest())
    @rule(by=PEOPLE, take=st.sampled_from([taking_on.publish_anyway, taking_on.leave]))
    def take_on(self, by: str, take: Any) -> None:
        self.attempt(take(self.fakes.workspace, self.request, by=by))

    @precondition(lambda self: self.latest())
    @rule(rounds=st.integers(1, 4))
    def work(self, rounds: int) -> None:
        """The worker runs the job, and the clock moves to when the job wants to run again."""

        async def act() -> None:
            for _ in range(rounds):
                for approval_id in list(self.fakes.approvals.approvals):
                    again = await publishing.act(self.fakes.workspace, approval_id, timing=TIMING)
                    self.fakes.clock.at = max(self.fakes.clock.at, again or self.fakes.clock.at)

        self.attempt(act())

    @rule(seconds=st.sampled_from([1, 11, 89, 91, 4000]))
    def wait(self, seconds: int) -> None:
        self.fakes.clock.advance(seconds)
        self.socialcrm.catch_up()

    @rule(by=PEOPLE, changes=CHANGES, chance=st.integers(0, 3))
    def edit(self, by: str, changes: PostChanges, chance: int) -> None:
        if chance:
            return  # seldom: an edit ends most stories
        self.attempt(editing.edit_post(self.fakes.workspace, "post_123", changes, by=by))

    @rule(changes=CHANGES)
    def edit_elsewhere(self, changes: PostChanges) -> None:
        made = {name: value for name, value in asdict(changes).items() if value is not None}
        self.socialcrm.change("post_123", **made)

    @precondition(lambda self: not self.socialcrm.sent and not self.socialcrm.owes_something)
    @rule(status=st.sampled_from(["draft", "failed", "in_review", "unknown"]))
    def call_it_something_else(self, status: str) -> None:
        """An old failure, a word that nobody knows, or none at all."""
        self.socialcrm.change("post_123", status=status, error="An old failure" * (status == "failed"))

    @precondition(lambda self: not self.is_forgetful)
    @rule(riddle=st.sampled_from(["", "processing", "unknown"]))
    def speak_in_riddles(self, riddle: str) -> None:
        """From here on nobody can read from a published post that it is."""
        self.socialcrm.riddle = riddle
        self.riddled = self.riddled or bool(riddle)

    @rule(paused=st.booleans())
    def pause(self, *, paused: bool) -> None:
        change = workspaces.pause if paused else workspaces.unpause
        self.attempt(change(self.fakes.workspace, by=ADMIN))

    @rule(
        method=st.sampled_from(["publish_post", "schedule_post", "update_post"]),
        applied=st.booleans(),
        late=st.sampled_from([None, 1, 30, 89]),
    )
    def lose_an_answer(self, method: str, late: int | None, *, applied: bool) -> None:
        after = None if late is None else timedelta(seconds=late)
        self.socialcrm.lose_answer(method, applied=applied, late=after)

    @rule(
        method=WRITES,
        error=st.sampled_from([RateLimitedError(), SocialCRMUnreachableError(), InvalidRequestError()]),
    )
    def refuse(self, method: str, error: ScrmError) -> None:
        self.socialcrm.refuse(method, error)

    @rule(error=st.sampled_from([SocialCRMUnreachableError(), UnauthorizedError()]))
    def refuse_a_read(self, error: ScrmError) -> None:
        self.socialcrm.refuse("get_post", error)

    @invariant()
    def nothing_goes_out_twice(self) -> None:
        """Where nothing can be read from the post, as often as people decided to send it, knowing that."""
        assert self.socialcrm.sent.count(("publish", "post_123")) <= (self.licences() if self.riddled else 1)

    def licences(self) -> int:
        """One, and one more for each time somebody took it on, or asked anew about a post they had been told
        to look at."""
        requests = self.fakes.approvals.approvals.values()
        taken_on = sum(word.step is Step.NOT_APPLIED for each in requests for word in each.decisions)
        closed = {State.WITHDRAWN, State.VOID, State.FAILED}
        return 1 + taken_on + sum(each.state in closed and each.attempt is not None for each in requests)

    @invariant()
    def there_is_one_request_at_a_time(self) -> None:
        requests = self.fakes.approvals.approvals.values()
        assert sum(each.state in OPEN | IN_MOTION for each in requests) <= 1

    @invariant()
    def only_those_who_may_have_approved(self) -> None:
        for approval in self.fakes.approvals.approvals.values():
            allowed = {*approval.policy.approvers}
            assert {*approval.approved_by} <= allowed | {APPROVER, SECOND_APPROVER}
            own = {approval.author, approval.requested_by, *approval.writers}
            assert not {*own, "UGUEST"} & {*approval.approved_by}

    @invariant()
    def what_is_told_as_published_was_read_back(self) -> None:
        for approval in self.fakes.approvals.approvals.values():
            if approval.state is State.PUBLISHED:
                assert self.socialcrm.posts["post_123"].status == "published"
            if approval.state in IN_MOTION:
                assert self.has_enough(approval)

    @invariant()
    def what_is_told_as_failed_did_not_go_out(self) -> None:
        begun = [each for each in self.fakes.approvals.approvals.values() if each.attempt]
        # else nobody can read what became of it, or another may have been begun
        tells = not (self.riddled or self.is_forgetful)
        if len(begun) == 1 and begun[0].state is State.FAILED and tells:
            assert not self.socialcrm.sent
            is_changed = ("update_post", "post_123") in self.socialcrm.calls  # and that may be what is owed
            assert is_changed or not self.socialcrm.owes_something

    @property
    def is_undecided(self) -> bool:
        latest = self.latest()
        return latest is not None and latest.is_open

    @property
    def request(self) -> str:
        latest = self.latest()
        assert latest
        return latest.id


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
