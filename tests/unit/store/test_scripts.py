"""The Lua files."""

import re
from importlib.resources import files

import pytest

from scrm_bot.store.scripts import load

NAMES = sorted(path.name.removesuffix(".lua") for path in files("scrm_bot.store").joinpath("lua").iterdir())
RUN = [name for name in NAMES if name not in {"due", "audit", "lapse"}]


@pytest.mark.parametrize("name", RUN)
def test_every_script_says_what_it_takes_and_returns(name: str) -> None:
    head = re.match(r"(--.*\n)+", files("scrm_bot.store").joinpath("lua", f"{name}.lua").read_text())

    assert head
    assert "KEYS" in head[0]
    assert "returns" in head[0].lower()


@pytest.mark.parametrize("name", RUN)
def test_no_script_takes_time_from_elsewhere_or_walks_over_all_keys(name: str) -> None:
    source = load(name).source

    assert not re.search(r"os\.|'KEYS'|'SCAN'", source)


def test_what_a_script_needs_is_put_in_front() -> None:
    script = load("jobs_put")

    assert script.source.index("local function put(") < script.source.index("put_all({")
    assert load("take_once").source.startswith("-- Take something")
