import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from math import inf
from typing import Any

import fakeredis
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from scrm_bot.demo.socialcrm.config import WindowKind
from scrm_bot.demo.socialcrm.window import open_window
from scrm_bot.domain.errors import BudgetExhaustedError, StoreUnavailableError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.ports import Lane, Turn
from scrm_bot.store import budget as budget_module
from scrm_bot.store import budget_keys, budget_line
from scrm_bot.store.budget import RedisBudget, pace
from scrm_bot.store.budget_line import Elsewhere
from scrm_bot.store.connection import Database, Word
from scrm_bot.store.scripts import Script
from tests.conftest import RedisServer

KEY = "a1b2c3"
SLOW = 6000.0  # a window in which no turn comes back while a test runs
WINDOWS: tuple[WindowKind, ...] = ("fixed", "sliding", "bucket")  # nobody knows how SocialCRM counts
PEOPLE, BACKGROUND = Lane.PEOPLE, Lane.BACKGROUND


@pytest.fixture(params=["fakeredis", "redis"])
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    """A client of an empty Redis, embedded or real."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        client = Redis.from_url(server.url)
    else:
        client = fakeredis.FakeAsyncRedis()
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def database(redis: Redis) -> Database:
    return Database(lambda *, blocking: redis)


class Scripted(list[list[Any]]):
    """A Redis that answers what it was told to, in turn; an error is raised."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers = list(answers)

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        self.append(["one", args[3]] if script.name == "budget_one" else list(args[3:7]))
        await checkpoint()
        if args[3] == "take" and list(args[5:9:3]) == [0, 0] and args[6] == 0:
            return [0] * 10  # whoever leaves the line says so
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            await answer()
            return await self.run(script, keys, *args)
        if script.name == "budget_one":
            return 7 * bool(answer[0] + answer[1])
        return [*answer, b"7", 0, 0, 0, 0] if args[3] == "take" else answer


def in_line(redis: Scripted, *, window: float = 60.0) -> RedisBudget:
    """A budget whose callers stand in line from the first on, as if one were asking already."""
    budget = RedisBudget(redis, window=window)
    budget._alone.add(KEY)
    return budget


def gathered(*takes: Awaitable[Any]) -> "asyncio.Future[list[Any]]":
    return asyncio.gather(*takes, return_exceptions=True)


@given(limit=st.integers(1, 5000), window=st.floats(0.5, 3600))
def test_no_window_sees_more_than_the_limit_even_with_late_requests(limit: int, window: float) -> None:
    chosen = pace(limit, window)

    seen = chosen.burst + int(window / chosen.interval)
    late = chosen.burst + (window + chosen.jitter) / chosen.interval

    assert seen <= limit
    assert late <= limit + (1.000001 if limit <= 20 else 0.000001)
    assert 0 <= chosen.reserve < chosen.burst


def test_the_documented_limit_is_used_to_more_than_nine_tenths() -> None:
    chosen = pace(600, 60.0)

    assert (chosen.burst, chosen.reserve, chosen.jitter) == (15, 5, 2.0)
    assert 60 / chosen.interval > 0.94 * 600


@pytest.mark.parametrize(
    ("limit", "burst", "reserve", "used"),
    [(6000, 150, 50, 0.944), (600, 15, 5, 0.944), (100, 2, 0, 0.948), (20, 1, 0, 0.968), (1, 1, 0, 0.968)],
)
def test_burst_reserve_and_use_scale_as_documented(limit: int, burst: int, reserve: int, used: float) -> None:
    chosen = pace(limit, 60.0)

    assert (chosen.burst, chosen.reserve) == (burst, reserve)
    assert 60 / chosen.interval / limit == pytest.approx(used, abs=0.0006)


async def test_people_have_the_whole_burst_and_background_leaves_a_reserve(database: Database) -> None:
    budget = RedisBudget(database, window=SLOW)

    turns = await budget._ask(KEY, 0, 50, 0)
    more = await budget._ask(KEY, 50, 0, 0)

    assert (turns.background, more.people) == (10, 5)
    assert turns.people_wait == 0
    assert 3 * turns.interval < turns.background_wait <= 4 * turns.interval
    assert more.interval < more.people_wait <= 2 * more.interval  # two gather for a process


