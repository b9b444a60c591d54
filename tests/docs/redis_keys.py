"""The table of keys in docs/redis.md, written from the names and docstrings of store/keys.py.

`python -m tests.docs.redis_keys` writes it.
"""

import ast
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

from scrm_bot.store import budget_keys, keys

PAGE = Path(__file__).parents[2] / "docs" / "redis.md"
FIRST, LAST = "<!-- keys: python -m tests.docs.redis_keys -->", "<!-- end of keys -->"
_NO_KEYS = {"shard_of", "work", "patterns"}


@dataclass(frozen=True, slots=True)
class Row:
    """One key: its name with what varies in capitals, what it is, how big it gets, and how long it lives."""

    name: str
    what: str
    size: str
    life: str


def rows() -> list[Row]:
    return [_row(name, told) for module in (keys, budget_keys) for name, told in _documented(module)]


def table() -> str:
    told = (f"| `{row.name}` | {row.what} | {row.size} | {row.life} |" for row in rows())
    return "\n".join(["| key | what | size | life |", "|---|---|---|---|", *told])


def _documented(module: object) -> list[tuple[str, str]]:
    """What Redis calls each key, and what the module tells of it, in the module's order."""
    body = ast.parse(inspect.getsource(module)).body  # type: ignore[arg-type]
    found = []
    for at, node in enumerate(body):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in _NO_KEYS:
            found.append((_called(module, node.name), ast.get_docstring(node) or ""))
        following = body[at + 1] if at + 1 < len(body) else None
        if isinstance(node, ast.Assign) and isinstance(following, ast.Expr):
            target, told = node.targets[0], following.value
            if isinstance(target, ast.Name) and isinstance(told, ast.Constant):
                found.append((str(getattr(module, target.id)), str(told.value)))
    return found


def _called(module: object, name: str) -> str:
    function = getattr(module, name)
    given = [0 if each == "shard" else each.upper() for each in inspect.signature(function).parameters]
    return re.sub(r"\{s\d\d\}", "{sNN}", str(function(*given)))


def _row(name: str, told: str) -> Row:
    what, size, life = " ".join(told.replace(".\n\n", "; ").split()).rstrip(".").rsplit("; ", 2)
    return Row(name, what, size, life)


def main() -> None:
    page = PAGE.read_text()
    before, rest = page.split(FIRST)
    after = rest.split(LAST)[1]
    PAGE.write_text(f"{before}{FIRST}\n{table()}\n{LAST}{after}")


if __name__ == "__main__":
    main()
