"""What of the environment is taken, and what is refused with one line."""

import base64

import pytest

from scrm_bot.settings import SettingsError, load

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
VARIABLES = ("SLACK_", "SCRM_", "SOCIALCRM_", "REDIS_")


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os  # noqa: PLC0415  only this fixture looks at the whole environment

    for name in [name for name in os.environ if name.startswith(VARIABLES)]:
        monkeypatch.delenv(name)


def test_the_hours_of_numbers_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_STATS_HOURS", "0.5, 48")

    assert load().stats_hours == (0.5, 48.0)


def test_an_empty_environment_has_the_documented_defaults() -> None:
    settings = load()

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.socialcrm_api_url == "https://api.socialcrm.org/v1"
    assert (settings.host, settings.port, settings.log) == ("127.0.0.1", 3000, "text")
    assert (settings.rate_limit, settings.rate_window, settings.undo_seconds) == (600, 60.0, 10.0)


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SCRM_PORT", "http", "SCRM_PORT: should be a valid integer"),
        ("SCRM_PORT", "70000", "SCRM_PORT: should be less than or equal to 65535"),
        ("SCRM_LOG", "xml", "SCRM_LOG: should be 'text' or 'json'"),
        ("SCRM_RATE_LIMIT", "0", "SCRM_RATE_LIMIT: should be greater than or equal to 1"),
        ("SCRM_RATE_WINDOW", "-1", "SCRM_RATE_WINDOW: should be greater than 0"),
        ("SCRM_WATCH_SECONDS", "0", "SCRM_WATCH_SECONDS: should be greater than 0"),
        ("SCRM_STATS_HOURS", "24,1", "SCRM_STATS_HOURS: should be hours after publication"),
        ("SCRM_STATS_HOURS", "0", "SCRM_STATS_HOURS: should be hours after publication"),
        ("SCRM_STATS_HOURS", "soon", "SCRM_STATS_HOURS: should be a valid number"),
        ("REDIS_URL", "http://x", "REDIS_URL: should be a redis://"),
        ("REDIS_URL", "redis://", "REDIS_URL: should be a redis://"),
        ("REDIS_URL", "redis://[", "REDIS_URL: should be a redis://"),
        (
            "REDIS_URL",
            "redis://h:port/0",
            "REDIS_URL: should be an address whose hosts and ports can be read",
        ),
        ("REDIS_URL", "redis://h/zero", "REDIS_URL: should be an address that ends with the number"),
        ("REDIS_URL", "redis+sentinel://h", "REDIS_URL: should be redis+sentinel://host/service"),
        ("SLACK_API_URL", "ftp://x", "SLACK_API_URL: should be an address that starts with https://"),
        ("SLACK_API_URL", "https://[", "SLACK_API_URL: should be an address that starts with https://"),
        ("SLACK_API_URL", "https://h:port", "SLACK_API_URL: should be an address that starts with https://"),
        ("SOCIALCRM_API_URL", "api", "SOCIALCRM_API_URL: should be an address"),
        ("SCRM_ENCRYPTION_KEYS", "short", "SCRM_ENCRYPTION_KEYS: should be keys from `scrm-bot keys new`"),
        ("SCRM_ENCRYPTION_KEYS", f"{KEY},***", "number 2 is not one"),
        ("SLACK_CLIENT_ID", "1", "SLACK_CLIENT_SECRET: missing"),
        ("SLACK_CLIENT_SECRET", "1", "SLACK_CLIENT_ID: missing"),
    ],
)
def test_a_malformed_variable_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refused:
        load()

    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refused_key_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", "a-secret-with-a-typo")

    with pytest.raises(SettingsError) as refused:
        load()

    assert "a-secret-with-a-typo" not in str(refused.value)


def test_keys_are_read_newest_first_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    older = base64.urlsafe_b64encode(b"o" * 32).decode()
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", f" {KEY} , {older} ,")

    settings = load()

    assert settings.ring == (KEY, older)
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_a_bot_that_could_not_talk_to_slack_does_not_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=missing):
        load().require_slack()


def test_nothing_is_stored_without_a_key_to_seal_it_with() -> None:
    with pytest.raises(SettingsError, match="SCRM_ENCRYPTION_KEYS: missing"):
        load().require_keys()


def test_a_complete_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", KEY)

    settings = load().require_slack().require_keys()

    assert settings.slack_bot_token is not None
    assert "xoxb-1" not in repr(settings)


@pytest.mark.parametrize("scheme", ["redis", "rediss", "redis+cluster", "rediss+cluster"])
def test_every_way_redis_is_run_is_an_address(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("REDIS_URL", f"{scheme}://h")

    assert load().redis_url == f"{scheme}://h"


@pytest.mark.parametrize("scheme", ["redis+sentinel", "rediss+sentinel"])
def test_the_passwords_of_redis_and_of_its_sentinels_are_secrets(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("REDIS_URL", f"{scheme}://u:p%40ss@h/main?sentinel_password=hunter2")

    assert load().secrets == ("p@ss", "hunter2")