async def test_people_go_first_when_both_ask_at_once(database: Database) -> None:
    turns = await RedisBudget(database)._ask(KEY, 25, 25, 0)

    assert (turns.people, turns.background) == (15, 0)


async def test_another_key_has_turns_of_its_own(database: Database) -> None:
    budget = RedisBudget(database, window=SLOW)
    await budget._ask(KEY, 15, 0, 0)

    turns = await budget._ask("another", 15, 0, 0)

    assert turns.people == 15


async def test_no_window_exceeds_the_limit_however_many_processes_ask(database: Database) -> None:
    limit, window = 40, 0.5
    processes = [RedisBudget(database, limit=limit, window=window) for _ in range(3)]
    taken: list[float] = []

    async def call(budget: RedisBudget, lane: Lane) -> None:
        await budget.take(KEY, lane)
        taken.append(time.monotonic())

    await asyncio.gather(*(call(processes[n % 3], (PEOPLE, BACKGROUND)[n % 2]) for n in range(100)))

    taken.sort()
    assert len(taken) == 100
    assert max(sum(1 for each in taken if start <= each < start + window) for start in taken) <= limit
    for kind in WINDOWS:
        counted = open_window(kind, limit)
        assert max(counted.take(each * 60 / window) for each in taken) == 0, kind


async def test_a_process_that_is_short_of_turns_asks_less_than_once_for_each(database: Database) -> None:
    asked: list[str] = []

    class Counting:
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            asked.append(keys[0])
            return await database.run(script, keys, *args)

    budget = RedisBudget(Counting(), limit=400, window=1.0)

    await asyncio.gather(*(budget.take(KEY, BACKGROUND) for _ in range(60)))

    assert len(asked) < 50


async def test_the_state_of_a_key_does_not_live_for_ever(database: Database, redis: Redis) -> None:
    await RedisBudget(database).take(KEY, PEOPLE)

    assert 0 < await redis.pttl(budget_keys.budget(KEY)) <= 86_400_000


async def test_a_forgotten_script_is_taught_again(database: Database, redis: Redis) -> None:
    budget = RedisBudget(database, window=SLOW)
    await budget.take(KEY, PEOPLE)
    await redis.script_flush()

    turns = await budget._ask(KEY, 50, 0, 0)

    assert turns.people == 14


async def test_a_refusal_stops_every_process_and_every_lane(database: Database) -> None:
    one, other = RedisBudget(database), RedisBudget(database)
    await one.refused(KEY, retry_in=30)

    turns = await other._ask(KEY, 1, 5, 0)

    assert (turns.people, turns.background) == (0, 0)
    assert 29 < turns.people_wait <= 30
    assert turns.background_wait > turns.people_wait


async def test_a_refusal_without_a_time_waits_the_window_out(database: Database) -> None:
    budget = RedisBudget(database)
    await budget.refused(KEY, retry_in=None)

    turns = await budget._ask(KEY, 1, 0, 0)

    assert 59 < turns.people_wait <= 60


async def test_after_a_pause_one_probe_goes_first_and_the_pace_is_lower(
    database: Database, redis: Redis
) -> None:
    budget = RedisBudget(database)
    await budget.refused(KEY, retry_in=30)

    turns = await budget._ask(KEY, 1, 0, 0)
    tat, paused = (
        float(each or 0) / 1e6 for each in await redis.hmget(budget_keys.budget(KEY), "tat", "paused")
    )

    slower = budget.pace.interval / 0.7
    assert turns.interval == pytest.approx(slower, rel=0.01)
    assert tat - paused == pytest.approx((budget.pace.burst - 1) * slower, rel=0.01)


async def test_after_a_short_pause_turns_come_again(database: Database) -> None:
    budget = RedisBudget(database, window=0.6)
    await budget.refused(KEY, retry_in=0.3)
    paused = await budget._ask(KEY, 1, 0, 0)

    await budget.take(KEY, PEOPLE)

    assert (paused.people, paused.people_wait > 0) == (0, True)


