"""What one workspace's numbers were: a document for each day, and what all digests of some minutes share."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.snapshots import PostReading, Snapshot, bounded
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Database, Word
from scrm_bot.store.records import microseconds, moment, read, written

log = logging.getLogger(__name__)

MOST_BYTES = 16_384  # of one day's document; 400 of a workspace that fills them are 6.5 MB
READING_SECONDS = 60  # for which one digest reads for all others of its workspace
_ADD = scripts.load("snapshot_add")
_AGAIN = "+"  # after a date: its second reading; sorts behind its first


@dataclass(frozen=True, slots=True)
class RedisNumbers:
    """`ports.Numbers` of one workspace."""

    database: Database
    team_id: str

    async def add(self, day: date, snapshot: Snapshot, *, again: bool = False) -> bool:
        oldest = (day - timedelta(days=keys.SNAPSHOT_MOST - 1)).isoformat()
        name = f"{day.isoformat()}{_AGAIN if again else ''}"
        what: list[Word] = [name, encoded(snapshot), oldest]
        what += [2 * keys.SNAPSHOT_MOST, keys.SNAPSHOT_LIFE]
        return bool(await self.database.commit(Call(_ADD, [keys.snapshots(self.team_id)], what)))

    async def read(self, days: Sequence[date]) -> Mapping[date, Sequence[Snapshot]]:
        names = [f"{day.isoformat()}{which}" for day in days for which in ("", _AGAIN)]
        bodies = await self.database.do("HMGET", keys.snapshots(self.team_id), *names)
        pairs = zip(days, bodies[::2], bodies[1::2], strict=True)
        kept = {day: [found for body in pair if body and (found := _legible(body))] for day, *pair in pairs}
        return {day: found for day, found in kept.items() if found}

    async def facts(self) -> Facts | None:
        body = await self.database.do("GET", keys.facts(self.team_id))
        if body is None:
            return None
        try:
            return read(Facts, body)
        except ValidationError:
            return None  # another version of the bot has left it

    async def share(self, facts: Facts, *, seconds: int) -> None:
        await self.database.do("SET", keys.facts(self.team_id), written(facts), "EX", seconds)

    async def begin(self) -> bool:
        taken = ("SET", keys.reading(self.team_id), 1, "NX", "EX", READING_SECONDS)
        return bool(await self.database.do(*taken))

    async def end(self) -> None:
        await self.database.do("DEL", keys.reading(self.team_id))


def encoded(snapshot: Snapshot) -> bytes:
    """As little as it takes: each metric's name once, and numbers in its order. Never over `MOST_BYTES`."""
    kept = bounded(snapshot)
    while len(body := _written(kept)) > MOST_BYTES:
        posts, accounts = len(kept.posts), len(kept.accounts)
        kept = replace(
            kept,
            posts=kept.posts[: posts // 2],
            accounts=kept.accounts if posts else kept.accounts[: accounts // 2],
        )
    return body


def decoded(body: bytes | str) -> Snapshot:
    """Raises `ValueError`, `TypeError`, `KeyError` or `IndexError` for anything `encoded` did not make."""
    told = json.loads(body)
    names = [str(name) for name in told["m"]]
    accounts = (Metrics(_values(names, values), str(account)) for account, *values in told["a"])
    posts = (
        PostReading(str(post), moment(int(at)), _values(names, values)) for post, at, *values in told["p"]
    )
    return Snapshot(moment(int(told["at"])), tuple(accounts), tuple(posts))


def _legible(body: bytes) -> Snapshot | None:
    """One day that cannot be read is a day without numbers."""
    try:
        return decoded(body)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        log.warning("a day's numbers cannot be read: %s", type(error).__name__)
        return None


def _written(snapshot: Snapshot) -> bytes:
    rows = [*(row.values for row in snapshot.accounts), *(post.values for post in snapshot.posts)]
    names = [*dict.fromkeys(name for values in rows for name, _ in values)]
    told = {
        "at": microseconds(snapshot.at),
        "m": names,
        "a": [[row.account_id, *_cells(names, row.values)] for row in snapshot.accounts],
        "p": [
            [post.post_id, microseconds(post.published_at), *_cells(names, post.values)]
            for post in snapshot.posts
        ],
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def _cells(names: Sequence[str], values: Sequence[tuple[str, float]]) -> list[float | None]:
    """In the names' order; whole numbers without their fraction, and no gaps at the end."""
    known: dict[str, Any] = {name: int(value) if value == int(value) else value for name, value in values}
    cells = [known.get(name) for name in names]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _values(names: Sequence[str], cells: Sequence[Any]) -> tuple[tuple[str, float], ...]:
    pairs = zip(names, cells, strict=False)
    return tuple([(name, float(cell)) for name, cell in pairs if cell is not None])
