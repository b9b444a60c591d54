"""Each dependency has its reason; pins have hashes and no index address."""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def pinned(path: Path) -> dict[str, Requirement]:
    lines = [line.partition("\\")[0] for line in path.read_text().splitlines() if line[:1].isalnum()]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found if not each.marker or each.marker.evaluate()}


def wanted(pins: dict[str, Requirement]) -> Iterator[Requirement]:
    """What the pinned packages ask for here, with the extras they are pinned with."""
    for name, pin in pins.items():
        for text in metadata.requires(name) or []:
            each = Requirement(text)
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in ("", *pin.extras)):
                yield each


def test_what_is_pinned_is_pinned_with_the_extras_that_others_ask_for() -> None:
    pins = pinned(ROOT / "requirements/dev.txt")

    bare = [
        f"{each.name}[{','.join(each.extras)}]"
        for each in wanted(pins)
        if not each.extras <= pins[canonicalize_name(each.name)].extras
    ]

    # pip looks for `name[extra]` by itself, finds a release newer than the pin one day, and then refuses it
    assert bare == []


def test_the_front_end_lock_file_names_no_registry() -> None:
    lock = (ROOT / "scrm_bot/demo/page/package-lock.json").read_text()

    assert '"resolved"' not in lock
