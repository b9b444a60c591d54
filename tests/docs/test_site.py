"""The documents as a site: strictly built, complete, and with nothing from another host."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FETCHED = re.compile(
    r'<(?:script|img|iframe|link rel="(?:stylesheet|icon|preconnect|preload)")[^>]*https?://'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make docs` does it: a dead link, or a page that the menu lacks, ends it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


def test_every_page_is_there(site: Path) -> None:
    sources = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")} - {Path("404")}

    assert built == sources


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if FETCHED.search(path.read_text())]
    styles = [
        path for path in site.rglob("*.css") if re.search(r"(url\(|@import )['\"]?https?:", path.read_text())
    ]

    assert pages == []
    assert styles == []


def test_diagrams_need_no_script(site: Path) -> None:
    page = (site / "approvals.html").read_text()

    assert "<td>confirm_published</td>" in page
    assert "mermaid" not in page


def test_what_the_deployment_pages_hand_out_is_on_the_site(site: Path) -> None:
    handed = [path for path in (ROOT / "docs/deploy").rglob("*") if path.suffix in {".service", ".yaml"}]

    assert len(handed) == 3
    assert [path for path in handed if not (site / path.relative_to(ROOT / "docs")).exists()] == []


def test_the_readme_takes_two_screens_and_its_links_lead_somewhere() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", page) if not link.startswith("https://")]

    assert len(page.splitlines()) <= 60
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
