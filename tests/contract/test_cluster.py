"""What only a cluster of several nodes can show: what lies apart, slots that move, and nodes that go."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import Approval, Step
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Lane
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.purging import Purge
from scrm_bot.store.rotation import rotate
from scrm_bot.store.rounds import RedisRounds
from tests.contract.access import PASSWORD, with_user
from tests.contract.backends import InRedis, claim_next
from tests.contract.conftest import empty
from tests.contract.servers import Cluster, cluster, say, wait_for
from tests.contract.test_approval_store import act, request

pytestmark = pytest.mark.redis

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
TEAM = "T_ACME"
MANY = [f"T{number}" for number in range(40)]  # on every node, whatever their shards


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[InRedis]:
    backend = InRedis(clients(parse(url)))
    try:
        yield backend
    finally:
        await backend.database.close()


@pytest.fixture
async def three(request: pytest.FixtureRequest) -> AsyncIterator[InRedis]:
    """An empty cluster of three."""
    async with opened(empty("cluster", request)) as backend:
        yield backend


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """One to break."""
    with cluster(tmp_path) as made:
        yield made


async def test_teams_lie_on_all_nodes_and_work_of_all_is_found(
    three: InRedis, cluster_of_three: Cluster
) -> None:
    for team in MANY:
        await three.jobs(team).put(Job(JobKind.ACT, "act:1", team, three.now()))

    done: set[str] = set()
    while len(done) < len(MANY):
        for claim in await claim_next(three.work):
            done.add(claim.job.team_id)
            assert await three.work.finish(claim)

    assert done == {*MANY}
    assert (await three.work.depth()).stored == 0
    sizes = [int(say(node.port, "dbsize")) for node in cluster_of_three.nodes]
    assert all(sizes)


async def test_who_waits_is_woken_across_nodes(three: InRedis) -> None:
    waiting = asyncio.create_task(claim_next(three.work))
    await three.jobs(TEAM).put(Job(JobKind.ACT, "act:1", TEAM, three.now()))

    async with asyncio.timeout(5):
        (claim,) = await waiting

    assert claim.job.key == "act:1"


async def test_keys_are_sealed_anew_and_a_workspace_is_forgotten_wherever_it_lies(three: InRedis) -> None:
    installed = RedisInstallations(three.database, three.ring)
    for team in MANY[:12]:
        await installed.save(Installation(team, Secret("xoxb-1"), installed_at=AT))
        await three.vault(team).store(Secret(f"sk_live_{team:a>32}"), by="U1", at=AT)
        await three.approvals(team).add(request())

    turned = await rotate(three.database, three.ring)
    gone = await Purge(three.database, installed, 0).team("T3")

    assert (turned.already, turned.unreadable) == (25, ())
    assert gone >= 3
    assert [key async for key in three.database.scan("*:T3:*")] == []
    assert len(await installed.teams()) == 11
    assert await three.vault("T4").connection() is not None
    assert len(await RedisRounds(three.database).take(seconds=60)) == 11


async def test_each_key_has_its_turns_on_the_node_of_its_fingerprint(three: InRedis) -> None:
    budget = RedisBudget(three.database, limit=40, window=60.0)
    prints = [f"{number:032x}" for number in range(12)]

    await asyncio.gather(*(budget.take(each, Lane.PEOPLE) for each in prints))
    states = [await budget.state(each) for each in prints]

    assert [state.used for state in states] == [1] * 12


async def test_any_node_tells_that_all_answer_and_the_worst_of_them_counts(
    three: InRedis, cluster_of_three: Cluster
) -> None:
    last = cluster_of_three.nodes[-1].port
    assert await three.database.do("PING")
    assert len(await three.database.do("TIME")) == 2
    say(last, "config", "set", "maxmemory-policy", "allkeys-lru")
    try:
        found = await three.database.capabilities()
    finally:
        say(last, "config", "set", "maxmemory-policy", "noeviction")

    assert found.version.startswith(("6", "7", "8"))
    assert (found.eviction, found.append_only, found.missing) == ("allkeys-lru", True, ())


async def test_a_user_of_few_rights_is_enough_with_two_more(cluster_of_three: Cluster) -> None:
    for node in cluster_of_three.nodes:
        with_user(node)
        say(node.port, "acl", "setuser", "scrm", "+cluster|slots", "+command")
    url = cluster_of_three.url.replace("://", f"://scrm:{PASSWORD}@")

    async with opened(url) as backend:
        for team in MANY[:6]:
            await backend.approvals(team).add(request("apr_few"), jobs=[act_of(team)])
            assert await backend.approvals(team).get("apr_few")
        assert await backend.database.do("PING")
        assert (await backend.database.capabilities()).missing == ()
        assert [key async for key in backend.database.scan("*:T3:approval:*")]


async def test_what_is_approved_while_its_slot_moves_is_all_there_afterwards(own_cluster: Cluster) -> None:
    async with opened(own_cluster.url) as backend:
        store = backend.approvals(TEAM)
        for number in range(30):
            await store.add(request(f"apr_{number}", post_id=f"post_{number}"))
        name = keys.open_approvals(TEAM)
        source = own_cluster.owner(name)
        slot = int(say(own_cluster.nodes[0].port, "cluster", "keyslot", name))
        moving = asyncio.create_task(
            asyncio.to_thread(own_cluster.move, slot, source=source, target=(source + 1) % 3)
        )
        confirmed = [await approve(backend, f"apr_{number}") for number in range(30)]
        await moving
        late = [await approve(backend, f"apr_{at}") for at, done in enumerate(confirmed) if not done]

        assert own_cluster.owner(name) != source
        assert all(late)
        assert len(await store.open()) == 30
        done: set[str] = set()
        while len(done) < 30:
            for claim in await claim_next(backend.work):
                done.add(claim.job.key)
                await backend.work.finish(claim)
        assert done == {f"act:apr_{number}" for number in range(30)}


async def test_a_client_that_has_not_heard_of_a_move_is_led_to_the_new_node(own_cluster: Cluster) -> None:
    async with opened(own_cluster.url) as backend:
        added = await backend.approvals(TEAM).add(request())
        name = keys.open_approvals(TEAM)
        source = own_cluster.owner(name)
        slot = int(say(own_cluster.nodes[0].port, "cluster", "keyslot", name))
        await asyncio.to_thread(own_cluster.move, slot, source=source, target=(source + 2) % 3)

        saved = await backend.approvals(TEAM).save(added.moved(Step.APPROVE))  # whose script is unknown there

        assert await backend.approvals(TEAM).open() == [saved]


async def approve(backend: InRedis, approval_id: str) -> bool:
    """Whether it could be written; a slot on its way answers "try again"."""
    store = backend.approvals(TEAM)
    try:
        found = await store.get(approval_id)
        await store.save(found.moved(Step.APPROVE), jobs=[act(backend, key=f"act:{approval_id}")])
    except StoreUnavailableError:
        return False
    return True


async def test_a_node_that_is_killed_and_comes_back_has_lost_nothing(own_cluster: Cluster) -> None:
    async with opened(own_cluster.url) as backend:
        teams = MANY[:12]
        for team in teams:
            await backend.approvals(team).add(request(), jobs=[act_of(team)])
        gone = own_cluster.nodes[own_cluster.owner(keys.open_approvals(teams[0]))]
        gone.stop()
        with pytest.raises(StoreUnavailableError):
            await backend.approvals(teams[0]).get("apr_1")

        gone.start()
        await asyncio.to_thread(wait_for, own_cluster.is_whole, "the cluster to be whole again")

        for team in teams:
            found = await eventually(backend, team)
            assert await backend.approvals(team).save(found.moved(Step.APPROVE))
        assert (await backend.work.depth()).stored == 12


def act_of(team: str) -> Job:
    return Job(JobKind.ACT, "act:apr_1", team, datetime.now(UTC) + timedelta(hours=1))


async def eventually(backend: InRedis, team: str) -> Approval:
    """What is stored, as soon as the client has found the node again."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await backend.approvals(team).get("apr_1")
            except StoreUnavailableError:
                continue


