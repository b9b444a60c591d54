"""What the Redis at hand can do, asked once: managed and embedded ones lack commands."""

from dataclasses import dataclass
from typing import Any, Protocol


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
    """Ask, and take a refusal for an answer. Raises `StoreUnavailableError` when Redis does not answer."""
    asked: dict[str, Any] = {
        "INFO": await database.ask("INFO"),
        "CONFIG GET": await database.ask("CONFIG GET", "maxmemory-policy"),
        "WAIT": await database.ask("WAIT", 0, 0),
    }
    missing = tuple(name for name, answer in asked.items() if answer is None)
    info, policy = _flat(asked["INFO"]), _flat(asked["CONFIG GET"])
    return Capabilities(
        version=str(info.get("redis_version", "")),
        replicas=0 if "WAIT" in missing else int(info.get("connected_slaves", 0)),
        append_only=bool(int(info["aof_enabled"])) if "aof_enabled" in info else None,
        eviction=policy.get("maxmemory-policy") or info.get("maxmemory_policy"),
        missing=missing,
    )


def _flat(answer: Any) -> dict[str, Any]:
    """One mapping of text, from what a server tells or from one node of a cluster."""
    pairs = answer.items() if isinstance(answer, dict) else ()
    flat = {_text(name): value for name, value in pairs}
    nested = next((value for value in flat.values() if isinstance(value, dict)), None)
    if "redis_version" not in flat and nested and "redis_version" in nested:
        return nested
    return {name: _text(value) if isinstance(value, bytes) else value for name, value in flat.items()}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