async def test_refusals_on_their_way_together_count_once(database: Database, redis: Redis) -> None:
    budget = RedisBudget(database)
    await gathered(*(budget.refused(KEY, retry_in=seconds) for seconds in (5, 9, 7)))

    strikes, cut = await redis.hmget(budget_keys.budget(KEY), "strikes", "cut")

    assert float(strikes or 0) == 1.0
    assert float(cut or 0) == pytest.approx(0.3, abs=0.01)
    assert 8 < (await budget._ask(KEY, 1, 0, 0)).people_wait <= 9


async def test_refusal_after_refusal_doubles_the_least_pause(database: Database, redis: Redis) -> None:
    budget = RedisBudget(database)
    waits = []
    for _ in range(6):
        await budget.refused(KEY, retry_in=0.0)
        waits.append((await budget._ask(KEY, 1, 0, 0)).people_wait)
        await redis.hset(budget_keys.budget(KEY), "paused", str(int(time.time() * 1e6) - 1000))

    assert [round(wait) for wait in waits] == [1, 2, 4, 8, 16, 16]


async def test_one_question_serves_everybody_who_came_meanwhile() -> None:
    redis = Scripted([1, 0, b"0", b"0", b"1000"], [2, 2, b"0", b"0", b"1000"])
    budget = RedisBudget(redis)

    await asyncio.gather(
        *(budget.take(KEY, PEOPLE) for _ in range(3)), *(budget.take(KEY, BACKGROUND) for _ in range(2))
    )

    assert redis == [["one", 15], ["take", 5, 2, 2]]


async def test_a_turn_that_is_too_far_away_is_refused_at_once() -> None:
    budget = RedisBudget(Scripted(*[[0, 0, b"20500000", b"20500000", b"100000"]] * 2))

    with pytest.raises(BudgetExhaustedError) as caught:
        await budget.take(KEY, PEOPLE)
    assert caught.value.retry_in == pytest.approx(20.5, abs=0.1)


async def test_only_those_who_would_wait_too_long_are_sent_away() -> None:
    short = [0, 0, b"1000", b"1000", b"6000000"]
    budget = in_line(Scripted(short, [4, 0, b"0", b"0", b"1000"]))

    answers = await gathered(*(budget.take(KEY, PEOPLE) for _ in range(6)))

    assert [type(answer) for answer in answers] == [*[Turn] * 4, *[BudgetExhaustedError] * 2]


async def test_background_work_waits_longer_than_people_do() -> None:
    first = [0, 0, b"1000", b"1000", b"30000000"]
    redis = Scripted(first, first, [0, 1, b"0", b"0", b"1000"], [0, 2, b"0", b"0", b"1000"])
    budget = RedisBudget(redis, limit=20)

    answers = await gathered(*(budget.take(KEY, BACKGROUND) for _ in range(3)))

    assert [answer.name for answer in answers] == [7, 7, 7]


async def test_people_do_not_wait_for_the_turn_of_background_work() -> None:
    short, later = [0, 0, b"0", b"60000000", b"1000"], [0, 0, b"0", b"100000", b"1000"]
    redis = Scripted(short, later, [1, 0, b"0", b"60000000", b"1000"], [0, 1, b"0", b"0", b"1000"])
    budget = RedisBudget(redis)
    slow = asyncio.create_task(budget.take(KEY, BACKGROUND))
    while len(redis) < 2:
        await checkpoint()
    await checkpoint()

    await budget.take(KEY, PEOPLE)
    await slow

    background, person = ["take", 5, 0, 1], ["take", 5, 1, 0]
    assert redis == [["one", 10], background, person, background]


async def test_when_redis_fails_everybody_is_told_and_nobody_is_let_through() -> None:
    gone = StoreUnavailableError("gone")
    redis = Scripted(gone, gone, [1, 0, b"0", b"0", b"1000"])
    budget = RedisBudget(redis)

    answers = await gathered(budget.take(KEY, PEOPLE), budget.take(KEY, BACKGROUND))
    await budget.take(KEY, PEOPLE)

    assert [str(answer) for answer in answers] == ["gone", "gone"]
    assert {type(answer) for answer in answers} == {StoreUnavailableError}


