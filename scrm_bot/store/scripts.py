"""The Lua scripts, loaded from the package with what they need put in front."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NEEDS = re.compile(r"^-- Needs ([a-z_]+)\.lua$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """One script, known to Redis by the SHA-1 of its source."""

    name: str
    source: str
    sha: str


@cache
def load(name: str) -> Script:
    """The script in `lua/<name>.lua`. A line `-- Needs other.lua` puts that file's functions in front."""
    source = _read(name)
    source = "".join([*map(_read, _NEEDS.findall(source)), source])
    return Script(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


def _read(name: str) -> str:
    return files("scrm_bot.store").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
