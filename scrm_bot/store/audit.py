"""The audit log in Redis: one stream per workspace, which is only ever appended to."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from scrm_bot.domain.audit import Entry, Filter
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Database, Word
from scrm_bot.store.records import milliseconds, read, written

log = logging.getLogger(__name__)

_APPEND = scripts.load("audit_append")
_READ = scripts.load("audit_read")
_PAGE = 500
_CLOCKS_DIFFER = 3_600_000  # ms between Redis' clock, which names an entry, and the clock that wrote it


def lines(entries: Sequence[Entry]) -> list[Word]:
    """Entries as every script takes them."""
    return [written(entry) for entry in entries]


@dataclass(frozen=True, slots=True)
class RedisAudit:
    database: Database
    team_id: str

    async def append(self, *entries: Entry) -> None:
        where = [keys.once(self.team_id, secrets.token_hex(8)), keys.audit(self.team_id)]
        await self.database.commit(Call(_APPEND, where, [keys.ONCE_LIFE, keys.AUDIT_MOST, *lines(entries)]))

    async def read(self, wanted: Filter, *, most: int) -> Sequence[Entry]:
        """The newest that fit, page by page back to the oldest that could."""
        found: list[Entry] = []
        end = "+"
        start = max(milliseconds(wanted.since) - _CLOCKS_DIFFER, 0) if wanted.since else "-"
        while len(found) < most:
            page = await self.database.run(_READ, [keys.audit(self.team_id)], end, start, _PAGE)
            entries = map(_legible, page[1::2])
            found += [entry for entry in entries if entry and wanted.takes(entry)]
            if len(page) < 2 * _PAGE:
                break
            end = f"({page[-2].decode()}"
        return found[:most]


def _legible(body: bytes) -> Entry | None:
    """One entry that cannot be read must not hide the others."""
    try:
        return read(Entry, body)
    except ValidationError as error:
        log.warning("an entry of the audit log cannot be read: %d errors", error.error_count())
        return None
