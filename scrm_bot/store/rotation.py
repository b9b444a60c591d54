"""Sealing everything anew under the newest key: resumable, and safe while the bot runs."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from scrm_bot.domain.errors import VaultError
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import BOT_FIELD, REFRESH_FIELD
from scrm_bot.store.scripts import load
from scrm_bot.store.vault import FINGERPRINT_FIELD, KEY_FIELD, WORK_FIELD, Ring

_REPLACE = load("replace")
_WAITING = load("work_reseal")
_GIVEN_UP = load("dead_reseal")


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many records were sealed anew, were already, changed meanwhile (go again), or do not open."""

    anew: int = 0
    already: int = 0
    changed: int = 0
    unreadable: tuple[str, ...] = ()


Reseal = Callable[[bytes], bytes]
"""The record sealed by the newest key, or the same bytes where it is. Raises `VaultError`."""


@dataclass(frozen=True, slots=True)
class _Record:
    """Something sealed, where it is. `replace` is False where it was changed since it was read."""

    name: str
    stored: bytes
    reseal: Reseal
    replace: Callable[[bytes], Awaitable[Any]]


async def rotate(database: Database, ring: Ring, *, dry_run: bool = False) -> Rotated:
    """Go over every sealed record once. An old key may leave the ring when nothing is left to seal anew.

    `dry_run` only counts what would be.
    """
    anew = already = changed = 0
    unreadable: list[str] = []
    async for record in _everything(database, ring):
        try:
            fresh = record.reseal(record.stored)
        except VaultError:
            unreadable.append(record.name)
            continue
        if fresh == record.stored:
            already += 1
        elif dry_run or await record.replace(fresh):
            anew += 1
        else:
            changed += 1
    return Rotated(anew, already, changed, tuple(unreadable))


async def _everything(database: Database, ring: Ring) -> AsyncIterator[_Record]:
    async for key, reseal in _values(database, ring):
        stored = await database.do("GET", key)
        if stored is not None:
            yield _Record(key, stored, reseal, partial(database.run, _REPLACE, [key], stored))
    for shard in range(keys.SHARDS):
        async for record in _work(database, ring, shard):
            yield record


async def _values(database: Database, ring: Ring) -> AsyncIterator[tuple[str, Reseal]]:
    yield keys.FINGERPRINT_KEY, lambda sealed: _resealed(ring, sealed, field=FINGERPRINT_FIELD)
    for team_id in await _teams(database, keys.CONNECTED):
        yield keys.api_key(team_id), _in_json(ring, team_id, {"sealed": KEY_FIELD})
    for team_id in await _teams(database, keys.INSTALLATIONS):
        yield (
            keys.installation(team_id),
            _in_json(ring, team_id, {"sealed": BOT_FIELD, "sealed_refresh": REFRESH_FIELD}),
        )


async def _work(database: Database, ring: Ring, shard: int) -> AsyncIterator[_Record]:
    """What somebody did and is not done yet, and what was given up and may be tried again for 90 days."""
    waiting, dead = keys.jobs(shard), keys.dead(shard)
    for name in await database.do("HKEYS", waiting):
        stored = await database.do("HGET", waiting, name)
        if stored is not None and _sealed_in(_read(stored)):
            replace = partial(database.run, _WAITING, [waiting], name, stored)
            yield _Record(f"{waiting} {name.decode()}", stored, partial(_job_resealed, ring), replace)
    for stored in await database.do("ZRANGE", dead, 0, -1):
        job = _read(stored).get("job") or {}
        if _sealed_in(job):
            name = f"{dead} {job['team_id']}/{job['key']}"
            replace = partial(database.run, _GIVEN_UP, [dead], stored)
            yield _Record(name, stored, partial(_buried_resealed, ring), replace)


async def _teams(database: Database, index: str) -> list[str]:
    return sorted(team.decode() for team in await database.do("SMEMBERS", index))


def _in_json(ring: Ring, team: str, fields: Mapping[str, str]) -> Reseal:
    """`fields`: where in the record something is sealed, and for which field it was."""

    def reseal(stored: bytes) -> bytes:
        record = json.loads(stored)
        where = {"team": team, "enterprise": record.get("enterprise_id", "")}
        fresh = {
            name: b64encode(_resealed(ring, b64decode(record[name]), field=field, **where)).decode()
            for name, field in fields.items()
            if record.get(name)
        }
        changed = record | fresh
        return stored if changed == record else json.dumps(changed).encode()

    return reseal


def _read(stored: bytes) -> Mapping[str, Any]:
    """Empty for one that nobody can read: the worker sets it aside."""
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _sealed_in(job: Mapping[str, Any]) -> str:
    """What a job was given sealed, "" for the jobs that need no secret."""
    return str((job.get("args") or {}).get("sealed") or "")


def _job_resealed(ring: Ring, stored: bytes) -> bytes:
    job = json.loads(stored)
    fresh = _anew(ring, job)
    return stored if fresh == job else json.dumps(fresh).encode()


def _buried_resealed(ring: Ring, stored: bytes) -> bytes:
    kept = json.loads(stored)
    fresh = kept | {"job": _anew(ring, kept["job"])}
    return stored if fresh == kept else json.dumps(fresh).encode()


def _anew(ring: Ring, job: Mapping[str, Any]) -> dict[str, Any]:
    sealed = _resealed(ring, b64decode(_sealed_in(job)), team=job["team_id"], field=WORK_FIELD)
    return {**job, "args": {**job["args"], "sealed": b64encode(sealed).decode()}}


def _resealed(ring: Ring, sealed: bytes, *, team: str = "", enterprise: str = "", field: str) -> bytes:
    if ring.is_newest(sealed):
        return sealed
    plain = ring.open(sealed, team=team, enterprise=enterprise, field=field)
    return ring.seal(plain, team=team, enterprise=enterprise, field=field)
