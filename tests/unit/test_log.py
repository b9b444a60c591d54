"""Lines carry an id, and no secret."""

import json
import logging
from collections.abc import Iterator

import pytest

from scrm_bot import log

KEY = "sk_live_" + "a" * 32


@pytest.fixture(autouse=True)
def untouched_root() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("secret", [KEY, "xoxb-1-abc", "xapp-1-abc", "xoxe.xoxp-1"])
def test_a_secret_is_blotted_out(secret: str) -> None:
    blotted = log.blot(f"before {secret} after")

    assert secret not in blotted
    assert blotted.startswith("before ")
    assert blotted.endswith(" after")


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_line_has_the_request_id_and_no_key(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(style)
    request_id = log.new_request_id()

    logging.getLogger("scrm_bot.test").warning("typed %s", KEY)

    line = capsys.readouterr().err
    assert request_id in line
    assert KEY not in line


def test_a_json_line_keeps_a_traceback_without_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")

    try:
        int(KEY)
    except ValueError:
        logging.getLogger("scrm_bot.test").exception("it failed")

    line = json.loads(capsys.readouterr().err)
    assert "ValueError" in line["error"]
    assert KEY not in line["error"]