async def test_who_gave_up_before_redis_failed_hears_of_nothing() -> None:
    release = asyncio.Event()

    async def fail() -> None:
        await release.wait()
        raise StoreUnavailableError("gone")

    redis = Scripted(fail)
    budget = in_line(redis)
    first, second = (asyncio.create_task(budget.take(KEY, PEOPLE)) for _ in range(2))
    while not redis:
        await checkpoint()

    first.cancel()
    release.set()

    with pytest.raises(StoreUnavailableError):
        await second
    assert first.cancelled()


async def test_a_real_connection_failure_is_the_store_s_error(redis_server: RedisServer) -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1/0")
    budget = RedisBudget(Database(lambda *, blocking: nowhere))

    with pytest.raises(StoreUnavailableError):
        await budget.take(KEY, PEOPLE)
    await nowhere.aclose()


async def test_who_gives_up_waiting_leaves_the_turn_to_the_next() -> None:
    started = asyncio.Event()
    release = asyncio.Event()

    async def hold() -> None:
        started.set()
        await release.wait()

    redis = Scripted(hold, [1, 0, b"0", b"0", b"1000"])
    budget = in_line(redis)
    first, second = (asyncio.create_task(budget.take(KEY, PEOPLE)) for _ in range(2))
    await started.wait()

    first.cancel()
    release.set()
    await second

    assert first.cancelled() or first.cancelling()
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_who_gives_up_while_the_line_sleeps_is_forgotten() -> None:
    short = [0, 0, b"1000", b"1000", b"1000"]
    redis = Scripted(short, short, [1, 0, b"0", b"0", b"1000"])
    budget = RedisBudget(redis)
    first, second = (asyncio.create_task(budget.take(KEY, PEOPLE)) for _ in range(2))
    while len(redis) < 2:
        await checkpoint()
    await checkpoint()

    first.cancel()
    await second

    assert redis[-1] == ["take", 5, 1, 0]
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_turn_that_came_too_late_is_not_used() -> None:
    loop = asyncio.get_running_loop()
    budget = in_line(Scripted(), window=0.01)

    async def late() -> None:
        until = loop.time() + 2 * budget.pace.jitter
        while loop.time() < until:
            await checkpoint()

    answers = [[1, 0, b"0", b"0", b"1000"]] * 100  # on a busy machine the next ones may be late too
    redis = Scripted(late, *answers)
    budget._database = redis

    await budget.take(KEY, PEOPLE)

    assert len(redis) >= 3


async def test_a_process_that_stops_tells_everybody_who_waits() -> None:
    release = asyncio.Event()
    redis = Scripted([0, 0, b"1000", b"1000", b"1000"], release.wait)
    budget = RedisBudget(redis)
    waiting = asyncio.create_task(budget.take(KEY, PEOPLE))
    while len(redis) < 2:
        await checkpoint()
    asker = budget._lines[KEY]._asker
    assert asker

    asker.cancel()

    with pytest.raises(StoreUnavailableError, match="nobody asks"):
        await waiting
    assert budget._lines == {}


async def test_somebody_who_waits_for_a_second_is_told_how_long_it_will_be() -> None:
    short = [0, 0, b"1200000", b"1200000", b"1000"]
    budget = RedisBudget(Scripted(short, short, [2, 0, b"0", b"0", b"1000"]))
    told: list[float] = []

    await asyncio.gather(budget.take(KEY, PEOPLE, on_wait=told.append), budget.take(KEY, PEOPLE))

    assert len(told) == 1
    assert 0 <= told[0] < 1.2


async def test_nobody_is_told_of_a_wait_that_was_short(database: Database) -> None:
    told: list[float] = []

    await RedisBudget(database).take(KEY, PEOPLE, on_wait=told.append)

    assert told == []


async def test_the_state_counts_what_all_processes_used(database: Database) -> None:
    one, other = RedisBudget(database), RedisBudget(database)
    await asyncio.gather(*(each.take(KEY, PEOPLE) for each in (one, other, one)))

    state = await other.state(KEY)

    assert state == BudgetState(limit=600, window=60.0, used=3)


