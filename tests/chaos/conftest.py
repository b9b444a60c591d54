"""One house for the tests that leave it whole, and the count of the points that all of them reached."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.chaos.house import House, a_house
from tests.chaos.points import POINTS, Ledger

LEDGER = pytest.StashKey[Ledger]()
_POINT = re.compile(r"test_points_\w+\.py::test_point_(\d\d)")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    config.stash.setdefault(LEDGER, Ledger())


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    return pytestconfig.stash.setdefault(LEDGER, Ledger())


@pytest.fixture(scope="session")
async def _shared_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with a_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
async def house(_shared_house: House) -> AsyncIterator[House]:
    """Web and worker running, and nothing wrong yet. What a test broke is mended after it."""
    await _shared_house.up("web", "worker")
    yield _shared_house
    _shared_house.strikes.disarm()
    _shared_house.sandbox.faults.clear()
    _shared_house.shift_clock(0)


@pytest.fixture
async def own_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """For a test that leaves its house in ruins."""
    async with a_house(tmp_path_factory.mktemp("ruin")) as house:
        yield house


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A point that nothing reached makes a whole run fail."""
    asked = {int(found[1]) for item in session.items if (found := _POINT.search(item.nodeid))}
    missed = session.config.stash.setdefault(LEDGER, Ledger()).missed
    if exitstatus == pytest.ExitCode.OK and asked == set(POINTS) and missed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ledger = config.stash.setdefault(LEDGER, Ledger())
    if not ledger.hits:
        return
    terminalreporter.section("how often each point was reached")
    for line in ledger.lines():
        terminalreporter.write_line(line)
    if ledger.missed:
        terminalreporter.write_line(f"never reached: {ledger.missed}")
