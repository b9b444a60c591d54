"""The budget's script against a model of it, on Redis' clock moved by hand: jumps, NOSCRIPT, failover."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha1
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, Any

import fakeredis
import pytest
import redis as real
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.budget_windows import WINDOWS
from scrm_bot.store.budget import BATCH, Pace, pace
from scrm_bot.store.budget_keys import budget
from scrm_bot.store.scripts import load

if TYPE_CHECKING:
    from tests.conftest import RedisServer

MICRO = 1_000_000
START = 1_700_000_000 * MICRO
KEY = budget("a1b2c3")
TIME = "redis.call('TIME')"
HAND = "{math.floor(ARGV[#ARGV] / 1e6), ARGV[#ARGV] % 1000000}"
SOURCE, ONE = (load(name).source.replace(TIME, HAND) for name in ("budget", "budget_one"))
SHA = sha1(SOURCE.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Script:
    """The script, told the time instead of asking Redis for it."""

    client: Any
    chosen: Pace
    now: int = START

    @classmethod
    def fresh(cls, client: Any, limit: int, window: float) -> "Script":
        client.flushall()
        return cls(client, pace(limit, window))

    @property
    def terms(self) -> tuple[int, ...]:
        return int(self.chosen.window * MICRO), round(self.chosen.interval * MICRO), self.chosen.burst

    def run(self, *args: str | int) -> Any:
        asked = (1, KEY, *self.terms, *args, self.now)
        try:
            return self.client.evalsha(SHA, *asked)
        except real.exceptions.NoScriptError:
            return self.client.eval(SOURCE, *asked)

    def one(self, *, is_person: bool = True, process: str = "p9") -> int:
        most = self.chosen.burst - (0 if is_person else self.chosen.reserve)
        return int(self.client.eval(ONE, 1, KEY, *self.terms, most, f"w{process}", self.now))

    def take(self, people: int, background: int, *, process: str = "p1") -> tuple[int, int]:
        told = self.run("take", self.chosen.reserve, people, background, process, 0, BATCH)
        return int(told[0]), int(told[1])

    def people(self, wanted: int, *, process: str) -> tuple[int, float]:
        """How many turns they have now, and how many turns' time it is until they should ask again."""
        told = self.run("take", self.chosen.reserve, wanted, 0, process, 0, BATCH)
        return int(told[0]), round(int(told[2]) / self.terms[1], 2)

    def give_back(self, given: int) -> bool:
        return bool(self.run("back", given))

    def refuse(self, seconds: float) -> None:
        self.run("refused", int(seconds * MICRO))

    def used(self) -> int:
        return int(self.run("state")[0])

    def pass_time(self, seconds: float) -> None:
        self.now += round(seconds * MICRO)


@dataclass
class Model:
    """A bucket of tokens, in so many words. `now` is what its clock says."""

    chosen: Pace
    interval: float
    now: float = START / MICRO
    filled: float = START / MICRO  # when it held `tokens`
    tokens: float = float("inf")

    def take(self, people: int, background: int) -> tuple[int, int]:
        full = float(self.chosen.burst)
        held = min(full, self.tokens + (self.now - self.filled) / self.interval)
        emptied = held < 0  # by a clock that went back: nobody waits for longer than an empty bucket does
        held = max(0.0, held)
        by_people = self._out(held, people)
        by_background = self._out(held - by_people - self.chosen.reserve, background)
        if emptied or by_people + by_background:
            self.tokens, self.filled = held - by_people - by_background, self.now
        return by_people, by_background

    def _out(self, held: float, wanted: int) -> int:
        return max(0, min(wanted, floor(held + 1e-4)))


