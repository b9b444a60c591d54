"""Every manifest comes from one source, is valid, and differs only where it must."""

import copy
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scrm_bot import cli, manifests
from tests.docs.manifests import SOCKET, written

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests/data/slack-manifest.schema.2.0.0.json").read_text())
HERE = "https://bot.example.org"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCRM_PUBLIC_URL", raising=False)
    monkeypatch.delenv("SCRM_LINK_DOMAIN", raising=False)


def strings(document: Any) -> Iterator[str]:
    match document:
        case dict():
            for value in document.values():
                yield from strings(value)
        case list():
            for value in document:
                yield from strings(value)
        case str():
            yield document


def of_socket_mode() -> Any:
    """The source without its addresses and with the one switch, made on the structure and not on the text."""
    wanted = copy.deepcopy(manifests.document())
    del wanted["oauth_config"]["redirect_urls"]
    del wanted["settings"]["event_subscriptions"]["request_url"]
    del wanted["settings"]["interactivity"]["request_url"]
    del wanted["settings"]["interactivity"]["message_menu_options_url"]
    for command in wanted["features"]["slash_commands"]:
        del command["url"]
    wanted["settings"]["socket_mode_enabled"] = True
    return wanted


def test_the_file_for_socket_mode_is_as_the_generator_writes_it() -> None:
    assert SOCKET.read_text(encoding="utf-8") == written(), "run `python -m tests.docs.manifests`"


def test_socket_mode_leaves_out_the_addresses_and_nothing_else() -> None:
    assert yaml.safe_load(written()) == of_socket_mode()


@pytest.mark.parametrize(
    ("url", "domain", "socket", "rotation"),
    [*product(("", HERE), ("", "app.example.org"), (False, True), (False, True))],
)
def test_every_variant_fits_slacks_schema(url: str, domain: str, *, socket: bool, rotation: bool) -> None:
    text = manifests.fitted(url=url, link_domain=domain, socket=socket, rotation=rotation)
    found = yaml.safe_load(text)

    jsonschema.validate(found, SCHEMA)
    assert found["settings"]["socket_mode_enabled"] is socket
    assert found["settings"]["token_rotation_enabled"] is rotation
    assert found["features"]["unfurl_domains"] == [domain or manifests.LINK_DOMAIN]


def test_an_address_stands_everywhere_one_is_asked_for() -> None:
    found = [*strings(yaml.safe_load(manifests.fitted(url=f"{HERE}/")))]
    before = [*strings(manifests.document())]

    assert found == [value.replace(manifests.ADDRESS, HERE) for value in before]
    assert manifests.ADDRESS not in manifests.fitted(url=HERE)


def test_each_scope_keeps_its_reason() -> None:
    reasons = re.findall(r"- \S+:\S+ #", manifests.source())

    assert reasons
    assert re.findall(r"- \S+:\S+ #", written()) == reasons


def test_the_command_prints_the_file_as_it_ships(capsys: Capture) -> None:
    assert cli.main(["manifest"]) == 0
    assert capsys.readouterr().out == manifests.source()
    assert cli.main(["manifest", "--socket"]) == 0
    assert capsys.readouterr().out == SOCKET.read_text(encoding="utf-8")


def test_the_command_takes_what_the_bot_is_told_anyway(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SCRM_PUBLIC_URL", HERE)
    monkeypatch.setenv("SCRM_LINK_DOMAIN", "app.example.org")

    assert cli.main(["manifest"]) == 0
    assert capsys.readouterr().out == manifests.fitted(url=HERE, link_domain="app.example.org")


def test_the_commands_own_words_go_first(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("SCRM_PUBLIC_URL", "https://other.example.org")

    cli.main(["manifest", "--url", HERE, "--token-rotation"])

    assert capsys.readouterr().out == manifests.fitted(url=HERE, rotation=True)


def test_what_is_no_address_is_refused_in_one_line(capsys: Capture) -> None:
    assert cli.main(["manifest", "--url", "bot.example.org"]) == 1
    assert capsys.readouterr().err.startswith("SCRM_PUBLIC_URL: should be an address")
