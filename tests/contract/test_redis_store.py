"""What only the stores in Redis promise: lives, sealed secrets, repeated writes, and what cannot be read."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import State, Step
from scrm_bot.domain.audit import Entry, Filter
from scrm_bot.domain.errors import VaultError
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Content
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import KeyVault
from scrm_bot.store import keys
from scrm_bot.store import work as work_module
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.connection import Client, ClientFactory, Database, Word
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.rotation import Rotated, rotate
from scrm_bot.store.scripts import Script
from scrm_bot.store.states import RedisStates
from scrm_bot.store.vault import WORK_FIELD, Fingerprints, RedisKeyVault, Ring, new_key
from scrm_bot.store.work import Depth, RedisWorkQueue
from tests.contract.backends import InRedis, claim_next, embedded
from tests.contract.test_approval_store import request
from tests.fakes.clock import FixedClock

TEAM = "T_ACME"
SHARD = keys.shard_of(TEAM)
KEY = Secret("sk_live_" + "a" * 28 + "9f3c")
AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def job(key: str = "act:apr_1", *, due: datetime | None = None, **args: str) -> Job:
    return Job(JobKind.ACT, key, TEAM, due or datetime.now(UTC), args)


async def counts(stored: InRedis) -> Depth:
    """How much work there is, without for how long it has been due: that is as long as the test takes."""
    return replace(await stored.work.depth(), late=0.0)


async def life(stored: InRedis, key: str) -> int:
    return int(await stored.database.do("TTL", key))


async def everything(stored: InRedis) -> bytes:
    """All that Redis holds, as one string."""
    found = []
    for key in await stored.database.do("KEYS", "*"):
        kind = await stored.database.do("TYPE", key)
        read: dict[bytes, tuple[str | int, ...]] = {
            b"string": ("GET",),
            b"hash": ("HGETALL",),
            b"set": ("SMEMBERS",),
            b"zset": ("ZRANGE", 0, -1),
            b"list": ("LRANGE", 0, -1),
        }
        command, *rest = read[kind]
        found.append(repr(await stored.database.do(command, key, *rest)).encode())
    return b"\n".join(found)


async def test_a_key_is_in_redis_only_sealed(stored: InRedis) -> None:
    await stored.vault(TEAM).store(KEY, by="U_ADA", at=AT)

    held = await everything(stored)

    assert KEY.reveal().encode() not in held
    assert b"9f3c" in held


async def test_a_sealed_key_moved_to_another_team_does_not_open(stored: InRedis) -> None:
    await stored.vault(TEAM).store(KEY, by="U_ADA", at=AT)
    record = await stored.database.do("GET", keys.api_key(TEAM))
    await stored.database.do("SET", keys.api_key("T_EVE"), record)

    with pytest.raises(VaultError):
        await stored.vault("T_EVE").reveal()


async def test_fingerprints_stay_when_the_ring_turns(stored: InRedis) -> None:
    old, new = new_key(), new_key()
    prints = [
        await Fingerprints(stored.database, Ring(ring)).of(KEY) for ring in ([old], [new, old], [old, new])
    ]

    assert len(set(prints)) == 1


async def test_under_keys_that_open_nothing_fingerprints_begin_anew_and_it_is_told(
    stored: InRedis, caplog: pytest.LogCaptureFixture
) -> None:
    before = await Fingerprints(stored.database, Ring([new_key()])).of(KEY)
    unrelated = Ring([new_key()])

    after = [await Fingerprints(stored.database, unrelated).of(KEY) for _ in range(2)]

    assert after[0] == after[1] != before
    assert "not those the stored API keys were sealed with" in caplog.text


async def test_a_process_that_lacks_the_newest_key_changes_no_fingerprint(stored: InRedis) -> None:
    old, new = new_key(), new_key()
    behind, ahead = Ring([old]), Ring([new, old])
    kept = RedisInstallations(stored.database, behind)
    await kept.save(INSTALLED)
    await stored.database.do("SADD", keys.CONNECTED, "T_LEFT")  # an index may be ahead of its record
    before = await Fingerprints(stored.database, ahead).of(KEY)

    with pytest.raises(VaultError, match="no encryption key has the id"):
        await Fingerprints(stored.database, behind).of(KEY)

    assert await Fingerprints(stored.database, ahead).of(KEY) == before


async def test_a_vault_opens_what_an_older_ring_sealed(stored: InRedis) -> None:
    old, new = Ring([first := new_key()]), Ring([new_key(), first])
    await RedisKeyVault(stored.database, old, Fingerprints(stored.database, old), TEAM).store(
        KEY, by="U_ADA", at=AT
    )

    key, _ = await RedisKeyVault(stored.database, new, Fingerprints(stored.database, new), TEAM).reveal()

    assert key.reveal() == KEY.reveal()


INSTALLED = Installation(
    TEAM,
    Secret("xoxb-" + "1" * 20),
    bot_user_id="U_BOT",
    bot_id="B1",
    installer="U_ADA",
    enterprise_id="E1",
    team_name="Acme",
    scopes=("commands", "chat:write"),
)


async def test_an_installation_is_kept_with_its_token_sealed(stored: InRedis) -> None:
    installations = RedisInstallations(stored.database, stored.ring)
    await installations.save(INSTALLED)

    found = await installations.find(TEAM)

    assert found == INSTALLED
    assert found.bot_token.reveal() == INSTALLED.bot_token.reveal()
    assert INSTALLED.bot_token.reveal().encode() not in await everything(stored)
    assert await installations.teams() == [TEAM]


async def test_an_installation_moved_to_another_team_does_not_open(stored: InRedis) -> None:
    installations = RedisInstallations(stored.database, stored.ring)
    await installations.save(INSTALLED)
    record = await stored.database.do("GET", keys.installation(TEAM))
    await stored.database.do("SET", keys.installation("T_EVE"), record)

    with pytest.raises(VaultError):
        await installations.find("T_EVE")


async def test_nothing_of_a_removed_installation_is_left(stored: InRedis) -> None:
    installations = RedisInstallations(stored.database, stored.ring)
    await installations.save(INSTALLED)

    await installations.delete(TEAM)

    assert await installations.find(TEAM) is None
    assert await stored.database.do("KEYS", "*") == []


async def test_rotation_seals_everything_anew_so_that_the_old_key_can_go(stored: InRedis) -> None:
    old, new = new_key(), new_key()
    before, both, after = Ring([old]), Ring([new, old]), Ring([new])
    told = await RedisKeyVault(stored.database, before, Fingerprints(stored.database, before), TEAM).store(
        KEY, by="U_ADA", at=AT
    )
    await RedisInstallations(stored.database, before).save(INSTALLED)

    first = await rotate(stored.database, both)
    second = await rotate(stored.database, both)
    vault = RedisKeyVault(stored.database, after, Fingerprints(stored.database, after), TEAM)

    assert (first, second) == (Rotated(anew=3), Rotated(already=3))
    assert ((await vault.reveal())[0].reveal(), await vault.connection()) == (KEY.reveal(), told)
    assert await Fingerprints(stored.database, after).of(KEY) == told.fingerprint
    assert await RedisInstallations(stored.database, after).find(TEAM) == INSTALLED


def an_interaction(ring: Ring, key: str) -> Job:
    sealed = b64encode(ring.seal(b"what was done", team=TEAM, field=WORK_FIELD)).decode()
    return Job(JobKind.INTERACTION, f"in:{key}", TEAM, AT, {"sealed": sealed})


def opened(ring: Ring, job: Job) -> bytes:
    return ring.open(b64decode(job.args["sealed"]), team=TEAM, field=WORK_FIELD)


async def test_what_somebody_has_just_approved_does_not_wait_for_a_thousand_digests(
    stored: InRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "_FRESH", 0.0)
    now = stored.now()
    for number in range(200):
        team = f"T{number}"
        digests = (
            replace(job(f"digest:{n}"), due=now - timedelta(minutes=5), team_id=team) for n in range(5)
        )
        await stored.jobs(team).put(*digests)
    await stored.jobs(TEAM).put(*(job(f"digest:{n}", due=now - timedelta(minutes=4)) for n in range(5)))
    await stored.jobs(TEAM).put(job("act:approved", due=now))

    rounds = [[claim.job.key for claim in await claim_next(stored.work, limit=8)] for _ in range(3)]

    assert "act:approved" in rounds[1]
    assert all(len(each) == 8 for each in rounds)
    assert sum(key.startswith("digest:") for each in rounds for key in each) == 23


async def test_who_takes_one_at_a_time_takes_the_most_overdue_as_well(
    stored: InRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "_FRESH", 60.0)
    now = stored.now()
    await stored.jobs(TEAM).put(*(job(f"job:{n}", due=now - timedelta(minutes=9 - n)) for n in range(9)))

    taken = [(await claim_next(stored.work, limit=1))[0].job.key for _ in range(3)]

    assert taken == ["job:0", "job:1", "job:2"]


async def test_work_that_waits_and_work_that_was_given_up_is_sealed_anew_too(stored: InRedis) -> None:
    old, new = new_key(), new_key()
    before, both, after = Ring([old]), Ring([new, old]), Ring([new])
    given_up = await stored.work.accept(an_interaction(before, "1"), dedupe="1", lease=60)
    assert given_up
    await stored.work.bury(given_up, reason="it broke")
    await stored.work.accept(an_interaction(before, "2"), dedupe="2", lease=0.001)
    await stored.jobs(TEAM).put(job("act:plain"))  # holds no secret
    for unread in (b"{", b"[]"):
        await stored.database.do("HSET", keys.jobs(SHARD), f"{TEAM}/{unread.decode()}", unread)
    await stored.database.do("ZADD", keys.dead(SHARD), 1, '{"reason": "unreadable", "body": "{"}')

    seen = await rotate(stored.database, both, dry_run=True)
    done = await rotate(stored.database, both)
    again = await rotate(stored.database, both)

    assert (seen, done, again) == (Rotated(anew=2), Rotated(anew=2), Rotated(already=2))
    (dead,) = await stored.jobs(TEAM).dead()
    assert opened(after, dead.job) == b"what was done"
    waiting = json.loads(await stored.database.do("HGET", keys.jobs(SHARD), f"{TEAM}/in:2"))
    assert opened(after, an_interaction(after, "2")) == b"what was done"
    assert after.is_newest(b64decode(waiting["args"]["sealed"]))
    assert await stored.jobs(TEAM).revive(dead, due=AT)


async def test_work_under_a_lost_key_is_named(stored: InRedis) -> None:
    await stored.work.accept(an_interaction(Ring([new_key()]), "1"), dedupe="1", lease=60)

    found = await rotate(stored.database, Ring([new_key()]))

    assert found == Rotated(unreadable=(f"{keys.jobs(SHARD)} {TEAM}/in:1",))


async def test_work_that_ends_while_it_is_sealed_anew_stays_ended() -> None:
    factory, old, new = embedded(), new_key(), new_key()
    stored = InRedis(factory)
    accepted = await stored.work.accept(an_interaction(Ring([old]), "1"), dedupe="1", lease=60)
    assert accepted
    claim = accepted

    class Ending(Database):
        async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
            await stored.work.finish(claim)
            return await super().run(script, keys, *args)

    racing = Ending(factory)
    try:
        turned = await rotate(racing, Ring([new, old]))
    finally:
        await racing.close()

    assert turned == Rotated(anew=1)
    assert await stored.database.do("EXISTS", keys.jobs(SHARD)) == 0
    await stored.database.close()


async def test_rotation_leaves_and_names_what_it_cannot_open(stored: InRedis) -> None:
    await RedisInstallations(stored.database, stored.ring).save(INSTALLED)
    await stored.vault("T_GONE").store(KEY, by="U_ADA", at=AT)
    await stored.vault("T_GONE").forget()

    found = await rotate(stored.database, Ring([new_key()]))

    assert found == Rotated(unreadable=(keys.FINGERPRINT_KEY, keys.installation(TEAM)))
    assert await RedisInstallations(stored.database, stored.ring).find(TEAM) == INSTALLED


class Racing(Database):
    """Somebody connects another key between the reading of a record and its replacement."""

    vault: KeyVault

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        if script.name == "replace":
            await self.vault.store(Secret("sk_live_" + "b" * 32), by="U_BEN", at=AT)
        return await super().run(script, keys, *args)


async def test_a_key_connected_during_rotation_wins() -> None:
    old = new_key()
    racing = Racing(embedded())
    ring = Ring([old])
    racing.vault = RedisKeyVault(racing, ring, Fingerprints(racing, ring), TEAM)
    await racing.vault.store(KEY, by="U_ADA", at=AT)
    await racing.do("DEL", keys.FINGERPRINT_KEY)

    found = await rotate(racing, Ring([new_key(), old]))

    assert found == Rotated(changed=1)
    assert (await racing.vault.reveal())[0].last4 == "bbbb"
    await racing.close()


async def test_an_open_request_lives_for_ever_and_a_closed_one_for_90_days(stored: InRedis) -> None:
    store = stored.approvals(TEAM)
    added = await store.add(request())
    open_life = await life(stored, keys.approval(TEAM, "apr_1"))

    await store.save(added.moved(Step.REJECT))

    assert open_life == -1
    for key in (keys.approval(TEAM, "apr_1"), keys.post_approval(TEAM, "post_1")):
        assert 89 * keys.DAY < await life(stored, key) <= 90 * keys.DAY


async def test_a_scheduled_request_outlives_the_time_it_is_scheduled_for(stored: InRedis) -> None:
    store = stored.approvals(TEAM)
    in_a_year = datetime.now(UTC) + timedelta(days=365)
    added = await store.add(replace(request(), content=Content("Later", at=in_a_year)))

    await store.save(replace(added, state=State.SCHEDULED))

    assert await life(stored, keys.approval(TEAM, "apr_1")) > 454 * keys.DAY


async def test_closing_an_older_request_does_not_forget_the_latest(stored: InRedis) -> None:
    store = stored.approvals(TEAM)
    old = await store.add(request("apr_old"))
    new = await store.add(request("apr_new"), after="apr_old")

    await store.save(old.moved(Step.WITHDRAW))
    await store.save(new)

    assert await life(stored, keys.post_approval(TEAM, "post_1")) == -1


async def test_a_request_that_opens_again_lives_on(stored: InRedis) -> None:
    store = stored.approvals(TEAM)
    closed = await store.save((await store.add(request())).moved(Step.REJECT))

    opened = await store.save(replace(closed, state=State.PENDING))

    assert await life(stored, keys.approval(TEAM, "apr_1")) == -1
    assert await store.open() == [opened]


async def test_the_list_of_open_requests_drops_those_that_redis_lost(stored: InRedis) -> None:
    store = stored.approvals(TEAM)
    kept = await store.add(request("apr_kept", post_id="post_2"))
    await store.add(request("apr_lost"))
    await stored.database.do("DEL", keys.approval(TEAM, "apr_lost"))

    assert await store.open() == [kept]
    assert await stored.database.do("ZCARD", keys.open_approvals(TEAM)) == 1
    assert await store.latest_for("post_1") is None
    assert (await store.add(request("apr_next"))).id == "apr_next", "what is lost is in nobody's way"


async def test_a_request_nobody_can_read_does_not_hide_the_others(
    stored: InRedis, caplog: pytest.LogCaptureFixture
) -> None:
    store = stored.approvals(TEAM)
    kept = await store.add(request("apr_kept", post_id="post_2"))
    await store.add(request("apr_odd"))
    await stored.database.do("HSET", keys.approval(TEAM, "apr_odd"), "body", b'{"id": 1}')

    assert await store.open() == [kept]
    assert "cannot be read" in caplog.text


async def test_what_is_remembered_has_a_life(stored: InRedis) -> None:
    memory = stored.memory(TEAM)
    await memory.remember_post("U_ADA", "post_1")
    await memory.remember_list("U_ADA", ["post_1"])
    await memory.keep("modal:1", {}, seconds=60)
    await stored.schedules(TEAM).step("C1", "2026-11-30", Run(), Run(RunState.POSTING))
    numbers = stored.numbers(TEAM)
    await numbers.add(date(2026, 11, 30), Snapshot(datetime.now(UTC)))
    await numbers.share(Facts(datetime.now(UTC)), seconds=60)
    await numbers.begin()

    for key in await stored.database.do("KEYS", "*"):
        assert await life(stored, key.decode()) > 0, key


async def test_a_job_that_ended_leaves_nothing_that_stays(stored: InRedis) -> None:
    claim = await stored.work.accept(job(), dedupe="Ev1", lease=60)
    assert claim
    await stored.work.finish(claim)
    await stored.jobs(TEAM).put(job("one"))
    (claim,) = await claim_next(stored.work)
    await stored.jobs(TEAM).put(job("one"))
    await stored.work.finish(claim)
    await stored.jobs(TEAM).cancel("one")

    for key in await stored.database.do("KEYS", "*"):
        assert await life(stored, key.decode()) > 0, key


async def test_the_dead_list_keeps_the_reason_and_the_body(stored: InRedis) -> None:
    await stored.jobs(TEAM).put(job(approval="apr_1"))
    (claim,) = await claim_next(stored.work)

    await stored.work.bury(claim, reason="no hope")
    (kept,) = await stored.database.do("ZRANGE", keys.dead(SHARD), 0, -1)

    found = json.loads(kept)
    assert (found["reason"], found["attempt"], found["job"]["args"]) == ("no hope", 1, {"approval": "apr_1"})
    assert 0 < await life(stored, keys.dead(SHARD)) <= keys.DEAD_LIFE
    assert await counts(stored) == Depth(stored=0, due=0, dead=1)


async def test_the_depth_tells_stored_due_and_dead_apart(stored: InRedis) -> None:
    now = datetime.now(UTC)
    await stored.jobs(TEAM).put(
        job("now", due=now - timedelta(seconds=1)), job("later", due=now + timedelta(hours=1))
    )

    assert await counts(stored) == Depth(stored=2, due=1, dead=0)


async def test_a_job_nobody_can_read_goes_to_the_dead_list_and_stops_no_other(
    stored: InRedis, caplog: pytest.LogCaptureFixture
) -> None:
    await stored.jobs(TEAM).put(job("good"), job("odd"))
    await stored.database.do("HSET", keys.jobs(SHARD), f"{TEAM}/odd", b'{"kind": "of tomorrow"}')

    claims = await claim_next(stored.work)

    assert [claim.job.key for claim in claims] == ["good"]
    assert "cannot be read" in caplog.text
    assert (await stored.work.depth()).dead == 1


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("odd", {"key": "odd"}),
        ("globex/act:apr_1", {"key": "act:apr_1", "brand": "globex"}),
        ("in:a/b", {"key": "in:a/b"}),
    ],
)
async def test_of_a_job_nobody_can_read_another_one_tells(
    stored: InRedis, name: str, about: dict[str, str]
) -> None:
    await stored.jobs(TEAM).put(job(name))
    await stored.database.do("HSET", keys.jobs(SHARD), f"{TEAM}/{name}", b"{")

    assert await stored.work.claim(limit=10, lease=60) == []
    (told,) = await claim_next(stored.work)
    assert (told.job.kind, told.job.key, told.job.args) == (JobKind.GIVEN_UP, f"given_up:{name}", about)


async def test_what_cannot_be_read_of_telling_is_told_to_nobody(stored: InRedis) -> None:
    await stored.jobs(TEAM).put(job("given_up:odd"))
    await stored.database.do("HSET", keys.jobs(SHARD), f"{TEAM}/given_up:odd", b"{")

    assert await stored.work.claim(limit=10, lease=60) == []
    assert await stored.work.depth() == Depth(stored=0, due=0, dead=1)


async def test_a_due_entry_without_a_job_is_dropped(stored: InRedis) -> None:
    await stored.database.do("ZADD", keys.due(SHARD), 1, f"{TEAM}/ghost")

    assert await stored.work.claim(limit=10, lease=60) == []
    assert await stored.database.do("EXISTS", keys.due(SHARD)) == 0


async def test_a_word_for_an_installation_is_good_once(stored: InRedis) -> None:
    clock = FixedClock()
    states = RedisStates(stored.database, Secret("shh"), clock)
    word, late = states.issue(seconds=60), states.issue(seconds=30)
    assert await stored.database.do("DBSIZE") == 0  # whoever only asks costs nothing

    assert await states.consume(word)
    assert not await states.consume(word)
    assert 0 < await stored.database.do("TTL", keys.oauth_state(word.partition(".")[0])) <= 60
    clock.advance(30)
    assert not await states.consume(late)


async def test_a_word_that_the_bot_did_not_give_is_refused(stored: InRedis) -> None:
    states = RedisStates(stored.database, Secret("shh"), FixedClock())
    word = states.issue(seconds=60)
    name, until, signature = word.split(".")
    other = RedisStates(stored.database, Secret("another"), FixedClock()).issue(seconds=60)

    for guess in (
        "",
        "guessed",
        "a.b.c",
        f"{name}.{int(until) + 1}.{signature}",
        f"{word}x",
        other,
        "\udcff.1.\udcff",
    ):
        assert not await states.consume(guess)
    assert await stored.database.do("DBSIZE") == 0


async def test_one_teams_flood_does_not_keep_the_others_waiting(stored: InRedis) -> None:
    now = datetime.now(UTC)
    await stored.jobs(TEAM).put(*(job(f"flood{n}", due=now - timedelta(hours=1)) for n in range(500)))
    await stored.jobs("T_SMALL").put(Job(JobKind.ACT, "one", "T_SMALL", now))

    claims = await claim_next(stored.work, limit=16)

    assert keys.shard_of("T_SMALL") != SHARD
    assert "T_SMALL" in {claim.job.team_id for claim in claims}


async def test_a_queue_that_was_woken_looks_only_where_work_was_put(stored: InRedis) -> None:
    assert await stored.work.claim(limit=10, lease=60) == []
    await stored.jobs(TEAM).put(job())
    await stored.database.do("ZADD", keys.due((SHARD + 1) % keys.SHARDS), 1, "T/other")
    await stored.work.wait(2.0)

    claims = await stored.work.claim(limit=10, lease=60)

    assert [claim.job.key for claim in claims] == ["act:apr_1"]
    assert await stored.database.do("ZCARD", keys.due((SHARD + 1) % keys.SHARDS)) == 1


class Twice:
    """A client whose writes all arrive twice: the first answer is lost, and the client repeats itself."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def execute_command(self, *args: Any) -> Any:
        await self.client.execute_command(*args)
        return await self.client.execute_command(*args)

    def pipeline(self, transaction: Any = None) -> "TwicePipeline":
        return TwicePipeline(self.client)

    def scan_iter(self, match: Any = None, count: Any = None) -> AsyncIterator[Any]:
        return self.client.scan_iter(match=match, count=count)

    async def aclose(self) -> None:
        await self.client.aclose()


