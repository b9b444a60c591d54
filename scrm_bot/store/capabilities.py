"""What the Redis at hand can do, asked once: managed and embedded ones lack commands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

OLDEST = (6, 2)
SAFE = "noeviction"


class Asked(Protocol):
    async def ask(self, *command: str | bytes | float) -> Any: ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found. None and `missing`: the command is not there or not allowed, so nobody knows."""

    version: str = ""
    replicas: int = 0
    append_only: bool | None = None
    eviction: str | None = None
    missing: tuple[str, ...] = ()


async def probe(database: Asked) -> Capabilities:
    """Ask, and take a refusal for an answer. Raises `StoreUnavailableError` when Redis does not answer.

    Of a cluster's nodes the worst counts, and one replica anywhere is enough to wait for one.
    """
    asked: dict[str, Any] = {
        "INFO": await database.ask("INFO"),
        "CONFIG GET": await database.ask("CONFIG GET", "maxmemory-policy"),
        "WAIT": await database.ask("WAIT", 0, 0),
    }
    missing = tuple(name for name, answer in asked.items() if answer is None)
    infos, policies = each_node(asked["INFO"]), each_node(asked["CONFIG GET"])
    versions = [str(info["redis_version"]) for info in infos if "redis_version" in info]
    appends = [bool(int(info["aof_enabled"])) for info in infos if "aof_enabled" in info]
    return Capabilities(
        version=min(versions, key=numbers, default=""),
        replicas=0 if "WAIT" in missing else max((_replicas(info) for info in infos), default=0),
        append_only=all(appends) if appends else None,
        eviction=_worst(policies, "maxmemory-policy") or _worst(infos, "maxmemory_policy"),
        missing=missing,
    )


def concerns(found: Capabilities) -> list[str]:
    """What is wrong with this Redis for keeping approvals: a sentence each, with what to do."""
    told = []
    if found.version and numbers(found.version) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        told.append(f"version {found.version} is too old: the bot needs {oldest} or newer")
    if found.append_only is False:
        told.append("the append-only file is off: a restart of Redis forgets approvals. Set appendonly yes")
    if found.eviction not in {None, SAFE}:
        told.append(f"maxmemory-policy is {found.eviction}: a full Redis would drop approvals. Set {SAFE}")
    return told


def numbers(version: str) -> tuple[int, ...]:
    """A version to compare: 7.2.4-rc1 is (7, 2, 4)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _replicas(info: dict[str, Any]) -> int:
    return int(info.get("connected_slaves", 0))


def _worst(nodes: Sequence[dict[str, Any]], name: str) -> str | None:
    policies = [str(node[name]) for node in nodes if node.get(name)]
    return next((policy for policy in policies if policy != SAFE), policies[0] if policies else None)


def each_node(answer: Any) -> list[dict[str, Any]]:
    """One mapping of text for each node, from what a server tells or all of a cluster."""
    if not isinstance(answer, dict):
        return []
    inner = [value for name, value in answer.items() if isinstance(value, dict) and ":" in _text(name)]
    return [_flat(node) for node in inner or [answer]]


def _flat(node: dict[Any, Any]) -> dict[str, Any]:
    return {_text(name): _text(value) if isinstance(value, bytes) else value for name, value in node.items()}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
