"""Each dependency has its reason; pins have hashes and no index address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host")


def declared() -> set[str]:
    project = PROJECT["project"]
    groups = [entry for group in PROJECT["dependency-groups"].values() for entry in group]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    names = [*project["dependencies"], *extras, *groups]
    return {re.split(r"[<>=!~]", name)[0] for name in names if isinstance(name, str)}


def test_each_dependency_earns_its_place_in_one_line() -> None:
    page = (ROOT / "docs/dependencies.md").read_text()
    told = {
        name.strip()
        for row in re.findall(r"^\| (.+?) \| .+\|$", page, re.MULTILINE)
        for name in row.split(",")
    }

    assert declared() - {name.partition("[")[0] for name in told} - told <= {"coverage[toml]"}


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_pins_are_exact_hashed_and_hold_no_address(path: Path) -> None:
    text = path.read_text()
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]

    assert not ADDRESS.search(text)
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_front_end_lock_file_names_no_registry() -> None:
    lock = (ROOT / "scrm_bot/demo/page/package-lock.json").read_text()

    assert '"resolved"' not in lock
