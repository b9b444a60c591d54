"""The wheel holds everything that runs, and nothing that builds."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_scripts_page_and_manifest_are_in_it(names: set[str]) -> None:
    wanted = {
        "scrm_bot/manifest.yml",
        "scrm_bot/py.typed",
        "scrm_bot/drawing/font/NotoSans-Regular.ttf",
        "scrm_bot/drawing/font/OFL.txt",
        "scrm_bot/domain/emoji.txt",
        "scrm_bot/demo/page/dist/index.html",
        "scrm_bot/demo/page/dist/assets/app.js",
        "scrm_bot/demo/page/dist/assets/app.css",
    }
    wanted |= {f"scrm_bot/store/lua/{path.name}" for path in (ROOT / "scrm_bot/store/lua").glob("*.lua")}

    assert wanted - names == set()


def test_every_module_is_in_it(names: set[str]) -> None:
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "scrm_bot").rglob("*.py")}

    assert {name for name in modules if "/node_modules/" not in name} - names == set()


def test_what_only_builds_is_not(names: set[str]) -> None:
    assert [
        name for name in names if "/page/src/" in name or "node_modules" in name or "package" in name
    ] == []
