"""Whether Redis may have forgotten its newest writes: it was restarted, or another server took its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scrm_bot.store import keys, scripts
from scrm_bot.store.capabilities import each_node
from scrm_bot.store.connection import Call, Database

_NOTE = scripts.load("lapse_note")


@dataclass(slots=True)
class RedisLapses:
    """`ports.Lapses`. A primary that begins anew gives what follows another name, its `master_replid`."""

    database: Database
    _dated: str = field(default="", init=False)

    async def unseen(self) -> str:
        memory = await self._history()
        if memory and memory != self._dated:
            await self._date()
            self._dated = memory
        noted = await self.database.do("GET", keys.HISTORY) if memory else None
        return "" if noted is not None and noted.decode() == memory else memory

    async def scopes(self) -> Sequence[str]:
        return sorted(name.decode() for name in await self.database.do("SMEMBERS", keys.CONNECTED))

    async def seen(self, memory: str) -> None:
        await self.database.do("SET", keys.HISTORY, memory)

    async def _date(self) -> None:
        """Have every shard know since when it goes on so: the wait before a call ends that much sooner."""
        shards = range(keys.SHARDS)
        await self.database.do_all([Call(_NOTE, [keys.history(shard)]) for shard in shards])

    async def _history(self) -> str:
        """Of a cluster, of all its nodes. Empty where this Redis does not tell: then nobody can know."""
        nodes = each_node(await self.database.ask("INFO", "replication"))
        return " ".join(sorted({str(node["master_replid"]) for node in nodes if "master_replid" in node}))