async def test_a_cluster_that_is_gone_is_one_error_for_whatever_is_asked(own_cluster: Cluster) -> None:
    async with opened(own_cluster.url) as backend, opened(own_cluster.url) as newcomer:
        await backend.approvals(TEAM).add(request())
        for node in own_cluster.nodes:
            node.stop()

        for each in (backend, newcomer):
            with pytest.raises(StoreUnavailableError):
                await each.approvals(TEAM).get("apr_1")
            with pytest.raises(StoreUnavailableError):
                await each.database.ask("INFO")
            with pytest.raises(StoreUnavailableError):
                await each.database.pop(keys.WAKE, seconds=0.1)
            with pytest.raises(StoreUnavailableError):
                [key async for key in each.database.scan("scrm:*")]


async def test_a_decision_is_confirmed_by_a_replica_of_its_own_node(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with cluster(tmp_path, replica=True) as made:
        follower = made.nodes[3].process
        assert follower
        async with opened(made.url) as backend:
            here = await on_first_node(backend, made)
            assert (await backend.database.capabilities()).replicas == 1
            assert any([await is_confirmed(backend, here, f"a{number}", caplog) for number in range(9)])

            follower.send_signal(signal.SIGSTOP)
            assert not await is_confirmed(backend, here, "b", caplog)
            follower.send_signal(signal.SIGCONT)


async def is_confirmed(backend: InRedis, team: str, name: str, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the replica had a new request in time; on a busy machine it may have been too late for one."""
    caplog.clear()
    await backend.approvals(team).add(request(f"apr_{name}", post_id=f"post_{name}"))
    return "No replica confirmed" not in caplog.text


async def on_first_node(backend: InRedis, made: Cluster) -> str:
    """A team that lies where the replica's primary is."""
    for team in MANY:
        await backend.memory(team).remember_post("U1", "post_1")
        if made.owner(keys.last_post(team, "U1")) == 0:
            return team
    raise AssertionError("no team lies on the first node")
