"""Lines carry an id, and no secret."""

import asyncio
import json
import logging
import sys
from base64 import b64encode, urlsafe_b64decode
from urllib.parse import quote

import pytest

from scrm_bot import log
from scrm_bot.domain import grammar
from scrm_bot.store.vault import new_key

KEY = "sk_live_" + "a" * 32
WHOLE = "f3b1c5d7e9a0" * 3


@pytest.mark.parametrize("secret", [KEY, "xoxb-1-abc", "xapp-1-abc", "xoxe.xoxp-1", "xoxe-1-abc"])
def test_a_secret_is_blotted_out(secret: str) -> None:
    blotted = log.blot(f"before {secret} after")

    assert secret not in blotted
    assert blotted.startswith("before ")
    assert blotted.endswith(" after")


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {WHOLE}",
        f"{{'Authorization': 'Bearer {WHOLE}'}}",
        f'{{"authorization": "{WHOLE}"}}',
        f"(b'x-api-key', b'{WHOLE}')",
        f"a header of bearer {WHOLE}",
        f"SCRM_ENCRYPTION_KEYS={WHOLE},{WHOLE}",
        f"SLACK_SIGNING_SECRET: '{WHOLE}'",
        f"POST https://bucket.example/a?size=1&X-Amz-Signature={WHOLE}&x=1",
        f"GET /slack/oauth_redirect?code={WHOLE}&state={WHOLE}",
        f"https://slack.com/api/oauth.v2.access?grant=1&refresh_token={WHOLE}",
        f"redis+sentinel://a,b/main?sentinel_username=u&sentinel_password={WHOLE}",
        f"http://proxy.example/?password={WHOLE}",
        f"redis://someone:{WHOLE}@127.0.0.1:6379/0",
        f"rediss+cluster://:{WHOLE}@redis.example",
        f"redis://:{WHOLE}/@{WHOLE}@redis.example",
        f"traces go to http://u:{WHOLE}@collector:4318",
        f"https://me:{WHOLE}@{WHOLE}@api.example/v1?a=b",
        f"sentinel+custom://me:{WHOLE}@host",
        f"wss://wss-primary.slack.com/link/?ticket={WHOLE}",
        f"https://hooks.slack.com/commands/T1/2/{WHOLE}",
        f"http://127.0.0.1:1/response/{WHOLE}",
    ],
)
def test_what_stands_where_secrets_stand_is_blotted_out(line: str) -> None:
    blotted = log.blot(line)

    assert WHOLE not in blotted
    assert "****" in blotted


@pytest.mark.parametrize(
    "line",
    [
        "Slack refused chat.postMessage: not_in_channel",
        "the bearer of bad news",
        "job act:ap_1 of T1 failed, attempt 3",
        "redis://127.0.0.1:6379/0 answers",
        "GET /posts?limit=5&offset=20",
        "http://127.0.0.1:8080/path?mail=a@b",
        "http://host:4318 and me@example.org",
        "task_risk_free_holiday",
        '{"url": "http://host:4318","from":"me@example.org"}',
    ],
)
def test_what_is_no_secret_stays_as_it_is(line: str) -> None:
    assert log.blot(line) == line


