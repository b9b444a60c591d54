"""Installations, organisations and locks in Redis, and that nothing is left of who removed the bot."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.audit import Deed, Entry
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.locks import RedisLocks
from scrm_bot.store.purging import Purge
from scrm_bot.store.rotation import rotate
from scrm_bot.store.vault import Ring, new_key
from tests.contract.backends import InRedis, claim_next
from tests.contract.test_approval_store import request as a_request

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
GOING, STAYING = "T_GOING", "T_GOINGS"  # one name begins with the other
TOKEN = Secret("xoxb-" + "1" * 20)


def installation(team_id: str, **more: Any) -> Installation:
    return Installation(team_id, TOKEN, "UBOT", "BBOT", "UADMIN", installed_at=AT, **more)


def a_purge(backend: InRedis, *, audit_life: int = 0) -> Purge:
    return Purge(backend.database, RedisInstallations(backend.database, backend.ring), audit_life)


async def settle_in(backend: InRedis, team_id: str) -> None:
    """A workspace with something of everything."""
    await RedisInstallations(backend.database, backend.ring).save(installation(team_id))
    await backend.vault(team_id).store(Secret("sk_live_" + "a" * 32), by="UADMIN", at=AT)
    await backend.settings(team_id).change(lambda _: WorkspaceSettings("C1"))
    await backend.memory(team_id).remember_post("UADMIN", "post_1")
    await backend.memory(team_id).keep("modal", {"text": "Hello"})
    await backend.audit(team_id).append(Entry(AT, "UADMIN", Deed.PAUSED))
    later = Job(JobKind.RENDER, "render:a", team_id, backend.now() + timedelta(hours=1))
    await backend.approvals(team_id).add(replace(a_request("a"), team_id=team_id), jobs=[later])
    accepted = Job(JobKind.INTERACTION, "in:1", team_id, backend.now())
    await backend.work.accept(accepted, dedupe="1", lease=30)
    broken = Job(JobKind.ACT, "act:b", team_id, backend.now() - timedelta(hours=1))
    await backend.jobs(team_id).put(broken)
    (claim,) = await claim_next(backend.work)
    await backend.work.bury(claim, reason="it broke")


async def everything(backend: InRedis) -> list[str]:
    """Every key with all it holds, as text."""
    told = []
    for key in sorted({key async for key in backend.database.scan("*")}):
        read = {
            "string": ("GET", key),
            "hash": ("HGETALL", key),
            "zset": ("ZRANGE", key, 0, -1),
            "set": ("SMEMBERS", key),
            "list": ("LRANGE", key, 0, -1),
            "stream": ("XRANGE", key, "-", "+"),
        }
        kind = await backend.database.do("TYPE", key)
        name = kind.decode() if isinstance(kind, bytes) else str(kind)
        told.append(f"{key} {await backend.database.do(*read[name])!r}")
    return told


def of(team_id: str, told: list[str]) -> list[str]:
    """What mentions this team, and not the other whose name is longer."""
    other = STAYING if team_id == GOING else "-"
    return [line for line in told if team_id in line.replace(other, "")]


async def test_nothing_is_left_of_a_workspace_that_removed_the_bot(stored: InRedis) -> None:
    await settle_in(stored, GOING)
    await settle_in(stored, STAYING)
    before = of(STAYING, await everything(stored))

    gone = await a_purge(stored).team(GOING)

    after = await everything(stored)
    assert gone >= 8
    assert of(GOING, after) == []
    assert len(of(STAYING, after)) == len(before)
    assert await a_purge(stored).team(GOING) == 0


async def test_the_log_may_outlive_the_rest_for_a_while(stored: InRedis) -> None:
    await settle_in(stored, GOING)
    purge = a_purge(stored, audit_life=1000)

    await purge.team(GOING)
    await stored.database.do("EXPIRE", keys.audit(GOING), 500)
    await purge.team(GOING)

    left = of(GOING, await everything(stored))
    assert [line.split(" ", 1)[0] for line in left] == [keys.audit(GOING)]
    assert 0 < await stored.database.do("TTL", keys.audit(GOING)) <= 500


async def test_the_job_that_forgets_stays_until_it_is_done(stored: InRedis) -> None:
    await stored.jobs(GOING).put(Job(JobKind.PURGE, "purge", GOING, stored.now() - timedelta(seconds=1)))
    (claim,) = await claim_next(stored.work)

    await a_purge(stored).team(GOING, but="purge")

    assert await stored.work.renew(claim, lease=30)
    assert await stored.work.finish(claim)
    assert await stored.work.claim(limit=1, lease=30) == []


async def test_hundreds_of_records_go_too(stored: InRedis) -> None:
    for number in range(600):
        await stored.memory(GOING).keep(f"modal:{number}", {})

    assert await a_purge(stored).team(GOING) == 600


async def test_what_nobody_can_read_goes_too_and_stops_nobody(stored: InRedis) -> None:
    where, name = keys.work(keys.shard_of(GOING)), f"{GOING}/later:1"
    await stored.database.do("HSET", where[1], name, json.dumps({"kind": "of a newer version"}))
    await stored.database.do("ZADD", where[0], 1, name)
    assert await stored.work.claim(limit=1, lease=30) == []  # it is set aside
    dead = keys.dead(keys.shard_of(GOING))
    odd = {team: {"reason": "x \ud83d", "attempt": 1, "job": {"team_id": team}} for team in (GOING, STAYING)}
    for record in odd.values():
        await stored.database.do("ZADD", dead, 2, json.dumps(record))
    others = ["{", "[]", json.dumps({"reason": f'"team_id": "{GOING}"', "job": {"team_id": STAYING}})]
    for record_of_others in others:
        await stored.database.do("ZADD", dead, 3, record_of_others)

    await a_purge(stored).team(GOING)

    left = [each.decode() for each in await stored.database.do("ZRANGE", dead, 0, -1)]
    assert sorted(left) == sorted([json.dumps(odd[STAYING]), *others])


@pytest.mark.parametrize("name", ["", "T*", "T_[A-Z]", "T?"])
async def test_a_name_with_wildcards_is_no_workspace(stored: InRedis, name: str) -> None:
    with pytest.raises(ValueError, match="no workspace"):
        await a_purge(stored).team(name)


async def test_an_installation_comes_back_whole(stored: InRedis) -> None:
    store = RedisInstallations(stored.database, stored.ring)
    full = installation(
        "T1",
        enterprise_id="E1",
        team_name="Acme",
        scopes=("commands",),
        app_id="A1",
        refresh_token=Secret("xoxe-1-abc"),
        expires_at=AT + timedelta(hours=12),
    )

    await store.save(full)

    assert await store.find("T1") == full
    assert await store.teams() == ["T1"]
    assert "xoxe" not in str(await everything(stored))
    assert TOKEN.reveal() not in str(await everything(stored))


async def test_one_that_was_stored_before_tokens_ended_still_opens(stored: InRedis) -> None:
    store = RedisInstallations(stored.database, stored.ring)
    await store.save(installation("T1"))
    record = json.loads(await stored.database.do("GET", keys.installation("T1")))
    for name in ("app_id", "installed_at", "sealed_refresh", "expires_at"):
        del record[name]
    await stored.database.do("SET", keys.installation("T1"), json.dumps(record))

    found = await store.find("T1")

    assert found
    assert found.bot_token == TOKEN
    assert (found.installed_at, found.refresh_token, found.expires_at) == (None, None, None)


async def test_both_tokens_are_sealed_anew_when_the_keys_turn(stored: InRedis) -> None:
    old, new = new_key(), new_key()
    sealed = installation("T1", refresh_token=Secret("xoxe-1-abc"), expires_at=AT)
    await RedisInstallations(stored.database, Ring([old])).save(sealed)

    turned = await rotate(stored.database, Ring([new, old]))

    assert (turned.anew, turned.unreadable) == (1, ())
    assert await RedisInstallations(stored.database, Ring([new])).find("T1") == sealed
    assert (await rotate(stored.database, Ring([new]))).already == 1


async def test_an_organisations_workspaces_use_its_installation(stored: InRedis) -> None:
    store = RedisInstallations(stored.database, stored.ring)
    await store.belongs("T1", "E1")
    assert await store.members("E1") == []  # the organisation has not installed it
    org = installation("E1", enterprise_id="E1")
    await store.save(org)

    await store.belongs("T1", "E1")
    await store.belongs("T2", "E1")

    assert await store.find("T2") == org
    assert await store.find("T3") is None
    assert await store.members("E1") == ["T1", "T2"]
    assert await store.members("E2") == []
    await store.delete("T2")
    assert await store.find("T2") is None


async def test_a_workspace_with_an_installation_of_its_own_is_no_member(stored: InRedis) -> None:
    store = RedisInstallations(stored.database, stored.ring)
    await store.save(installation("E1", enterprise_id="E1"))
    await store.save(installation("T1", enterprise_id="E1"))

    await store.belongs("T1", "E1")

    assert await store.members("E1") == []
    assert (await store.has_own("T1"), await store.has_own("T2")) == (True, False)


async def test_one_that_installs_the_bot_itself_leaves_its_organisation_s_installation(
    stored: InRedis,
) -> None:
    store = RedisInstallations(stored.database, stored.ring)
    await store.save(installation("E1", enterprise_id="E1"))
    await store.belongs("T1", "E1")

    await store.save(installation("T1", enterprise_id="E1"))
    await a_purge(stored).team("E1")

    assert await stored.database.do("EXISTS", keys.ORGANISATIONS) == 0
    assert await store.has_own("T1")


async def test_a_lock_is_for_one_at_a_time(stored: InRedis) -> None:
    locks = RedisLocks(stored.database)
    async with locks.hold("T1") as first, locks.hold("T1") as second, locks.hold("T2") as other:
        assert (first, second, other) == (True, False, True)
    async with locks.hold("T1") as again:
        assert again


async def test_a_lock_that_ran_out_is_not_taken_from_its_next_holder(stored: InRedis) -> None:
    async with RedisLocks(stored.database).hold("T1"):
        await stored.database.do("SET", keys.lock("T1"), "somebody else")

    assert await stored.database.do("GET", keys.lock("T1")) == b"somebody else"


async def test_a_lock_that_cannot_be_given_back_undoes_nothing_and_ends_by_itself(
    stored: InRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailableError("gone")

    async with RedisLocks(stored.database).hold("T1") as mine:
        assert mine
        monkeypatch.setattr(Database, "run", away)
    assert await stored.database.do("TTL", keys.lock("T1")) > 0