@pytest.fixture(params=["fakeredis", "redis"], scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of an empty Redis, embedded or real."""
    if request.param == "fakeredis":
        made: Any = fakeredis.FakeRedis()
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        made = real.Redis.from_url(server.url)
    yield made
    made.close()


limits = st.one_of(st.integers(1, 100), st.sampled_from([600, 6000]))
windows = st.sampled_from([6.0, 60.0])
steps = st.lists(
    st.tuples(st.floats(-100, 200), st.integers(0, 40), st.integers(0, 40), st.booleans()), max_size=25
)
thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@thorough
@given(limit=limits, window=windows, asked=steps)
def test_the_script_gives_what_the_model_gives(
    client: Any, limit: int, window: float, asked: list[tuple[float, int, int, bool]]
) -> None:
    script = Script.fresh(client, limit, window)
    model = Model(script.chosen, script.terms[1] / MICRO)
    for share, people, background, forgets in asked:
        # between two turns, so that no rounding decides; the clock may go back
        script.pass_time((floor(share) + 0.37) * model.interval)
        model.now = script.now / MICRO
        if forgets:
            client.script_flush()

        given = script.take(people, background)

        assert given == model.take(people, background)


deeds = st.lists(
    st.tuples(
        st.floats(-1, 8),
        st.sampled_from(["p1", "p2", "p3"]),
        st.one_of(
            st.tuples(st.just("one"), st.booleans()),
            st.tuples(st.just("take"), st.integers(0, 20), st.integers(0, 20), st.integers(0, 2)),
            st.tuples(st.just("refused"), st.integers(0, 90 * MICRO)),
            st.tuples(st.just("back"), st.integers(0, 8)),
        ),
    ),
    max_size=40,
)


@settings(thorough, max_examples=200)
@given(limit=limits, window=windows, done=deeds)
def test_whoever_comes_alone_gets_and_leaves_what_a_line_of_one_would(
    client: Any, limit: int, window: float, done: list[tuple[float, str, tuple[Any, ...]]]
) -> None:
    script = Script.fresh(client, limit, window)
    told: list[list[Any]] = []
    for has_short_way in (True, False):
        client.flushall()
        script.now, answers = START, list[Any]()
        for turns, process, (what, *more) in done:
            script.pass_time(turns * script.chosen.interval)
            given = 0
            if what == "one":
                given = script.one(is_person=more[0], process=process) if has_short_way else 0
                given = given or sum(script.take(int(more[0]), int(not more[0]), process=process))
            elif what == "take":
                given = script.run("take", script.chosen.reserve, *more[:2], process, more[2], BATCH)
            elif what == "refused":
                given = script.run("refused", more[0])
            else:
                given = script.run("back", script.now - round(more[0] * script.chosen.interval * MICRO))
            answers.append(
                (given if what != "one" else bool(given), client.hgetall(KEY), client.pttl(KEY) > 0)
            )
        told.append(answers)

    assert told[0] == told[1]


@thorough
@given(limit=limits, window=windows, is_person=st.booleans())
def test_whoever_comes_alone_has_all_that_its_lane_may_take_and_nothing_more(
    client: Any, limit: int, window: float, *, is_person: bool
) -> None:
    script = Script.fresh(client, limit, window)

    given = [script.one(is_person=is_person) for _ in range(script.chosen.burst + 1)]

    most = script.chosen.burst - (0 if is_person else script.chosen.reserve)
    assert given == [script.now] * most + [0] * (len(given) - most)
    assert script.used() == most


def test_whoever_comes_alone_after_a_refusal_waits_for_its_end_and_then_for_the_slower_pace(
    client: Any,
) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.refuse(10)
    script.pass_time(9.9)
    during = script.one()

    script.pass_time(0.1 + script.chosen.interval * 1.5)  # turns that were promised slower come late
    probe = script.one()
    script.pass_time(script.chosen.interval * 0.3)
    too_soon = script.one()
    script.pass_time(script.chosen.interval * 0.3)

    assert (during, bool(probe), too_soon) == (0, True, 0)
    assert script.one()


def test_whoever_comes_alone_takes_nothing_that_was_promised(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(16, 0, process="p1")
    script.pass_time(1.5 * script.chosen.interval)

    assert [script.one(process=process) for process in ("p1", "p2")] == [0, 0]
    assert script.people(1, process="p1")[0] == 1


def test_whoever_comes_alone_when_the_clock_went_back_has_to_stand_in_line(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.refuse(0)
    script.pass_time(-5)

    assert script.one() == 0


@dataclass(frozen=True)
class Run:
    """What happened at a server while the script was asked at random."""

    arrivals: list[float]
    limit: int
    window: float


def play(script: Script, moments: list[tuple[float, float, int]], limit: int) -> Run:
    """Ask for as much as there is after each pause; each grant arrives late by a share of the jitter."""
    arrivals: list[float] = []
    for share, late, wanted in moments:
        script.pass_time(share * script.chosen.window / 4)
        taken = sum(script.take(wanted, wanted))
        arrivals += [script.now / MICRO + late * script.chosen.jitter] * taken
    return Run(sorted(arrivals), limit, script.chosen.window)


moments = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 700)), max_size=60)


@thorough
@given(limit=limits, window=windows, asked=moments)
def test_no_kind_of_window_refuses_anything(
    client: Any, limit: int, window: float, asked: list[tuple[float, float, int]]
) -> None:
    run = play(Script.fresh(client, limit, window), asked, limit)

    # a bucket of a sixth of the limit is asked for limits of which a sixth is something
    asking = {name for name in WINDOWS if limit >= 60 or name != "bucket 100"}
    assert {name: WINDOWS[name](run.arrivals, limit, window) for name in asking} == dict.fromkeys(asking, 0)


returns = st.lists(st.tuples(st.floats(0, 3), st.integers(1, 40), st.integers(0, 40)), max_size=60)


@thorough
@given(limit=limits, window=windows, asked=returns)
def test_no_kind_of_window_refuses_anything_though_turns_come_back(
    client: Any, limit: int, window: float, asked: list[tuple[float, int, int]]
) -> None:
    script = Script.fresh(client, limit, window)
    held, arrivals = list[int](), list[float]()
    for turns, wanted, unsent in asked:
        script.pass_time(turns * script.chosen.interval / 2)
        for _ in range(min(unsent, len(held))):
            script.give_back(held.pop())  # nothing was sent on it, whatever the script says
        arrivals += [each / MICRO for each in held]
        held = [script.now] * sum(script.take(wanted, wanted))
    arrivals += [each / MICRO for each in held]

    asking = {name for name in WINDOWS if limit >= 60 or name != "bucket 100"}
    assert {name: WINDOWS[name](arrivals, limit, window) for name in asking} == dict.fromkeys(asking, 0)


def test_a_turn_that_comes_back_is_given_again_and_is_not_counted(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    taken = script.take(100, 0)

    back = [script.give_back(script.now) for _ in range(2)]

    assert back == [True, True]
    assert script.used() == taken[0] - 2
    assert script.take(100, 0) == (2, 0)


def test_a_turn_comes_back_only_while_its_place_is_surely_free(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    given = script.now
    script.take(1, 0)

    script.pass_time(script.chosen.interval * 1.01)

    assert not script.give_back(given)
    assert not script.give_back(script.now + 1)
    assert script.take(100, 0) == (script.chosen.burst, 0)


def test_a_turn_from_before_a_refusal_stays_lost(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    given = script.now
    script.take(1, 0)
    script.refuse(1)

    assert not script.give_back(given)


@thorough
@given(limit=limits, window=windows, before=moments, after=moments)
def test_a_replica_that_knows_nothing_gives_one_burst_more_at_the_most(
    client: Any,
    limit: int,
    window: float,
    before: list[tuple[float, float, int]],
    after: list[tuple[float, float, int]],
) -> None:
    script = Script.fresh(client, limit, window)
    first = play(script, before, limit)
    client.flushall()

    second = play(script, after, limit)

    arrivals = sorted(first.arrivals + second.arrivals)
    most = max((sum(at <= each < at + window for each in arrivals) for at in arrivals), default=0)
    assert most <= limit + script.chosen.burst
    assert most <= 2 * limit


@thorough
@given(limit=limits, jump=st.floats(0.1, 100_000), asked=moments)
def test_a_clock_that_goes_back_gives_nothing_extra_and_stops_nobody(
    client: Any, limit: int, jump: float, asked: list[tuple[float, float, int]]
) -> None:
    script = Script.fresh(client, limit, 60.0)
    play(script, asked, limit)
    script.take(1000, 0)  # empty

    script.pass_time(-jump)
    at_once = script.take(1000, 0)
    script.pass_time(script.chosen.interval * 1.01)

    assert at_once == (0, 0)
    assert script.take(1000, 0) == (1, 0)


@thorough
@given(jump=st.floats(0.1, 100_000))
def test_a_clock_that_goes_back_in_a_pause_starts_it_again_and_no_more(client: Any, jump: float) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.refuse(20)

    script.pass_time(-jump)
    during = script.take(1, 0)
    script.pass_time(20.5)

    assert during == (0, 0)
    assert script.take(1, 0) == (1, 0)


def test_a_clock_that_jumps_ahead_gives_a_burst_and_no_more(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(1000, 0)

    script.pass_time(86_400)

    assert script.take(1000, 0) == (script.chosen.burst, 0)


def test_what_was_used_is_counted_for_a_window(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(9, 0)
    script.pass_time(30)
    script.take(5, 0)
    seen = [script.used()]

    for _ in range(2):
        script.pass_time(36)
        seen.append(script.used())

    assert seen == [14, 5, 0]


def test_waiting_processes_are_told_to_come_back_one_after_the_other(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(0, 1000)

    backs = []
    for process in ("p1", "p2", "p3"):
        told = script.run("take", script.chosen.reserve, 0, 10, process, 0, BATCH)
        backs.append(int(told[3]) / script.terms[1])

    apart = [later - earlier for earlier, later in pairwise(backs)]
    assert apart == pytest.approx([BATCH, BATCH])


def test_people_who_wait_are_promised_their_turns_one_process_after_the_other(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(1000, 0, process="p0")

    told = [script.people(9, process=process) for process in ("p1", "p2", "p3")]

    assert told == [(0, 4.0), (0, 6.0), (0, 8.0)]  # two turns each, those of p0 before them


def test_who_was_promised_turns_finds_them_and_who_came_later_does_not_take_them(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(17, 0, process="p0")
    script.people(2, process="p1")
    script.pass_time(4.01 * script.chosen.interval)  # p0 is late, and p1 comes in time

    newcomer = script.people(1, process="p2")
    promised = [script.people(2, process=process)[0] for process in ("p1", "p0")]

    assert newcomer == (0, 0.99)
    assert promised == [2, 2]


def test_who_asks_before_its_time_keeps_its_promise(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(15, 0)
    script.people(2, process="p1")
    script.people(2, process="p2")
    script.pass_time(1.5 * script.chosen.interval)

    early = script.people(2, process="p1")
    script.pass_time(0.5 * script.chosen.interval + 0.00001)

    assert early == (0, 0.5)
    assert script.people(2, process="p1") == (2, 0.0 + 1.0)


def test_what_was_promised_to_a_process_that_is_gone_is_anybody_s_after_a_second(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(17, 0, process="gone")
    for process in ("p1", "p2"):
        script.people(2, process=process)
    script.pass_time(2.01 * script.chosen.interval)
    at_first = script.people(5, process="p3")[0]

    script.pass_time(1.0)

    assert at_first == 0
    assert script.people(5, process="p3")[0] >= 2


@pytest.mark.parametrize("limit", [5, 20, 100])
def test_background_work_takes_no_turn_that_was_promised_to_people(client: Any, limit: int) -> None:
    script = Script.fresh(client, limit, 60.0)
    script.take(1000, 0, process="p0")
    script.people(1, process="p1")
    script.pass_time(2.01 * script.chosen.interval)  # p0's turn and p1's are there

    stolen = script.take(0, 5, process="p2")

    assert stolen == (0, 0)
    assert script.people(1, process="p1")[0] == 1


def test_a_process_that_waits_hears_how_many_wait_in_the_others(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(1000, 0, process="p0")
    script.run("take", script.chosen.reserve, 3, 7, "p1", 0, BATCH)

    told = script.run("take", script.chosen.reserve, 1, 0, "p2", 0, BATCH)

    assert [int(each) for each in told[6:]] == [985 + 3, 2, 7, 1]


crowds = st.lists(
    st.tuples(st.floats(-20, 60), st.sampled_from(["p1", "p2", "p3"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=60,
)


@thorough
@given(limit=limits, window=windows, asked=crowds)
def test_promises_give_nothing_that_the_bucket_does_not_hold(
    client: Any, limit: int, window: float, asked: list[tuple[float, str, int, int]]
) -> None:
    script = Script.fresh(client, limit, window)
    arrivals, went = list[float](), 0.0
    for turns, process, people, background in asked:
        script.pass_time(turns * script.chosen.interval / 4)
        went += max(0.0, -turns * script.chosen.interval / 4)  # the clock went back; true time did not
        now = script.now / MICRO + went
        arrivals += [now] * sum(script.take(people, background, process=process))

    asking = {name for name in WINDOWS if limit >= 60 or name != "bucket 100"}
    assert {name: WINDOWS[name](arrivals, limit, window) for name in asking} == dict.fromkeys(asking, 0)


@thorough
@given(limit=limits, jump=st.floats(0.1, 100_000))
def test_a_clock_that_goes_back_ends_all_promises(client: Any, limit: int, jump: float) -> None:
    script = Script.fresh(client, limit, 60.0)
    for process in ("p1", "p2", "p3"):
        script.take(1000, 0, process=process)

    script.pass_time(-jump)
    told = script.people(1, process="p4")

    assert told[0] == 0
    assert told[1] <= 1.01


@pytest.mark.parametrize("limit", [10, 20, 100])
def test_background_work_uses_what_people_leave_though_they_come_at_any_moment(
    client: Any, limit: int
) -> None:
    script = Script.fresh(client, limit, 60.0)
    batch = min(BATCH, script.chosen.burst - script.chosen.reserve)
    due = dict.fromkeys(("p1", "p2", "p3"), script.now)
    person, end, given = script.now, script.now + 900 * MICRO, 0
    while script.now < end:
        process = min(due, key=lambda each: due[each])
        if due[process] > person:
            script.now = person
            served, wait = script.people(1, process="p4")
            given += served
            person += round((7.3 if served else wait + 0.01) * script.terms[1])
            continue
        script.now = max(script.now, due[process]) + 500
        told = script.run("take", script.chosen.reserve, 0, 20, process, 0, batch)
        given += int(told[1])
        due[process] = script.now + int(told[3])

    assert given / (900 / script.chosen.interval) > 0.97


def test_a_process_that_is_gone_waits_no_more(client: Any) -> None:
    script = Script.fresh(client, 600, 60.0)
    script.take(0, 1000)
    waiting = int(script.run("state")[2])

    script.pass_time(600)

    assert waiting == 1000 - (script.chosen.burst - script.chosen.reserve)
    assert int(script.run("state")[2]) == 0


@pytest.mark.parametrize("limit", range(1, 21))
def test_twenty_and_fewer_have_no_burst_and_lose_nothing(client: Any, limit: int) -> None:
    chosen = pace(limit, 60.0)
    script = Script(client, replace(chosen))
    client.flushall()

    given = 0
    for _ in range(10 * limit):
        given += sum(script.take(5, 5))
        script.pass_time(chosen.interval + 0.000001)

    assert (chosen.burst, chosen.reserve) == (1, 0)
    assert given == 10 * limit
    assert script.now - START == pytest.approx(10 * (60 + chosen.jitter) * MICRO, rel=0.001)
