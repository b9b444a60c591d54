"""Sealing everything anew under the newest key: resumable, and safe while the bot runs."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from scrm_bot.domain.errors import VaultError
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import BOT_FIELD, REFRESH_FIELD
from scrm_bot.store.scripts import load
from scrm_bot.store.vault import FINGERPRINT_FIELD, KEY_FIELD, Ring

_REPLACE = load("replace")


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many records were sealed anew, were already, changed meanwhile (go again), or do not open."""

    anew: int = 0
    already: int = 0
    changed: int = 0
    unreadable: tuple[str, ...] = ()


Reseal = Callable[[bytes], bytes]
"""The record sealed by the newest key, or the same bytes where it is. Raises `VaultError`."""


async def rotate(database: Database, ring: Ring, *, dry_run: bool = False) -> Rotated:
    """Go over every sealed record once. An old key may leave the ring when nothing is left to seal anew.

    `dry_run` only counts what would be.
    """
    anew = already = changed = 0
    unreadable: list[str] = []
    async for key, reseal in _records(database, ring):
        stored = await database.do("GET", key)
        if stored is None:
            continue
        try:
            fresh = reseal(stored)
        except VaultError:
            unreadable.append(key)
            continue
        if fresh == stored:
            already += 1
        elif dry_run or await database.run(_REPLACE, [key], stored, fresh):
            anew += 1
        else:
            changed += 1
    return Rotated(anew, already, changed, tuple(unreadable))


async def _records(database: Database, ring: Ring) -> AsyncIterator[tuple[str, Reseal]]:
    yield keys.FINGERPRINT_KEY, lambda sealed: _resealed(ring, sealed, field=FINGERPRINT_FIELD)
    for team_id in await _teams(database, keys.CONNECTED):
        yield keys.api_key(team_id), _in_json(ring, team_id, {"sealed": KEY_FIELD})
    for team_id in await _teams(database, keys.INSTALLATIONS):
        yield (
            keys.installation(team_id),
            _in_json(ring, team_id, {"sealed": BOT_FIELD, "sealed_refresh": REFRESH_FIELD}),
        )


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


def _resealed(ring: Ring, sealed: bytes, *, team: str = "", enterprise: str = "", field: str) -> bytes:
    if ring.is_newest(sealed):
        return sealed
    plain = ring.open(sealed, team=team, enterprise=enterprise, field=field)
    return ring.seal(plain, team=team, enterprise=enterprise, field=field)