# What is a key, for whoever masks what is typed, keeps it out of the log, and takes it when it is connected.
KEYS = [
    KEY,
    "sk_prod_" + "a1B2c3",
    "sk_live_" + "ab+cd",
    "SK_TEST_" + "ab.cd-ef/gh==x",
    "sk_live_" + "a:b@c!d#e$f%g&h*i?j^k~",
    "sk_sandbox_" + "~" * 6,
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_one_to_everybody_who_has_to_know(key: str) -> None:
    secret = key.split("_", 2)[2]

    assert grammar.is_key(key)
    assert grammar.mask_keys(f"use {key}, please") == ("use sk_live_****, please", True)
    assert secret not in log.blot(f"use {key}, please")
    assert secret not in log.blot(json.dumps({"key": key, "more": 1}))
    assert json.loads(log.blot(json.dumps({"key": key, "more": 1})))["more"] == 1


@pytest.mark.parametrize("text", ["sk_other_abc", "risk_free_holidays", "sk_live_", "sk_prod_***"])
def test_what_is_no_key_is_none_to_anybody(text: str) -> None:
    assert not grammar.is_key(text)
    assert grammar.mask_keys(text) == (text, False)


def test_an_encryption_key_is_blotted_out_before_anybody_named_it() -> None:
    key = new_key()

    assert log.blot(f"number 2, {key}, is not one") == "number 2, ****, is not one"


def test_what_the_process_was_given_is_blotted_out_in_every_form() -> None:
    key, password = new_key(), 'pa"ss:wörd/1+2'
    log.keep_secret(key, password, "short")
    raw = urlsafe_b64decode(key)
    forms = [
        key,
        key.rstrip("="),
        raw.hex(),
        raw.hex().upper(),
        b64encode(raw).decode(),
        quote(key),
        key.encode().hex(),
        b64encode(key.encode()).decode(),
        password,
        quote(password, safe=""),
        json.dumps(password),
        password.encode().hex(),
    ]

    for form in forms:
        blotted = log.blot(f"<{form}>")
        assert form.strip('"=') not in blotted
        assert "****" in blotted
    assert log.blot("short") == "short"


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_line_has_the_request_id_and_no_key(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(style)
    request_id = log.new_request_id()

    logging.getLogger("scrm_bot.test").warning("typed %s", KEY)

    line = capsys.readouterr().err
    assert request_id in line
    assert KEY not in line


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("logger", ["aiohttp.server", "slack_sdk", "slack_bolt", "httpx", "redis", "asyncio"])
def test_the_lines_of_libraries_pass_the_filter(
    style: str, logger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(style)

    try:
        try:
            int(KEY)
        except ValueError as error:
            raise LookupError(f"with {KEY}") from error
    except LookupError:
        logging.getLogger(logger).exception("Authorization: Bearer %s", WHOLE)

    line = capsys.readouterr().err
    assert "LookupError" in line
    assert "ValueError" in line
    assert KEY not in line
    assert WHOLE not in line


@pytest.mark.parametrize(
    "logger", ["slack_bolt.AsyncApp", "slack_sdk.socket_mode.aiohttp", "httpx", "aiohttp.access"]
)
def test_libraries_that_show_whole_bodies_are_silent_below_a_warning(
    logger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure("text", level=logging.DEBUG)
    loud = logging.getLogger(logger)
    loud.setLevel(logging.DEBUG)  # as Bolt does, after that

    loud.debug("Received a message: a secret plan")
    loud.info("a secret plan")
    loud.warning("something to know")
    loud.setLevel(logging.NOTSET)

    told = capsys.readouterr().err
    assert "secret plan" not in told
    assert "something to know" in told


def test_a_json_line_keeps_a_traceback_without_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")

    try:
        int(KEY)
    except ValueError:
        logging.getLogger("scrm_bot.test").exception("it failed")

    line = json.loads(capsys.readouterr().err)
    assert "ValueError" in line["error"]
    assert KEY not in line["error"]


async def test_a_json_line_tells_what_its_task_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    logger = logging.getLogger("scrm_bot.test")

    async def work(team: str) -> None:
        log.about(team=team, job="act:1", kind="act")
        await asyncio.sleep(0)
        logger.info("done", extra={"outcome": "ok", "seconds": 0.25})

    await asyncio.gather(work("T1"), work("T2"))
    logger.info("nobody's")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["team"], line["job"], line["kind"]) for line in lines[:2]] == [
        ("T1", "act:1", "act"),
        ("T2", "act:1", "act"),
    ]
    assert (lines[0]["outcome"], lines[0]["seconds"]) == ("ok", 0.25)
    assert not {"team", "job", "kind", "seconds"} & lines[2].keys()


def test_a_line_that_cannot_be_written_does_not_show_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("text")

    logging.getLogger("scrm_bot.test").warning("one %d", KEY)

    told = capsys.readouterr().err
    assert "could not be written: TypeError" in told
    assert KEY not in told


def test_what_ends_the_process_passes_the_filter(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("text")

    try:
        int(KEY)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)

    told = capsys.readouterr().err
    assert "nothing caught this" in told
    assert "ValueError" in told
    assert KEY not in told


def test_an_interrupt_from_the_keyboard_is_left_to_python(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("text")

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert "nothing caught this" not in capsys.readouterr().err