async def test_the_state_tells_who_waits_in_which_process(database: Database) -> None:
    one, other = RedisBudget(database, window=SLOW), RedisBudget(database, window=SLOW)
    await one._ask(KEY, 17, 0, 0)
    await other._ask(KEY, 0, 4, 0)
    waiting = await one.state(KEY)

    await one._ask(KEY, 0, 0, 0)

    assert (waiting.used, waiting.people, waiting.background) == (15, 2, 4)
    assert ((await one.state(KEY)).people, (await one.state(KEY)).background) == (0, 4)


async def test_the_state_tells_of_a_pause_and_the_last_refusal(database: Database) -> None:
    budget = RedisBudget(database)
    fresh = await budget.state(KEY)
    await budget.refused(KEY, retry_in=30)

    state = await budget.state(KEY)

    assert fresh.refused is None
    assert state.refused is not None
    assert 0 <= state.refused < 5
    assert 25 < state.pause <= 30


def test_a_person_is_never_kept_longer_than_slack_waits_for_background() -> None:
    assert budget_line.TOLERANCE == {PEOPLE: 20.0, BACKGROUND: 120.0}


async def test_a_turn_on_which_nothing_was_sent_goes_to_the_next(database: Database) -> None:
    budget = RedisBudget(database, window=SLOW)
    turns = [await budget.take(KEY, PEOPLE) for _ in range(budget.pace.burst)]

    budget.give_back(KEY, turns[-1])
    await asyncio.gather(*budget._returning)

    assert (await budget.take(KEY, PEOPLE)).name >= turns[-1].name
    assert (await budget._ask(KEY, 1, 0, 0)).people == 0


async def test_a_turn_that_cannot_be_given_back_is_lost() -> None:
    redis = Scripted(StoreUnavailableError("gone"))
    budget = RedisBudget(redis)

    budget.give_back(KEY, Turn(7))
    await asyncio.gather(*budget._returning)

    assert [asked[0] for asked in redis] == ["back"]


async def test_a_turn_that_comes_when_nobody_waits_any_more_is_given_back() -> None:
    asked, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        asked.set()
        await release.wait()

    redis = Scripted(hold, [1, 0, b"0", b"0", b"1000"], 1)
    budget = in_line(redis)
    caller = asyncio.create_task(budget.take(KEY, PEOPLE))
    await asked.wait()

    caller.cancel()
    await gathered(caller)
    release.set()
    while redis.answers:
        await checkpoint()

    assert redis[-1][0] == "back"


async def test_whoever_gives_up_just_as_the_turn_comes_gives_it_back() -> None:
    returned: list[int] = []

    async def ask(people: int, background: int, resting: int) -> budget_line.Turns:
        await checkpoint()
        asyncio.get_running_loop().call_soon(caller.cancel)
        return budget_line.Turns(people, background, 0.0, 0.0, 0.1, 7, dict.fromkeys(Lane, Elsewhere()))

    line = budget_line.Line(ask, give_back=returned.append, on_empty=lambda: None)
    caller = asyncio.create_task(line.turn(PEOPLE, since=asyncio.get_running_loop().time()))
    await gathered(caller)

    assert caller.cancelled()
    assert returned == [7]


async def test_whoever_gives_up_while_redis_is_asked_gives_the_turn_back(database: Database) -> None:
    budget = RedisBudget(database, limit=1)
    caller = asyncio.create_task(budget.take(KEY, PEOPLE))
    await checkpoint()

    caller.cancel()
    await gathered(caller)
    while not budget._returning:
        await checkpoint()
    await asyncio.gather(*budget._returning)

    assert caller.cancelled()
    assert (await budget.state(KEY)).used == 0
    assert await budget.take(KEY, PEOPLE)


@pytest.mark.parametrize(
    "answer", [StoreUnavailableError("gone"), [0, 0, b"1000", b"1000", b"1000"]], ids=["lost", "no turn"]
)
async def test_whoever_gives_up_while_redis_is_asked_gives_nothing_back_where_there_is_nothing(
    answer: Any,
) -> None:
    redis = Scripted(answer)
    budget = RedisBudget(redis, limit=1)
    caller = asyncio.create_task(budget.take(KEY, PEOPLE))
    await checkpoint()

    caller.cancel()
    await gathered(caller)
    for _ in range(5):
        await checkpoint()

    assert (redis.answers, len(redis)) == ([], 1)


