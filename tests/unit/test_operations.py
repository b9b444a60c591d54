"""check, api and keys rotate, between a sandbox, a Slack stand-in and a Redis of the tests' own."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from scrm_bot import app, checking, operations
from scrm_bot.checking import Finding
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.screen import RefusedError
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    SocialCRMUnreachableError,
    UnauthorizedError,
    UsageError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.settings import Settings, SettingsError, load
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.rotation import Rotated
from scrm_bot.store.work import RedisWorkQueue
from tests.conftest import RedisServer, free_port
from tests.contract.access import PAGE, with_user
from tests.contract.servers import say, server


@dataclass(slots=True)
class Outside:
    """Everything an installation talks to."""

    slack: slack.RunningSlack
    socialcrm: socialcrm.RunningSandbox
    redis: RedisServer

    def settings(self, **changes: Any) -> Settings:
        secrets = self.slack.world.app
        given = {
            "slack_signing_secret": secrets.signing_secret,
            "slack_bot_token": secrets.bot_token,
            "slack_api_url": self.slack.api_url,
            "socialcrm_api_url": self.socialcrm.base_url,
            "redis_url": self.redis.url,
            "encryption_keys": app.new_key(),
        }
        return load(**(given | changes))


@pytest.fixture
async def outside(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outside]:
    monkeypatch.delenv("SOCIALCRM_API_KEY", raising=False)
    async with AsyncExitStack() as stack:
        sandbox = await socialcrm.serve()
        stack.push_async_callback(sandbox.close)
        standin = await slack.serve(world=World(manifest=app.manifest()))
        stack.push_async_callback(standin.close)
        yield Outside(standin, sandbox, redis_server)


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in reversed(findings)}


async def test_where_everything_is_right_every_line_is_good(outside: Outside) -> None:
    findings = await checking.check(outside.settings())

    assert [finding.what for finding in findings] == ["settings", "Redis", "Slack", "manifest"]
    assert all(finding.good for finding in findings)
    told = by_name(findings)
    assert told["settings"].told == "complete, HTTP"
    assert "answers, version" in told["Redis"].told
    assert told["Slack"].told == "the token is for Acme Social"
    assert told["manifest"].told == f"/scrm, {len(COMMANDS) - 1} verbs"


async def test_no_line_holds_a_secret(outside: Outside) -> None:
    settings = outside.settings(redis_url=outside.redis.url.replace("//", "//me:hunter2@"))

    told = json.dumps([finding.told for finding in await checking.check(settings)])

    secrets = [settings.slack_bot_token, settings.slack_signing_secret, *settings.encryption_keys]
    assert not any(secret and secret.get_secret_value() in told for secret in secrets)
    assert "hunter2" not in told


async def test_socket_mode_is_named(outside: Outside) -> None:
    settings = outside.settings(slack_app_token=SecretStr("xapp-1"), slack_signing_secret=None)

    assert by_name(await checking.check(settings))["settings"].told == "complete, Socket Mode"


@pytest.mark.parametrize(
    ("changes", "what", "told"),
    [
        ({"encryption_keys": ""}, "settings", "SCRM_ENCRYPTION_KEYS: missing"),
        ({"slack_signing_secret": None}, "settings", "SLACK_SIGNING_SECRET"),
        ({"slack_bot_token": "xoxb-not-this-one"}, "Slack", "SLACK_BOT_TOKEN was not accepted"),
        ({"slack_bot_token": None}, "Slack", "no token to try"),
        (
            {"slack_client_id": "1.2", "slack_client_secret": "s"},
            "settings",
            "SLACK_BOT_TOKEN: should be empty",
        ),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack", "or Slack does not answer"),
    ],
)
async def test_what_is_wrong_is_named_in_its_own_line(
    outside: Outside, changes: dict[str, Any], what: str, told: str
) -> None:
    findings = await checking.check(outside.settings(**changes))

    found = by_name(findings)[what]
    assert not found.good
    assert told in found.told
    assert by_name(findings)["Redis"].good


async def test_many_workspaces_have_their_tokens_from_installations(outside: Outside) -> None:
    settings = outside.settings(
        slack_bot_token=None, slack_client_id="1.2", slack_client_secret=SecretStr("s")
    )

    assert by_name(await checking.check(settings))["Slack"] == Finding(
        good=True, what="Slack", told="tokens come from installations"
    )


async def test_a_redis_that_is_away_is_named_with_its_variable(outside: Outside) -> None:
    findings = await checking.check(outside.settings(redis_url=f"redis://127.0.0.1:{free_port()}/0"))

    found = by_name(findings)["Redis"]
    assert not found.good
    assert "does not answer" in found.told
    assert "REDIS_URL" in found.told


async def test_a_redis_that_is_not_fit_for_approvals_fails_the_check(
    outside: Outside, tmp_path: Path
) -> None:
    with server(tmp_path, "--appendonly", "no", "--maxmemory-policy", "allkeys-lru") as unfit:
        findings = await checking.check(outside.settings(redis_url=unfit.url))

    told = [finding.told for finding in findings if not finding.good]
    assert [line.partition(":")[0] for line in told] == [
        "the append-only file is off",
        "maxmemory-policy is allkeys-lru",
    ]


async def test_a_redis_that_cannot_be_written_fails_the_check(outside: Outside, tmp_path: Path) -> None:
    with server(tmp_path, "--appendonly", "yes") as unfit:
        say(unfit.port, "acl", "setuser", "reader", "on", ">pw", "~*", "+@all", "-@write", "-@scripting")
        without_rights = await checking.check(
            outside.settings(redis_url=f"redis://reader:pw@127.0.0.1:{unfit.port}/0")
        )
        say(unfit.port, "replicaof", "127.0.0.1", str(free_port()))
        say(unfit.port, "config", "set", "replica-serve-stale-data", "yes")
        replica = await checking.check(outside.settings(redis_url=unfit.url))

    for findings, word in ((without_rights, "NoPermissionError"), (replica, "ReadOnlyError")):
        (told,) = [finding.told for finding in findings if not finding.good]
        assert told.startswith(f"it answers, but nothing can be kept there ({word})")


async def test_the_documented_user_needs_one_more_right_for_another_database(
    outside: Outside, tmp_path: Path
) -> None:
    right = "+select"
    with server(tmp_path, "--appendonly", "yes") as strict:
        settings = outside.settings(redis_url=f"{with_user(strict).removesuffix('0')}1")
        without = by_name(await checking.check(settings))["Redis"]
        say(strict.port, "acl", "setuser", "scrm", right)
        with_it = by_name(await checking.check(settings))["Redis"]

    assert f"a database other than 0 `{right}`" in " ".join(PAGE.read_text().split())
    assert (without.good, with_it.good) == (False, True)
    assert "NoPermissionError" in without.told


async def test_the_token_for_socket_mode_is_tried(outside: Outside) -> None:
    given = outside.slack.world.app.app_token
    right = await checking.check(outside.settings(slack_app_token=given))
    wrong = await checking.check(outside.settings(slack_app_token="xapp-not-this-one"))
    away = await checking.check(
        outside.settings(slack_app_token=given, slack_api_url=f"http://127.0.0.1:{free_port()}/api/")
    )

    assert Finding(good=True, what="Slack", told="the app's token opens Socket Mode") in right
    told = [finding.told for finding in [*wrong, *away] if "SLACK_APP_TOKEN" in finding.told]
    assert told == [
        "SLACK_APP_TOKEN was not accepted (invalid_auth): it needs the scope connections:write",
        "SLACK_APP_TOKEN was not accepted (unreachable): Slack could not be asked",
    ]


async def test_a_redis_that_a_newer_bot_has_used_fails_the_check(outside: Outside, tmp_path: Path) -> None:
    with server(tmp_path) as newer:
        say(newer.port, "set", keys.SCHEMA, 99)
        findings = await checking.check(outside.settings(redis_url=newer.url))

    (told,) = [finding.told for finding in findings if not finding.good]
    assert "schema 99" in told


async def test_a_redis_that_keeps_its_settings_to_itself_is_no_failure(
    outside: Outside, tmp_path: Path
) -> None:
    commands = ("INFO", "CONFIG", "WAIT")
    hidden = [word for command in commands for word in ("--rename-command", command, "")]
    with server(tmp_path, *hidden) as managed:
        findings = await checking.check(outside.settings(redis_url=managed.url))

    told = [finding.told for finding in findings if finding.what == "Redis"]
    assert all(finding.good for finding in findings)
    assert "INFO, CONFIG GET, WAIT cannot be asked here" in told[0]
    assert "see to it that it is noeviction" in told[1]


async def test_the_api_is_read_with_the_key_of_the_environment(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALCRM_API_KEY", outside.socialcrm.sandbox.create_key())

    answer = json.loads(await operations.read_api(outside.settings(), "/v1/posts?limit=1"))

    assert len(answer["data"]) == 1


async def test_without_a_key_the_variable_is_named(outside: Outside) -> None:
    with pytest.raises(SettingsError, match="SOCIALCRM_API_KEY: missing"):
        await operations.read_api(outside.settings(), "/v1/posts")


async def test_a_refused_key_is_told_in_one_line_without_it(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "sk_live_" + "x" * 32
    monkeypatch.setenv("SOCIALCRM_API_KEY", key)

    with pytest.raises(UnauthorizedError) as refused:
        await operations.read_api(outside.settings(), "/v1/posts")

    told = operations.refusal(refused.value)
    assert told.startswith("Unauthorized: ")
    assert "\n" not in told
    assert key not in told


async def test_a_key_without_the_scope_is_told_so(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALCRM_API_KEY", outside.socialcrm.sandbox.create_key(scopes=["insights:read"]))

    with pytest.raises(ForbiddenScopeError):
        await operations.read_api(outside.settings(), "/v1/posts")


async def test_only_documented_reads_are_made(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALCRM_API_KEY", outside.socialcrm.sandbox.create_key())

    with pytest.raises(UsageError):
        await operations.read_api(outside.settings(), "/v1/secrets")


async def test_an_api_that_is_away_is_told_so(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALCRM_API_KEY", "sk_live_" + "x" * 32)
    settings = outside.settings(socialcrm_api_url=f"http://127.0.0.1:{free_port()}/v1")

    with pytest.raises(SocialCRMUnreachableError):
        await operations.read_api(settings, "/v1/posts")


async def test_rotating_nothing_is_fine(outside: Outside) -> None:
    finding = await operations.rotate(outside.settings(redis_url=f"{outside.redis.url[:-1]}7"))

    assert finding.good
    assert "0 sealed anew" in finding.told


@pytest.mark.parametrize(
    ("turned", "good", "told"),
    [
        (Rotated(anew=2, already=1), True, "2 sealed anew, 1 were already"),
        (Rotated(changed=1), False, "1 changed meanwhile: run it again"),
        (Rotated(unreadable=("scrm:x",)), False, "opens scrm:x"),
    ],
)
def test_rotating_is_over_when_nothing_is_left_to_seal(turned: Rotated, told: str, *, good: bool) -> None:
    finding = operations.told_of(turned)

    assert finding.good is good
    assert told in finding.told


async def test_rotating_without_redis_says_to_run_it_again(outside: Outside) -> None:
    finding = await operations.rotate(outside.settings(redis_url=f"redis://127.0.0.1:{free_port()}/0"))

    assert not finding.good
    assert "run it again" in finding.told


async def test_the_doctor_finds_a_running_installation_well(outside: Outside) -> None:
    settings = outside.settings(redis_url=f"{outside.redis.url[:-1]}6", port=free_port())
    bot = await app.start(settings)
    try:
        found = by_name(await operations.doctor(settings))
    finally:
        await bot.close()

    assert [finding for finding in found.values() if not finding.good] == []
    assert set(found) == {
        "settings",
        "Redis",
        "Slack",
        "manifest",
        "web",
        "queues",
        "clocks",
        "keys",
        "versions",
    }


async def test_the_doctor_finds_a_bot_that_listens_on_ipv6(outside: Outside) -> None:
    settings = outside.settings(
        redis_url=f"{outside.redis.url[:-1]}6", host="::1", port=free_port(), metrics_port=free_port()
    )
    bot = await app.start(settings, work=False)
    try:
        found = by_name(await operations.doctor(settings))["web"]
    finally:
        await bot.close()

    assert (bot.url, bot.metrics_url) == tuple(
        f"http://[::1]:{port}" for port in (settings.port, settings.metrics_port)
    )
    assert found == Finding(good=True, what="web", told=f"{bot.url} is ready")


async def test_the_doctor_names_a_signing_secret_of_another_app(outside: Outside) -> None:
    settings = outside.settings(
        redis_url=f"{outside.redis.url[:-1]}4", port=free_port(), slack_signing_secret="another" * 5
    )
    bot = await app.start(settings)
    try:
        await outside.slack.connect_bot(f"{bot.url}/slack/events")
        with pytest.raises(RefusedError, match="dispatch_failed"):
            await outside.slack.person("admin").command("/scrm help")
        found = by_name(await operations.doctor(settings))
    finally:
        await bot.close()

    assert not found["web"].good
    assert "is SLACK_SIGNING_SECRET this app's?" in found["web"].told


async def test_the_doctor_says_what_to_do_when_nothing_serves(outside: Outside) -> None:
    settings = outside.settings(redis_url=f"{outside.redis.url[:-1]}6", port=free_port())

    found = by_name(await operations.doctor(settings))

    assert not found["web"].good
    assert "scrm-bot web" in found["web"].told


async def test_the_doctor_names_keys_that_nothing_opens(outside: Outside) -> None:
    settings = outside.settings(redis_url=f"{outside.redis.url[:-1]}5", port=free_port())
    bot = await app.start(settings)
    await outside.slack.connect_bot(f"{bot.url}/slack/events")
    admin = outside.slack.person("admin")
    await admin.command("/scrm connect")
    await admin.fill({"API key": outside.socialcrm.sandbox.create_key(name="Acme")})
    await admin.submit()
    await admin.wait_for_modal("Connected")
    await bot.close()

    found = by_name(
        await operations.doctor(settings.model_copy(update={"encryption_keys": (SecretStr(app.new_key()),)}))
    )

    assert not found["keys"].good
    assert "none that is configured" in found["keys"].told


async def test_the_doctor_without_redis_says_so_once(outside: Outside) -> None:
    settings = outside.settings(redis_url=f"redis://127.0.0.1:{free_port()}/0", port=free_port())

    found = await operations.doctor(settings)

    assert [finding.what for finding in found if not finding.good] == ["Redis", "web"]


async def test_the_doctor_says_what_to_do_about_jobs_that_wait_and_that_were_given_up(
    outside: Outside,
) -> None:
    settings = outside.settings(redis_url=f"{outside.redis.url[:-1]}4", port=free_port())
    database = Database(clients(parse(settings.redis_url)))
    queue, now = RedisWorkQueue(database), datetime.now(UTC)
    await RedisJobQueue(database, "T_ACME").put(Job(JobKind.ACT, "act:1", "T_ACME", now))
    (claim,) = await queue.claim(limit=1, lease=60.0)
    await queue.bury(claim, reason="NotConnectedError")
    await database.do("ZADD", keys.dead(0), 1, '{"reason": "unreadable", "body": "?"}')
    given_up = by_name(await operations.doctor(settings))["queues"]
    old = Job(JobKind.RENDER, "render:1", "T_ACME", now - timedelta(minutes=5))
    await RedisJobQueue(database, "T_ACME").put(old)
    waiting = by_name(await operations.doctor(settings))["queues"]
    await database.close()

    assert not given_up.good
    assert "2 given up, such as act of T_ACME (NotConnectedError). Mend the cause" in given_up.told
    assert "/scrm status" in given_up.told
    assert not waiting.good
    assert "The first has waited for 30" in waiting.told
    assert "scrm-bot worker" in waiting.told
