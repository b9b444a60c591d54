"""What belongs to one brand of a workspace in Redis is nobody else's, and leaves with the workspace."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from scrm_bot.domain.brands import scope
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.errors import ApprovalNotFoundError, NotConnectedError, VaultError
from scrm_bot.domain.jobs import BRAND, Job, JobKind
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.purging import Purge
from scrm_bot.store.rotation import rotate
from scrm_bot.store.rounds import RedisRounds
from scrm_bot.store.vault import Ring, new_key
from tests.contract.backends import InRedis, claim_next
from tests.contract.test_approval_store import request as a_request

TEAM = "T_ACME"
FIRST, SECOND, THIRD = TEAM, scope(TEAM, "b2"), scope(TEAM, "b3")
KEYS = {name: Secret("sk_live_" + letter * 32) for name, letter in ((FIRST, "a"), (SECOND, "b"))}
AT = datetime(2020, 11, 30, 9, 0, tzinfo=UTC)


async def connected(stored: InRedis) -> None:
    for name, key in KEYS.items():
        await stored.vault(name).store(key, by="U_ADA", at=AT)


async def test_each_brand_has_its_own_key(stored: InRedis) -> None:
    await connected(stored)

    revealed = [(await stored.vault(name).reveal())[0].last4 for name in KEYS]

    assert revealed == ["aaaa", "bbbb"]
    with pytest.raises(NotConnectedError):
        await stored.vault(THIRD).reveal()
    await stored.vault(SECOND).forget()
    assert (await stored.vault(FIRST).reveal())[0].last4 == "aaaa"


@pytest.mark.parametrize(("source", "target"), [(FIRST, SECOND), (SECOND, FIRST), (SECOND, THIRD)])
async def test_a_sealed_key_moved_to_another_brand_does_not_open(
    stored: InRedis, source: str, target: str
) -> None:
    await connected(stored)
    record = await stored.database.do("GET", keys.api_key(source))
    await stored.database.do("SET", keys.api_key(target), record)

    with pytest.raises(VaultError):
        await stored.vault(target).reveal()


async def test_two_brands_with_one_key_share_its_turns(stored: InRedis) -> None:
    for name in (FIRST, SECOND):
        await stored.vault(name).store(KEYS[FIRST], by="U_ADA", at=AT)

    prints = {(await stored.vault(name).reveal())[1] for name in (FIRST, SECOND)}

    assert len(prints) == 1


async def test_every_brands_key_is_sealed_anew(stored: InRedis) -> None:
    await connected(stored)
    newest = new_key()
    both = Ring([newest, *(await _ring_of(stored))])

    turned = await rotate(stored.database, both)
    seen = await rotate(stored.database, Ring([newest]), dry_run=True)

    assert (turned.anew, turned.unreadable) == (3, ())  # with that of fingerprints
    assert (seen.already, seen.unreadable) == (3, ())
    stored.ring = stored.fingerprints._ring = Ring([newest])
    assert [(await stored.vault(name).reveal())[0].last4 for name in KEYS] == ["aaaa", "bbbb"]


async def _ring_of(stored: InRedis) -> list[str]:
    """The fixture's ring is replaced by one whose key is known."""
    known = new_key()
    stored.ring = stored.fingerprints._ring = Ring([known])
    await stored.database.do("DEL", keys.FINGERPRINT_KEY)
    stored.fingerprints._key = b""
    await connected(stored)
    return [known]


async def test_what_one_brand_remembers_another_does_not_know(stored: InRedis) -> None:
    first, second = stored.memory(FIRST), stored.memory(SECOND)
    await first.remember_post("U1", "post_1")
    await first.remember_list("U1", ["post_1"])
    await first.keep("author:post_1", {"user": "U1"})

    found = [await second.last_post("U1"), await second.listed_post("U1", 1)]

    assert [*found, await second.recall("author:post_1")] == [None] * 3
    assert await first.last_post("U1") == "post_1"


async def test_requests_of_one_brand_are_not_there_for_another(stored: InRedis) -> None:
    """Even with the same post's id, and with the same id of the request."""
    first, second = stored.approvals(FIRST), stored.approvals(SECOND)
    request = a_request()
    await first.add(request)

    with pytest.raises(ApprovalNotFoundError):
        await second.get(request.id)
    assert [await second.open(), await second.latest_for(request.post_id)] == [[], None]
    await second.add(request)
    moved = await second.save(await second.get(request.id))
    assert (moved.version, (await first.get(request.id)).version) == (2, 1)


