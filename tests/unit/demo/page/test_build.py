"""The page that is shipped is the page that its sources build."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "scrm_bot" / "demo" / "page"
DIST = PAGE / "dist"
COMPRESSED_SCRIPT = 100_000
SOURCES = (".npmrc", "build.mjs", "package.json", "package-lock.json", "tsconfig.json")
NOT_REBUILT = "the page was not rebuilt: that takes node and npm; only its fingerprint was compared\n"


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _install(page: Path) -> bool:
    """Put the pinned packages beside a copy of the sources; False without Node, or without a way to npm."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return False
    if (PAGE / "node_modules" / ".package-lock.json").is_file():
        shutil.copytree(PAGE / "node_modules", page / "node_modules", symlinks=True)
        return True
    clean = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    return subprocess.run(clean, cwd=page, check=False, capture_output=True, timeout=240).returncode == 0


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A copy of the sources with their packages installed, or None where there is no Node to be had."""
    page = tmp_path_factory.mktemp("page")
    shutil.copytree(PAGE / "src", page / "src")
    for name in SOURCES:
        shutil.copy(PAGE / name, page / name)
    return page if _install(page) else None


def _excused(capsys: pytest.CaptureFixture[str]) -> None:
    """Without Node these tests pass by design, and say so; continuous integration has Node."""
    assert not os.environ.get("CI"), NOT_REBUILT
    with capsys.disabled():
        sys.stdout.write(NOT_REBUILT)


def test_a_build_from_the_sources_gives_the_committed_bytes(
    workshop: Path | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if workshop is None:
        _excused(capsys)
        return

    subprocess.run(["node", "build.mjs"], cwd=workshop, check=True, timeout=120)

    assert _files(workshop / "dist") == _files(DIST)


def test_the_types_of_the_sources_agree(workshop: Path | None, capsys: pytest.CaptureFixture[str]) -> None:
    if workshop is None:
        _excused(capsys)
        return

    check = ["node_modules/.bin/tsc", "--noEmit"]
    checked = subprocess.run(check, cwd=workshop, check=False, capture_output=True, text=True, timeout=120)

    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_committed_page_was_built_from_the_committed_sources() -> None:
    told = [line.split("  ", 1) for line in (DIST / "SOURCES.sha256").read_text().splitlines()]

    changed = [
        name for digest, name in told if hashlib.sha256((PAGE / name).read_bytes()).hexdigest() != digest
    ]
    assert changed == [], "the page has to be built again: npm ci && npm run build in scrm_bot/demo/page"
    assert {f"src/{name}" for name in _files(PAGE / "src")} <= {name for _, name in told}


def test_no_registry_is_named_in_the_lock_file() -> None:
    lock = (PAGE / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_the_page_asks_nobody_else_for_anything() -> None:
    page = (DIST / "index.html").read_text()
    style = (DIST / "assets" / "app.css").read_text()

    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)"', page) == ["/assets/app.css", "/assets/app.js"]
    assert "default-src 'self'" in page
    assert "url(" not in style
    assert "@import" not in style


def test_no_source_makes_markup_out_of_text() -> None:
    makers = re.compile(rb"innerHTML|outerHTML|insertAdjacentHTML|dangerously|document\.write|\beval\(")

    assert [name for name, content in _files(PAGE / "src").items() if makers.search(content)] == []


def test_the_script_is_small_and_names_no_machine() -> None:
    script = (DIST / "assets" / "app.js").read_bytes()
    compressed = gzip.compress(script)

    assert len(compressed) < COMPRESSED_SCRIPT
    assert b"sourceMappingURL" not in script
    assert b"node_modules" not in script


def test_every_bundled_package_stands_in_the_notice() -> None:
    notice = (DIST / "NOTICE.txt").read_text()

    named = re.findall(r"^(@?[a-z/-]+) \d+\.\d+\.\d+ \(MIT\)$", notice, re.MULTILINE)
    assert named == ["preact", "@preact/signals", "@preact/signals-core", "marked", "emojibase-data"]
