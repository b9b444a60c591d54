"""Which endpoint is reached from which surface: `python -m tests.docs.coverage` has the flow tests tell."""

import contextvars
import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from scrm_bot.domain.jobs import JobKind
from scrm_bot.socialcrm.endpoints import ENDPOINTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/coverage.md"
FLOW = "tests/flow"
WRITE = "SCRM_WRITE_COVERAGE"
SURFACES = (
    "slash command",
    "mention",
    "button",
    "modal",
    "shortcut",
    "Home",
    "workflow step",
    "link",
    "digest",
    "worker",
)
MARK = "●"
Pair = tuple[str, str]
HEAD = """# Endpoints and surfaces

Which endpoint of the API is reached from where in Slack, as the tests in `tests/flow` do it: through signed
HTTP, between the strict Slack stand-in and the sandbox. `python -m tests.docs.coverage` runs them and
writes this page; a whole run of them fails when a mark drops out.

*button* and *modal* are those of messages and what they open; *link* is the preview below a message; *digest*
is the planned one; *worker* is what follows a decision: publishing, scheduling, and looking after both.

"""


class Recorder(logging.Handler):
    """Hears from the log what is done, and which endpoints are called for it."""

    LOGGERS = ("scrm_bot.slack.performer", "scrm_bot.jobs.worker", "scrm_bot.socialcrm.http")

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.pairs: set[Pair] = set()
        self._surface = contextvars.ContextVar[str]("surface", default="")

    def listen(self) -> None:
        for name in self.LOGGERS:
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """A line is emitted in the task that does the work, so what is set here is that task's own."""
        args = record.args if isinstance(record.args, tuple) else ()
        if record.msg == "doing %s: %s":
            self._surface.set(str(args[0]))
        elif record.msg == "running %s, attempt %d":
            self._surface.set(surface_of_job(str(args[0])))
        elif record.msg == "calling %s" and self._surface.get():
            self.pairs.add((str(args[0]), self._surface.get()))


def surface_of_job(key: str) -> str:
    """What somebody did is told by itself; only the rest is the worker's own."""
    kind = key.partition(":")[0]
    return {JobKind.DIGEST.value: "digest", JobKind.HOME.value: "Home", "in": ""}.get(kind, "worker")


def page(pairs: Iterable[Pair]) -> str:
    """The whole page."""
    known = set(pairs)
    names = [endpoint.name for endpoint in ENDPOINTS]
    reached = sum(any((name, surface) in known for surface in SURFACES) for name in names)
    rows = [
        f"| `{name}` | " + " | ".join(MARK if (name, each) in known else "" for each in SURFACES) + " |"
        for name in names
    ]
    head = f"| endpoint | {' | '.join(SURFACES)} |\n|---|{':-:|' * len(SURFACES)}"
    return f"{HEAD}{head}\n" + "\n".join(rows) + f"\n\n**{reached} of {len(names)}** endpoints are reached.\n"


def told(text: str) -> set[Pair]:
    """The pairs that a page has marks for."""
    found = set()
    for row in text.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if row.startswith("| `") and len(cells) == len(SURFACES) + 1:
            name = cells[0].strip("`")
            found |= {(name, each) for each, cell in zip(SURFACES, cells[1:], strict=True) if cell == MARK}
    return found


def lost(pairs: Iterable[Pair]) -> list[str]:
    """What the page promises and this run did not do."""
    known = set(pairs)
    missing = told(PAGE.read_text(encoding="utf-8")) - known
    return [f"{name} is not reached from: {surface}" for name, surface in sorted(missing)]


def main() -> int:
    """Run every flow test with a recorder that writes the page."""
    script = f"import os, sys, pytest; os.environ[{WRITE!r}] = '1'; sys.exit(pytest.main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", script, FLOW, "-q"], cwd=ROOT, check=False)
    sys.stdout.write(json.dumps({"exit": done.returncode, "page": PAGE.name}) + "\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