async def test_a_job_says_which_brand_it_is_for_and_ends_as_it_was_put(stored: InRedis) -> None:
    job = Job(JobKind.WATCH, "watch", TEAM, AT)
    for name in (FIRST, SECOND):
        await stored.jobs(name).put(job)

    claims = sorted(await claim_next(stored.work), key=lambda claim: claim.job.key)

    assert [(claim.job.team_id, claim.job.args.get(BRAND)) for claim in claims] == [
        (TEAM, "b2"),
        (TEAM, None),
    ]
    assert await stored.work.finish(claims[0])
    assert [await stored.jobs(name).has("watch") for name in (FIRST, SECOND)] == [True, False]


async def test_a_brand_takes_back_only_its_own_job(stored: InRedis) -> None:
    job = Job(JobKind.WATCH, "watch", TEAM, datetime(2100, 1, 1, tzinfo=UTC))
    for name in (FIRST, SECOND):
        await stored.jobs(name).put(job)

    await stored.jobs(FIRST).cancel("watch")

    assert [await stored.jobs(name).has("watch") for name in (FIRST, SECOND)] == [False, True]


async def test_a_job_that_was_given_up_is_seen_from_every_brand_and_runs_for_its_own(stored: InRedis) -> None:
    await stored.jobs(SECOND).put(Job(JobKind.ACT, "act:apr_1", TEAM, AT, {"approval": "apr_1"}))
    (claim,) = await claim_next(stored.work)
    await stored.work.bury(claim, reason="gone")

    (dead,) = await stored.jobs(FIRST).dead()
    assert await stored.jobs(FIRST).revive(dead, due=AT)

    (again,) = await claim_next(stored.work)
    assert again.job.args == {"approval": "apr_1", BRAND: "b2"}
    assert await stored.jobs(SECOND).has("act:apr_1")


async def test_a_job_cannot_be_put_for_another_team_by_a_brand(stored: InRedis) -> None:
    with pytest.raises(ValueError, match="was put by"):
        await stored.jobs(SECOND).put(Job(JobKind.WATCH, "watch", "T_EVE", AT))


async def test_each_brand_has_its_own_digest_in_a_channel_and_all_are_looked_after(stored: InRedis) -> None:
    await connected(stored)
    await stored.schedules(FIRST).save(DigestSchedule("C1", "09:00", "UTC"))
    await stored.schedules(SECOND).save(DigestSchedule("C1", "10:00", "UTC"))

    times = [[each.at for each in await stored.schedules(name).all()] for name in (FIRST, SECOND, THIRD)]

    assert times == [["09:00"], ["10:00"], []]
    assert await RedisRounds(stored.database).take(seconds=60) == [FIRST, SECOND]


async def test_nothing_of_any_brand_is_left_of_who_removed_the_bot(stored: InRedis) -> None:
    await connected(stored)
    installations = RedisInstallations(stored.database, stored.ring)
    await installations.save(Installation(TEAM, Secret("xoxb-" + "1" * 20)))
    for name in (FIRST, SECOND):
        await stored.approvals(name).add(a_request())
        await stored.memory(name).remember_post("U1", "post_1")
        await stored.jobs(name).put(Job(JobKind.WATCH, "watch", TEAM, AT))
    await stored.vault("T_ELSE").store(KEYS[FIRST], by="U_EVE", at=AT)

    await Purge(stored.database, installations, audit_life=0).team(TEAM)

    left = [key.decode() for key in await stored.database.do("KEYS", "*") if b"T_ACME" in key]
    assert left == []
    assert await stored.database.do("SMEMBERS", keys.CONNECTED) in ({b"T_ELSE"}, [b"T_ELSE"])
    jobs = await stored.database.do("HKEYS", keys.jobs(keys.shard_of(TEAM)))
    assert [*jobs] == []
    assert (await stored.vault("T_ELSE").reveal())[0].last4 == "aaaa"


async def test_many_brands_at_once_stay_apart(stored: InRedis) -> None:
    names = [scope(TEAM, f"b{number}") for number in range(20)]

    async def work(number: int, name: str) -> Any:
        memory = stored.memory(name)
        await memory.remember_post("U1", f"post_{number}")
        return await memory.last_post("U1")

    found = await asyncio.gather(*(work(number, name) for number, name in enumerate(names)))

    assert found == [f"post_{number}" for number in range(20)]
    assert json.dumps(found).count("post_") == 20
