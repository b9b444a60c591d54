"""What is typed into a terminal: exit statuses, one line for each failure, no secret shown."""

import base64
import json
import os
from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from scrm_bot import cli
from scrm_bot.demo.socialcrm import server as socialcrm
from tests.conftest import RedisServer, free_port

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
VARIABLES = ("SLACK_", "SCRM_", "SOCIALCRM_", "REDIS_")
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(VARIABLES)]:
        monkeypatch.delenv(name)


@pytest.fixture
def elsewhere() -> Iterator[BlockingPortal]:
    """A loop in another thread: a command of the terminal runs its own."""
    with start_blocking_portal("asyncio") as portal:
        yield portal


@pytest.fixture
def sandbox(elsewhere: BlockingPortal) -> Iterator[socialcrm.RunningSandbox]:
    running = elsewhere.call(socialcrm.serve)
    yield running
    elsewhere.call(running.close)


def test_a_new_key_is_the_last_word(capsys: Capture) -> None:
    assert cli.main(["keys", "new"]) == 0

    made = capsys.readouterr().out.split()[-1]
    assert len(base64.urlsafe_b64decode(made + "==")) == 32


def test_every_key_is_another(capsys: Capture) -> None:
    cli.main(["keys", "new"])
    cli.main(["keys", "new"])

    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[-1] != second.split()[-1]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["sing"],
        ["keys"],
        ["keys", "old"],
        ["api", "POST", "/v1/posts"],
        ["api"],
        ["sandbox", "--port", "99999"],
        ["demo", "--port", "-1"],
        ["demo", "--port", "http"],
    ],
)
def test_wrong_words_are_refused_with_what_there_is(words: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(words)

    assert left.value.code == 2
    assert "usage: scrm-bot" in capsys.readouterr().err


def test_help_names_every_command(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"])

    told = capsys.readouterr().out
    assert left.value.code == 0
    assert all(word in told for word in ("run", "web", "worker", "demo", "sandbox", "check", "keys", "api"))


@pytest.mark.parametrize("parts", ["run", "web", "worker"])
def test_nothing_starts_without_its_settings(parts: str, capsys: Capture) -> None:
    assert cli.main([parts]) == 1
    assert capsys.readouterr().err.startswith("SCRM_ENCRYPTION_KEYS: missing")


@pytest.mark.parametrize("parts", ["run", "web", "worker"])
def test_nothing_starts_without_a_way_to_slack(
    parts: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", KEY)

    assert cli.main([parts]) == 1
    told = capsys.readouterr().err
    assert "SLACK_SIGNING_SECRET" in told
    assert KEY not in told


def test_a_malformed_setting_is_one_line_with_its_name(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRM_PORT", "http")

    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err.strip() == "SCRM_PORT: should be a valid integer"


def test_a_port_that_is_taken_is_named(
    sandbox: socialcrm.RunningSandbox,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    taken = sandbox.url.rpartition(":")[2]
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{free_port()}/api/")
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("SCRM_PORT", taken)

    assert cli.main(["web"]) == 1
    assert f"SCRM_HOST, SCRM_PORT: 127.0.0.1:{taken} cannot be used" in capsys.readouterr().err


def test_check_says_line_by_line_what_is_wrong(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_server.url)

    assert cli.main(["check"]) == 1
    first, second, third, fourth = capsys.readouterr().out.splitlines()
    assert first.startswith("not ok settings: SLACK_SIGNING_SECRET")
    assert second.startswith("ok     Redis: ")
    assert third == "not ok Slack: no token to try"
    assert fourth.startswith("ok     manifest: /scrm, ")


def test_the_api_answers_as_json(
    sandbox: socialcrm.RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SOCIALCRM_API_URL", sandbox.base_url)
    monkeypatch.setenv("SOCIALCRM_API_KEY", sandbox.sandbox.create_key())

    assert cli.main(["api", "get", "/v1/accounts"]) == 0
    assert "acct_1" in json.dumps(json.loads(capsys.readouterr().out))


def test_a_refusal_of_the_api_is_one_line(
    sandbox: socialcrm.RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SOCIALCRM_API_URL", sandbox.base_url)
    monkeypatch.setenv("SOCIALCRM_API_KEY", "sk_live_" + "x" * 32)

    assert cli.main(["api", "GET", "/v1/accounts"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith("Unauthorized: ")


def test_the_api_needs_a_key(capsys: Capture) -> None:
    assert cli.main(["api", "GET", "/v1/posts"]) == 1
    assert capsys.readouterr().err.startswith("SOCIALCRM_API_KEY: missing")


def test_keys_rotate_needs_keys(capsys: Capture) -> None:
    assert cli.main(["keys", "rotate"]) == 1
    assert capsys.readouterr().err.startswith("SCRM_ENCRYPTION_KEYS: missing")


def test_keys_rotate_tells_how_it_went(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("REDIS_URL", f"{redis_server.url[:-1]}7")

    assert cli.main(["keys", "rotate"]) == 0
    assert "0 sealed anew" in capsys.readouterr().out


def test_keys_rotate_fails_where_redis_is_away(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")

    assert cli.main(["keys", "rotate"]) == 1
    assert "does not answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", ["http://[", "/v1/posts?x=\udcff", "/v1/p\udcffsts", "", "/v1/%ff", "https://a..b/v1/x", "\0"]
)
def test_a_path_that_cannot_be_read_is_one_line(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SOCIALCRM_API_KEY", "sk_live_" + "x" * 32)

    assert cli.main(["api", "GET", path]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Usage: ")
    assert len(told.splitlines()) == 1


def test_a_sandbox_on_a_port_that_is_taken_is_one_line(
    sandbox: socialcrm.RunningSandbox, capsys: Capture
) -> None:
    taken = sandbox.url.rpartition(":")[2]

    assert cli.main(["sandbox", "--port", taken]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"127.0.0.1:{taken} cannot be used (")
    assert len(told.splitlines()) == 1


def test_a_refusal_the_sandbox_does_not_know_is_told(capsys: Capture) -> None:
    assert cli.main(["demo", "--story", "--refuse", "teapot"]) == 2
    assert "--refuse" in "".join(capsys.readouterr())
