"""What of the environment is taken, and what is refused with one line."""

import base64
from datetime import timedelta

import pytest

from scrm_bot.settings import LEAST_SETTLE, SettingsError, load
from scrm_bot.socialcrm.http import Timeouts
from scrm_bot.usecases.outcomes import Timing

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OLDER = base64.urlsafe_b64encode(b"o" * 32).decode()
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
        ("SCRM_ENCRYPTION_KEYS", f"{KEY},{KEY}", "SCRM_ENCRYPTION_KEYS: should be different keys"),
        ("SCRM_ENCRYPTION_KEYS", f"{KEY},{KEY.rstrip('=')}", "number 2 is number 1 again"),
        ("SCRM_STATS_HOURS", "nan", "SCRM_STATS_HOURS: should be hours after publication"),
        ("SCRM_STATS_HOURS", "inf", "SCRM_STATS_HOURS: should be hours after publication"),
        ("SCRM_RATE_WINDOW", "nan", "SCRM_RATE_WINDOW: should be"),
        ("SCRM_UNDO_SECONDS", "nan", "SCRM_UNDO_SECONDS: should be"),
        ("SCRM_LEASE_SECONDS", "nan", "SCRM_LEASE_SECONDS: should be"),
        (
            "SLACK_BOT_TOKEN",
            "xoxb-1\r\nX-Evil: 1",
            "SLACK_BOT_TOKEN: should be one word of visible characters",
        ),
        (
            "SLACK_SIGNING_SECRET",
            "two words",
            "SLACK_SIGNING_SECRET: should be one word of visible characters",
        ),
        ("SLACK_APP_TOKEN", "xapp-\u200b1", "SLACK_APP_TOKEN: should be one word of visible characters"),
        ("SOCIALCRM_API_URL", "http://api.socialcrm.org", "SOCIALCRM_API_URL: should be https://"),
        ("SOCIALCRM_API_URL", "https://a b/v1", "should be an address without spaces and line ends in it"),
        ("SOCIALCRM_API_URL", "https://a/v1\nx", "should be an address without spaces and line ends in it"),
        ("SLACK_API_URL", "https://a\u200b/", "should be an address without spaces and line ends in it"),
        ("SCRM_PUBLIC_URL", "https://a\u00a0b/", "should be an address without spaces and line ends in it"),
        ("SCRM_PUBLIC_URL", "https://a..b/", "SCRM_PUBLIC_URL: should be an address whose host name can be"),
        ("SLACK_API_URL", f"https://{'a' * 70}/", "SLACK_API_URL: should be an address whose host name"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://xn--/", "should be an address whose host name can be used"),
        ("SOCIALCRM_API_URL", "https://u:p@api.example/v1", "SOCIALCRM_API_URL: should be an address alone"),
        ("SLACK_API_URL", "https://slack.example/api/?x=1", "SLACK_API_URL: should be an address alone"),
        ("SCRM_PUBLIC_URL", "https://bot.example/#", "SCRM_PUBLIC_URL: should be an address alone"),
        ("SCRM_HOST", "a..b", "SCRM_HOST: should be an IP address or a name of this machine"),
        ("SCRM_HOST", "a" * 80, "SCRM_HOST: should be an IP address or a name of this machine"),
        ("SOCIALCRM_API_URL", "HTTP://8.8.8.8/v1", "SOCIALCRM_API_URL: should be https://"),
        ("SLACK_API_URL", "http://slack.com/api/", "SLACK_API_URL: should be https://"),
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


@pytest.mark.parametrize(
    "url",
    [
        "https://api.socialcrm.org/v1",
        "http://127.0.0.1:8390/v1",
        "http://[::1]:8390/v1",
        "http://192.168.1.4/v1",
        "http://localhost:8390/v1",
        "http://sandbox:8390/v1",
        "http://host.docker.internal:8390/v1",
        "http://sandbox.tools.svc.cluster.local/v1",
    ],
)
def test_without_tls_a_key_goes_no_further_than_the_own_network(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SOCIALCRM_API_URL", url)

    assert load().socialcrm_api_url == url


def test_what_stands_around_an_address_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOCIALCRM_API_URL", "SLACK_API_URL", "SCRM_PUBLIC_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        monkeypatch.setenv(name, " https://api.example/v1\r\n")
    settings = load()

    found = {settings.socialcrm_api_url, settings.slack_api_url, settings.public_url, settings.otlp_endpoint}
    assert found == {"https://api.example/v1"}


@pytest.mark.parametrize(
    ("given", "host"), [("::1", "::1"), ("[::]", "::"), (" 0.0.0.0\n", "0.0.0.0"), ("büro", "büro")]
)
def test_where_to_listen_is_an_address_or_a_name(
    monkeypatch: pytest.MonkeyPatch, given: str, host: str
) -> None:
    monkeypatch.setenv("SCRM_HOST", given)

    assert load().host == host


@pytest.mark.parametrize("end", ["\r", "\n", " ", "\t", "\r\n"])
def test_the_end_of_a_line_is_no_part_of_a_secret(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, f" {name.lower()}{end}")
    monkeypatch.setenv("SLACK_APP_TOKEN", end)
    settings = load()

    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == "slack_bot_token"
    assert settings.slack_client_id == "slack_client_id"
    assert settings.slack_app_token is None


def test_variables_of_other_programs_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "LOG", "RATE_LIMIT", "UNDO_SECONDS", "ENCRYPTION_KEYS", "slack_bot_token"):
        monkeypatch.setenv(name, "8080")
        monkeypatch.setenv(name.lower(), "8080")
    monkeypatch.delenv("slack_bot_token")  # the one way to write a variable of ours in small letters
    settings = load()

    assert (settings.host, settings.port, settings.log) == ("127.0.0.1", 3000, "text")
    assert (settings.rate_limit, settings.undo_seconds, settings.ring) == (600, 10.0, ())


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_PORT", "8080")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")

    assert load(port=1).port == load(SCRM_PORT="1").port == 1
    assert load(slack_bot_token=None).slack_bot_token is None


