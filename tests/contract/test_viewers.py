"""Who looks at Home, on every backend."""

from datetime import timedelta

from scrm_bot.store.viewers import MOST, RedisViewers
from tests.builders import NOW
from tests.contract.backends import InRedis


async def test_the_latest_come_first_and_the_same_person_once(stored: InRedis) -> None:
    viewers = RedisViewers(stored.database, "T_ACME")
    await viewers.note("U_ADA", at=NOW)
    await viewers.note("U_BEN", at=NOW + timedelta(seconds=1))
    await viewers.note("U_ADA", at=NOW + timedelta(seconds=2))

    assert await viewers.since(NOW) == ["U_ADA", "U_BEN"]
    assert await viewers.since(NOW + timedelta(seconds=2)) == ["U_ADA"]


async def test_only_so_many_are_kept(stored: InRedis) -> None:
    viewers = RedisViewers(stored.database, "T_ACME")
    for number in range(MOST + 5):
        await viewers.note(f"U{number}", at=NOW + timedelta(seconds=number))

    found = await viewers.since(NOW)

    assert len(found) == MOST
    assert found[-1] == "U5"


async def test_a_team_sees_its_own_alone(stored: InRedis) -> None:
    await RedisViewers(stored.database, "T_ACME").note("U_ADA", at=NOW)

    assert await RedisViewers(stored.database, "T_OTHER").since(NOW) == []