async def test_whoever_gives_up_when_the_process_ends_asks_for_nothing_more() -> None:
    redis = Scripted(asyncio.Event().wait)
    budget = RedisBudget(redis, limit=1)
    before = asyncio.all_tasks()
    caller = asyncio.create_task(budget.take(KEY, PEOPLE))
    while not redis:
        await checkpoint()

    ending = asyncio.all_tasks() - before
    for task in ending:
        task.cancel()
    await gathered(*ending)

    assert caller in ending
    assert len(redis) == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
async def test_however_far_turns_are_apart_somebody_waits_for_a_few_of_them(limit: int) -> None:
    apart = int(pace(limit, 60.0).interval * 1_000_000)
    asked = asyncio.Event()

    async def hold() -> None:
        asked.set()
        await asyncio.Event().wait()

    for lane, fit in ((PEOPLE, 3), (BACKGROUND, 12)):
        short = [0, 0, apart, apart, apart]
        budget = RedisBudget(Scripted(short, short, hold), limit=limit)
        waiting = [asyncio.create_task(budget.take(KEY, lane)) for _ in range(fit)]
        while not (line := budget._lines.get(KEY)) or lane not in line._outlook:
            await checkpoint()
        await checkpoint()

        assert [task for task in waiting if task.done()] == []
        for task in waiting:
            task.cancel()
        await gathered(*waiting)


async def test_whoever_comes_to_a_line_that_is_too_long_is_sent_away_at_once() -> None:
    short = [0, 0, b"15000000", b"15000000", b"6000000"]
    redis = Scripted(short, short)
    budget = RedisBudget(redis)
    waiting = asyncio.create_task(budget.take(KEY, PEOPLE))
    while not budget._lines or PEOPLE not in budget._lines[KEY]._outlook:
        await checkpoint()

    with pytest.raises(BudgetExhaustedError) as caught:
        await budget.take(KEY, PEOPLE)

    assert caught.value.retry_in == pytest.approx(21, abs=1)
    assert len(redis) == 2
    waiting.cancel()
    await gathered(waiting)


async def test_who_waits_in_other_processes_counts_for_how_long_it_will_be() -> None:
    elsewhere = [40, 2, 0, 0]  # forty people in two processes

    class Crowded(Scripted):
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            return [*(await super().run(script, keys, *args))[:6], *elsewhere]

    short = [0, 0, b"5000000", b"5000000", b"2000000"]
    budget = in_line(Crowded(short))
    waiting = [asyncio.create_task(budget.take(KEY, PEOPLE)) for _ in range(4)]
    while not waiting[-1].done():
        await checkpoint()

    # 5 s for the first, and three turns more, one in each process, for every place behind
    assert [task.done() for task in waiting] == [False, False, False, True]
    assert isinstance(waiting[-1].exception(), BudgetExhaustedError)
    for task in waiting[:-1]:
        task.cancel()
    await gathered(*waiting)


async def test_people_in_many_processes_are_told_the_truth_and_ask_less_than_once_for_each_turn(
    database: Database,
) -> None:
    asked, promised, limit, window = list[str](), dict[int, float](), 600, 3.0
    loop = asyncio.get_running_loop()

    class Counting:
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            asked.append(keys[0])
            return await database.run(script, keys, *args)

    processes = [RedisBudget(Counting(), limit=limit, window=window) for _ in range(4)]
    began = loop.time()

    async def person(number: int) -> float:
        def told(wait: float) -> None:
            promised[number] = loop.time() + wait

        await processes[number % 4].take(KEY, PEOPLE, on_wait=told)
        return loop.time()

    times = await asyncio.gather(*map(person, range(360)))

    assert len(asked) <= len(times)
    took = max(times) - began
    late = [times[number] - at for number, at in promised.items()]
    assert promised
    assert max(map(abs, late)) < took / 2
    for first, second in ((0, 100), (50, 250)):  # in order, over all processes, as nearly as makes no matter
        assert times[first] < times[second]


def test_a_pause_that_nobody_could_lift_is_probed_after_an_hour() -> None:
    assert budget_module.LONGEST_PAUSE == 3600