class TwicePipeline:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.commands: list[tuple[Any, ...]] = []

    def execute_command(self, *args: Any) -> None:
        self.commands.append(args)

    async def execute(self, *, raise_on_error: bool) -> list[Any]:
        for _ in range(2):
            pipeline = self.client.pipeline(transaction=False)
            for command in self.commands:
                pipeline.execute_command(*command)
            replies: list[Any] = await pipeline.execute(raise_on_error=raise_on_error)
        return replies


def repeating(factory: ClientFactory) -> ClientFactory:
    def make(*, blocking: bool) -> Client:
        client = factory(blocking=blocking)
        return client if blocking else Twice(client)

    return make


@pytest.fixture
async def repeated() -> InRedis:
    return InRedis(repeating(embedded()))


async def test_an_accepted_delivery_whose_answer_was_lost_is_still_ours(repeated: InRedis) -> None:
    claim = await repeated.work.accept(job(), dedupe="Ev1", lease=60)

    assert claim
    assert await repeated.work.accept(job(), dedupe="Ev1", lease=60) is None
    assert await repeated.work.renew(claim, lease=60)
    assert await repeated.work.finish(claim)


async def test_a_saved_version_whose_answer_was_lost_is_no_conflict(repeated: InRedis) -> None:
    store: RedisApprovalStore = RedisApprovalStore(repeated.database, TEAM)
    added = await store.add(request(), jobs=[job("one")])

    saved = await store.save(added.moved(Step.APPROVE), jobs=[job("two")])

    assert (added.version, saved.version) == (1, 2)
    assert await store.get("apr_1") == saved


