"""The names of everything in Redis."""

import inspect
import re
from collections.abc import Callable

from scrm_bot.store import keys

PUBLIC = [
    function
    for name, function in inspect.getmembers(keys, callable)
    if not name.startswith("_") and name not in {"crc32", "lru_cache", "shard_of", "work", "patterns"}
]
OF_A_TEAM = [each for each in PUBLIC if "team_id" in inspect.signature(each).parameters]
OF_A_SHARD = [each for each in PUBLIC if "shard" in inspect.signature(each).parameters]


def named(function: Callable[..., object], team_id: str) -> str:
    return str(function(*[team_id, "first", "second"][: len(inspect.signature(function).parameters)]))


def test_every_key_says_its_type_and_its_life() -> None:
    for function in PUBLIC:
        told = (inspect.getdoc(function) or "").replace(".\n\n", "; ")

        assert re.match(r"(String|Hash|Zset|Stream)\b.* [·→] .*; ", told), told


def test_all_keys_of_a_team_are_on_the_slot_of_its_shard() -> None:
    tag = f"scrm:{{s{keys.shard_of('T_ACME'):02d}}}:"
    sharded = [each for each in OF_A_TEAM if each is not keys.installation]

    assert len(sharded) > 8
    assert all(named(function, "T_ACME").startswith(tag) for function in sharded)
    assert all(key.startswith(tag) for key in keys.work(keys.shard_of("T_ACME")))


def test_no_two_keys_share_a_name() -> None:
    of_teams = [named(function, team) for function in OF_A_TEAM for team in ("T_ACME", "T_OTHER")]
    of_shards = [function(shard) for function in OF_A_SHARD for shard in range(keys.SHARDS)]

    assert len({*of_teams, *of_shards}) == len(of_teams) + len(of_shards)


def test_teams_are_spread_over_all_shards() -> None:
    assert {keys.shard_of(f"T{number}") for number in range(2000)} == set(range(keys.SHARDS))
