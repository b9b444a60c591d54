"""How a test tells a bot in another process to end: a file for each point, taken by whoever obeys it."""

import os
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER_VARIABLE = "CHAOS_FOLDER"
CLOCK_FILE = "clock"  # in that folder: seconds by which the bot's clock is wrong
CALL_SECONDS = 1.0  # the longest that a call may take here; tests let the API answer later than this

How = Literal["kill", "freeze"]
_SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}
_STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Strikes:
    """The points at which one process, once, ends or stops. A point is known by a word."""

    folder: Path

    def arm(self, point: str, how: How = "kill") -> None:
        waiting = self.folder / f"{point}.new"
        waiting.write_text(how)
        waiting.rename(self.folder / point)

    def disarm(self) -> None:
        for armed in self.folder.iterdir():
            if armed.name != _STRUCK:
                armed.unlink(missing_ok=True)

    def is_armed(self, point: str) -> bool:
        return (self.folder / point).exists()

    def here(self, point: str) -> None:
        """Called by the bot. Returns at once unless a test wants it to end here."""
        armed = self.folder / point
        taken = self.folder / f"{point}.{os.getpid()}"
        try:
            armed.rename(taken)  # atomic: of several processes one obeys
        except FileNotFoundError:
            return
        how = taken.read_text()
        taken.unlink()
        with (self.folder / _STRUCK).open("a") as record:
            record.write(f"{point} {os.getpid()}\n")
        os.kill(os.getpid(), _SIGNALS[how])

    def struck(self) -> Counter[str]:
        """How often a process obeyed at each point."""
        return Counter(line.partition(" ")[0] for line in self._lines())

    def by(self, point: str) -> int:
        """Which process obeyed last at this point, 0 when none did."""
        pids = [int(pid) for name, _, pid in (line.partition(" ") for line in self._lines()) if name == point]
        return pids[-1] if pids else 0

    def _lines(self) -> list[str]:
        record = self.folder / _STRUCK
        return record.read_text().splitlines() if record.exists() else []