async def test_a_day_whose_answer_was_lost_is_still_ours(repeated: InRedis) -> None:
    schedules = repeated.schedules(TEAM)

    assert await schedules.step("C1", "2026-11-30", Run(), Run(RunState.POSTING, holder="a"))
    assert not await schedules.step("C1", "2026-11-30", Run(), Run(RunState.POSTING, holder="b"))


async def test_jobs_put_postponed_and_given_up_twice_are_so_once(repeated: InRedis) -> None:
    claim = await repeated.work.accept(job(), dedupe="Ev1", lease=60)
    assert claim
    await repeated.jobs(TEAM).put(job("one", due=datetime.now(UTC) - timedelta(seconds=1)))

    assert await repeated.work.postpone(claim, due=datetime.now(UTC) + timedelta(hours=1), failed=True)
    assert await counts(repeated) == Depth(stored=2, due=1, dead=0)


async def test_a_job_given_up_twice_is_on_the_dead_list_once(repeated: InRedis) -> None:
    claim = await repeated.work.accept(job(), dedupe="Ev1", lease=60)
    assert claim

    assert await repeated.work.bury(claim, reason="no hope")
    assert await counts(repeated) == Depth(stored=0, due=0, dead=1)


async def test_claims_whose_answer_was_lost_come_again_after_their_lease(repeated: InRedis) -> None:
    await repeated.jobs(TEAM).put(job())

    assert await repeated.work.claim(limit=10, lease=0.05) == []
    sure = RedisWorkQueue(repeated.database)
    await sure.wait(0.1)

    assert (await sure.depth()).stored == 1


async def test_a_line_of_the_log_whose_answer_was_lost_is_there_once(repeated: InRedis) -> None:
    await repeated.audit(TEAM).append(Entry(AT, "U_ADA", "edited"))
    added = await repeated.approvals(TEAM).add(request(), audit=[Entry(AT, "U_ADA", "asked")])
    await repeated.approvals(TEAM).save(added.moved(Step.HOLD), audit=[Entry(AT, "U_BEN", "held")])

    log = await repeated.audit(TEAM).read(Filter(), most=10)
    assert [entry.what for entry in log] == ["held", "asked", "edited"]


async def test_a_job_put_back_whose_answer_was_lost_is_put_back_once(repeated: InRedis) -> None:
    claim = await repeated.work.accept(job(), dedupe="Ev1", lease=60)
    assert claim
    await repeated.work.bury(claim, reason="no hope")
    (dead,) = await repeated.jobs(TEAM).dead()

    assert await repeated.jobs(TEAM).revive(dead, due=datetime.now(UTC))
    assert await counts(repeated) == Depth(stored=1, due=1, dead=0)
