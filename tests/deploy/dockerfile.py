"""The Dockerfile, read: its stages, what they copy and what they run."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "Dockerfile"
_CONTINUED = re.compile(r"\\\n\s*")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a stage."""

    word: str
    rest: str

    @property
    def copied(self) -> tuple[tuple[str, ...], str]:
        """What a COPY from the project takes, and where to."""
        *sources, target = shlex.split(self.rest)
        return tuple(sources), target


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    base: str
    steps: tuple[Step, ...]

    def all(self, word: str) -> list[str]:
        return [step.rest for step in self.steps if step.word == word]


def read(text: str) -> dict[str, Stage]:
    """Stages by name, the last under "" where it has none."""
    stages: dict[str, Stage] = {}
    lines = [line for line in _CONTINUED.sub("", text).splitlines() if line and not line.startswith("#")]
    found: list[tuple[str, list[Step]]] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append((rest, []))
        elif found:
            found[-1][1].append(Step(word, rest))
    for source, steps in found:
        base, _, name = source.partition(" AS ")
        stages[name] = Stage(name, base, tuple(steps))
    return stages


def healthcheck(stage: Stage) -> Sequence[str]:
    """The command of a HEALTHCHECK in its JSON form."""
    (rest,) = stage.all("HEALTHCHECK")
    command = rest.partition("CMD ")[2]
    return [str(word) for word in re.findall(r'"((?:[^"\\]|\\.)*)"', command)]
