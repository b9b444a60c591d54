"""Any sequence of what people, the API and the clock may do: nothing goes out unapproved, nothing twice."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scrm_bot.domain.approvals import IN_MOTION, Approval, State, Step
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
    drafting,
    expiring,
    publishing,
    reassigning,
    reminding,
    workspaces,
)
from scrm_bot.usecases.outcomes import Timing
from tests.builders import ADMIN, APPROVER, EDITOR, SECOND_APPROVER, some_settings
from tests.fakes.clock import FixedClock
from tests.fakes.socialcrm import FakeSocialCRM
from tests.fakes.workspace import Fakes, some_fakes

TIMING = Timing()
PEOPLE = st.sampled_from([EDITOR, APPROVER, SECOND_APPROVER, "USTRANGER"])
LOSSES = st.tuples(st.booleans(), st.sampled_from([None, 1, 30, 89]))
WRITES = st.sampled_from(["publish_post", "schedule_post"])


class CarelessSocialCRM(FakeSocialCRM):
    """Publishes whatever it is told to, as often as it is told to; `watch` sees each call as it is made."""

    def __init__(self, *posts: Post, clock: FixedClock, watch: Callable[[str, Content], None]) -> None:
        super().__init__(*posts, clock=clock)
        self.strict = False
        self.watch = watch

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        self.watch(post_id, content_of(self.posts[post_id], at=None))
        return await super().publish_post(post_id, deadline=deadline)

    async def schedule_post(self, post_id: str, *, at: datetime, deadline: datetime | None = None) -> Post:
        self.watch(post_id, content_of(self.posts[post_id], at=at))
        return await super().schedule_post(post_id, at=at, deadline=deadline)


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
        self.socialcrm = CarelessSocialCRM(*posts, clock=self.fakes.clock, watch=self.look_at_a_call)
        object.__setattr__(self.fakes.workspace, "socialcrm", self.socialcrm)
        self.wishes = 0

    def attempt(self, step: Awaitable[object]) -> None:
        """People get a sentence for what cannot be done; here only what it leads to matters."""

        async def tried() -> None:
            with suppress(ScrmError):
                await step

        asyncio.run(tried())

    def look_at_a_call(self, post_id: str, content: Content) -> None:
        """A call is made only on a stored intent, for that very content, with enough standing approvals."""
        intents = {State.PUBLISHING, State.SCHEDULING}
        requests = self.fakes.approvals.approvals.values()
        (request,) = [each for each in requests if each.state in intents and each.post_id == post_id]
        assert request.content.hash == content.hash
        assert self.has_enough(request)

    def has_enough(self, request: Approval) -> bool:
        approvers = request.may_decide(request.policy.approvers)
        counted = approvers & set(request.approved_by)
        return len(counted) >= (request.policy.needed or len(approvers)) > 0

    def latest(self) -> Approval | None:
        return next(reversed(self.fakes.approvals.approvals.values()), None)

    @precondition(lambda self: not self.is_undecided)
    @rule(by=PEOPLE, hours=st.one_of(st.none(), st.integers(1, 3)))
    def ask(self, by: str, hours: int | None) -> None:
        self.wishes += 1
        at = self.fakes.clock.now() + timedelta(hours=hours) if hours else None
        workspace = self.fakes.workspace
        self.attempt(approvals.ask(workspace, "post_123", at=at, by=by, key=str(self.wishes)))

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
        self.attempt(publishing.check_again(self.fakes.workspace, self.request, by=by))

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

    @rule(by=PEOPLE, words=st.sampled_from(["Launch day is here.", "Other words"]), chance=st.integers(0, 3))
    def edit(self, by: str, words: str, chance: int) -> None:
        if chance:
            return  # seldom: an edit ends most stories
        self.attempt(drafting.edit_post(self.fakes.workspace, "post_123", PostChanges(body=words), by=by))

    @rule(words=st.sampled_from(["Launch day is here.", "Somebody else's words"]))
    def edit_elsewhere(self, words: str) -> None:
        self.socialcrm.change("post_123", body=words)

    @rule(paused=st.booleans())
    def pause(self, *, paused: bool) -> None:
        change = workspaces.pause if paused else workspaces.unpause
        self.attempt(change(self.fakes.workspace, by=ADMIN))

    @rule(method=WRITES, applied=st.booleans(), late=st.sampled_from([None, 1, 30, 89]))
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
        assert self.socialcrm.sent.count(("publish", "post_123")) <= 1

    @invariant()
    def only_those_who_may_have_approved(self) -> None:
        for approval in self.fakes.approvals.approvals.values():
            allowed = {*approval.policy.approvers}
            assert {*approval.approved_by} <= allowed | {APPROVER, SECOND_APPROVER}
            assert not {approval.author, approval.requested_by, "UGUEST"} & {*approval.approved_by}

    @invariant()
    def what_is_told_as_published_was_read_back(self) -> None:
        for approval in self.fakes.approvals.approvals.values():
            if approval.state is State.PUBLISHED:
                assert self.socialcrm.posts["post_123"].status == "published"
            if approval.state in IN_MOTION:
                assert self.has_enough(approval)

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
