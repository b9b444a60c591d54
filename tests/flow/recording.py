"""Hooks that hold `docs/coverage.md` to a whole run of the flow tests, and only to a whole one."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs import coverage

FOLDER = Path(__file__).parent


@dataclass
class Run:
    """What this session did with the flow tests."""

    recorder: coverage.Recorder = field(default_factory=coverage.Recorder)
    deselected: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)

    def is_whole(self) -> bool:
        """Every file ran, and nothing was left out."""
        wanted = {path.name for path in FOLDER.glob("test_*.py")}
        return self.files == wanted and not self.deselected

    def is_green(self) -> bool:
        return set(self.outcomes) <= {"passed"}


RUN = Run()


def _is_flow(nodeid: str) -> bool:
    return nodeid.startswith(f"{coverage.FLOW}/")


def pytest_collection_finish(session: pytest.Session) -> None:
    if any(_is_flow(item.nodeid) for item in session.items):
        RUN.recorder.listen()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    RUN.deselected += sum(_is_flow(item.nodeid) for item in items)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if _is_flow(report.nodeid) and (report.when == "call" or not report.passed):
        RUN.outcomes[report.outcome] += 1
        RUN.files.add(Path(report.nodeid.partition("::")[0]).name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if any("::" in each for each in session.config.args) or not RUN.is_whole():
        return
    if os.environ.get(coverage.WRITE):
        coverage.PAGE.write_text(coverage.page(RUN.recorder.pairs), encoding="utf-8")
        return
    RUN.lost = coverage.lost(RUN.recorder.pairs) if RUN.is_green() else []
    if RUN.lost and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for sentence in RUN.lost:
        terminalreporter.write_line(f"docs/coverage.md: {sentence}", red=True)
