"""What people type after /scrm, read without ever failing or losing text."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One typed line. `argument` is everything that is neither the verb nor a flag, in its own words.

    `flags` maps a flag's name without dashes to its value, "" for one without (`--share`, `--dry-run`).
    """

    verb: str = ""
    argument: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)

    @property
    def shared(self) -> bool:
        return "share" in self.flags