def test_the_passwords_in_addresses_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:hun%74er2@collector:4318")

    assert load().secrets == ("hunter2",)


def test_a_refused_key_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", "a-secret-with-a-typo")

    with pytest.raises(SettingsError) as refused:
        load()

    assert "a-secret-with-a-typo" not in str(refused.value)


def test_keys_are_read_newest_first_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", f" {KEY} , {OLDER} ,")

    settings = load()

    assert settings.ring == (KEY, OLDER)
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    "given",
    [
        *(f"{KEY}{between}{OLDER}" for between in ("", " ", "\n", "\t", ";", "|", ":", "=", ", ;")),
        *(f"{KEY.rstrip('=')}{end}" for end in (";", "==", "= x", "\u0661")),
        *(f"{quote}{KEY.rstrip('=')}" for quote in "'\""),
        f"{KEY[:20]}*{KEY[20:]}",
    ],
)
def test_keys_that_commas_do_not_separate_are_refused_and_none_is_dropped(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", given)

    with pytest.raises(SettingsError, match=r"separated by commas; number \d is not one"):
        load()


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


def test_one_workspaces_token_beside_an_app_for_many_is_a_concern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "s")
    with pytest.raises(SettingsError, match="SCRM_PUBLIC_URL: missing"):
        load().require_slack()

    monkeypatch.setenv("SCRM_PUBLIC_URL", "https://bot.example.org")
    assert load().require_slack().concerns == ()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    (told,) = load().require_slack().concerns
    assert told.startswith("SLACK_BOT_TOKEN: should be empty beside SLACK_CLIENT_ID")


def test_nothing_is_stored_without_a_key_to_seal_it_with() -> None:
    with pytest.raises(SettingsError, match="SCRM_ENCRYPTION_KEYS: missing"):
        load().require_keys()


@pytest.mark.parametrize(
    ("seconds", "url", "is_taken"),
    [
        ("90", "https://api.socialcrm.org/v1", True),
        ("89", "https://api.socialcrm.org/v1", False),
        ("1", "http://127.0.0.1:8080/v1", True),
        ("1", "http://10.0.0.7/v1", True),
        ("1", "http://sandbox:8080/v1", True),
        ("1", "https://8.8.8.8/v1", False),
    ],
)
def test_a_lost_answer_is_not_settled_before_the_longest_call_has_ended(
    monkeypatch: pytest.MonkeyPatch, seconds: str, url: str, *, is_taken: bool
) -> None:
    monkeypatch.setenv("SCRM_SETTLE_SECONDS", seconds)
    monkeypatch.setenv("SOCIALCRM_API_URL", url)

    settings = load()
    if is_taken:
        assert settings.require_settle() is settings
    else:
        with pytest.raises(SettingsError, match="SCRM_SETTLE_SECONDS: should be at least 90"):
            settings.require_settle()


def test_the_least_wait_is_twice_the_longest_call_that_leaves_late() -> None:
    longest = Timing().leave + timedelta(seconds=Timeouts().total)

    assert timedelta(seconds=2 * Timeouts().total) <= timedelta(seconds=LEAST_SETTLE) <= Timing().settle
    assert longest < timedelta(seconds=LEAST_SETTLE) * 0.6


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