async def test_where_redis_is_too_slow_for_turns_to_be_used_people_are_told_and_few_are_burnt() -> None:
    loop = asyncio.get_running_loop()

    async def late() -> None:
        until = loop.time() + 2 * pace(600, 0.01).jitter
        while loop.time() < until:
            await checkpoint()

    class Late(Scripted):
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            await late()
            return await super().run(script, keys, *args)

    redis = Late(*[[1, 0, b"0", b"0", b"1000"]] * 9, *[1] * 9)
    budget = RedisBudget(redis, window=0.01)

    with pytest.raises(StoreUnavailableError, match="too late"):
        await budget.take(KEY, PEOPLE)

    assert len([asked for asked in redis if asked[0] != "back"]) == 3


async def test_a_refusal_that_redis_cannot_be_told_of_is_kept_and_told_first(database: Database) -> None:
    away = True

    class Flaky:
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            if away:
                raise StoreUnavailableError("gone")
            return await database.run(script, keys, *args)

    budget = RedisBudget(Flaky())
    with pytest.raises(StoreUnavailableError):
        await budget.refused(KEY, retry_in=30)
    with pytest.raises(StoreUnavailableError):
        await budget.take(KEY, PEOPLE)
    away = False

    with pytest.raises(BudgetExhaustedError):
        await budget.take(KEY, PEOPLE)

    assert 28 < (await budget.state(KEY)).pause <= 30
    assert not budget._owed


async def test_a_refusal_that_is_over_by_then_is_forgotten(database: Database) -> None:
    budget = RedisBudget(database)
    budget._owed[KEY] = asyncio.get_running_loop().time() - 1

    await budget.take(KEY, PEOPLE)

    assert (await budget.state(KEY)).refused is None


async def test_whoever_was_sent_away_is_not_told_as_waiting(database: Database) -> None:
    budget = RedisBudget(database)
    await budget.refused(KEY, retry_in=3600)

    with pytest.raises(BudgetExhaustedError):
        await budget.take(KEY, PEOPLE)
    while budget._lines:
        await checkpoint()

    state = await RedisBudget(database).state(KEY)
    assert (state.people, state.background) == (0, 0)


async def test_a_process_that_ended_is_not_counted_as_waiting_for_long(
    database: Database, redis: Redis
) -> None:
    budget = RedisBudget(database)
    await budget.refused(KEY, retry_in=3600)

    await budget._ask(KEY, 1, 0, 0)

    noted: Any = await redis.hget(budget_keys.budget(KEY), f"w{budget._process}")
    assert int(noted.split(b":")[2]) / 1e6 - time.time() <= 150


async def test_those_who_gave_up_are_not_counted_before_whoever_comes() -> None:
    hold = asyncio.Event()
    short = [0, 0, b"15000000", b"15000000", b"6000000"]
    budget = RedisBudget(Scripted(short, short, hold.wait))
    gone = [asyncio.create_task(budget.take(KEY, PEOPLE)) for _ in range(2)]
    while not budget._lines or PEOPLE not in budget._lines[KEY]._outlook:
        await checkpoint()
    line = budget._lines[KEY]
    for waiter in line._people:
        waiter.turn.cancel()

    late = asyncio.create_task(budget.take(KEY, PEOPLE))
    await checkpoint()

    assert not late.done()
    assert (line._people[-1].due or inf) - asyncio.get_running_loop().time() <= 15
    late.cancel()
    await gathered(late, *gone)


async def test_how_long_it_will_be_is_told_once_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget_line, "PATIENCE", 0.01)
    asked, release, told = asyncio.Event(), asyncio.Event(), list[float]()

    async def hang() -> None:
        asked.set()
        await release.wait()

    later = [0, 0, b"300000", b"300000", b"1000"]
    redis = Scripted([0, 0, b"0", b"0", b"1000"], hang, later, [1, 0, b"0", b"0", b"1000"])
    caller = asyncio.create_task(RedisBudget(redis).take(KEY, PEOPLE, on_wait=told.append))
    await asked.wait()
    until = asyncio.get_running_loop().time() + 0.05
    while asyncio.get_running_loop().time() < until:
        await checkpoint()
    told_early = list(told)

    release.set()
    await caller

    assert told_early == []
    assert 0 < told[0] <= 0.3
