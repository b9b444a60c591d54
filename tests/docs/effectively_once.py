"""Writes the table of points in its ADR: `python -m tests.docs.effectively_once`."""

import re
from pathlib import Path

from tests.chaos.points import POINTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/adr/0007-effectively-once.md"
HEAD = "| point | test |\n|---|---|\n"
_TEST = re.compile(r"async def (test_point_(\d\d)_\w+)\(")


def by_point() -> dict[int, list[str]]:
    """The names of the tests of each point."""
    found: dict[int, list[str]] = {point: [] for point in POINTS}
    for file in sorted((ROOT / "tests/chaos").glob("test_points_*.py")):
        for name, point in _TEST.findall(file.read_text()):
            found[int(point)].append(name)
    return found


def rows() -> str:
    """One row for each point."""
    named = by_point()
    shown = (
        (point, told, "<br>".join(f"`{name}`" for name in named[point])) for point, told in POINTS.items()
    )
    return "".join(f"| {point}. {told} | {names} |\n" for point, told, names in shown)


def replaced(page: str) -> str:
    return page.partition(HEAD)[0] + HEAD + rows()


if __name__ == "__main__":
    PAGE.write_text(replaced(PAGE.read_text()))
