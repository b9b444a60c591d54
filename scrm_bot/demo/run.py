"""Everything on loopback: SocialCRM's sandbox, Slack's stand-in with its page, and the unmodified bot."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import fakeredis

from scrm_bot import app
from scrm_bot.demo import story as stories
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import Intro, World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.settings import load

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demo:
    """All the parts, running."""

    sandbox: socialcrm.RunningSandbox
    slack: slack.RunningSlack
    bot: app.Bot
    key: str
    redis: str


async def main(*, port: int, story: bool = False, refuse: str = "") -> int:
    """Run until Ctrl-C, or play the story. Returns the exit status."""
    async with AsyncExitStack() as stack:
        try:
            demo = await start(stack, port=0 if story else port, undo_seconds=1.0 if story else 10.0)
        except OSError as error:
            _say(f"Port {port} cannot be used ({error.strerror}). Another one: scrm-bot demo --port 0")
            return 1
        if refuse:
            code, _, path = refuse.partition("@")
            try:
                demo.sandbox.sandbox.faults.add("error", code=code, path=path or "/v1/*", times=None)
            except ValueError as error:
                _say(f"--refuse: {error}")
                return 2
        if story:
            return await stories.play(demo.slack, key=demo.key, tell=_say)
        _say(f"\n  Open  {demo.slack.url}\n\n  Setting up the workspace ...")
        await stories.set_up(demo.slack, key=demo.key)
        _say(
            f"  Ready. Become someone else at the top of the page; Ctrl-C stops everything.\n"
            f"    Slack stand-in   {demo.slack.url}\n"
            f"    SocialCRM        {demo.sandbox.url}  (sandbox)\n"
            f"    bot              {demo.bot.url}\n"
            f"    Redis            {demo.redis}\n"
        )
        await _stopped()
    return 0


async def start(stack: AsyncExitStack, *, port: int, undo_seconds: float) -> Demo:
    """Start the parts in the order they need each other; the stack stops them in the opposite one."""
    sandbox = await socialcrm.serve(LOOPBACK, 0)
    stack.push_async_callback(sandbox.close)
    standin = await slack.serve(LOOPBACK, port, World(manifest=app.manifest()))
    stack.push_async_callback(standin.close)
    outside = load()
    embedded = "redis_url" not in outside.model_fields_set
    secrets = standin.world.app
    settings = load(
        slack_signing_secret=secrets.signing_secret,
        slack_bot_token=secrets.bot_token,
        slack_client_id=None,
        slack_client_secret=None,
        slack_app_token=None,
        slack_api_url=standin.api_url,
        socialcrm_api_url=sandbox.base_url,
        encryption_keys=app.new_key() if embedded else ",".join(outside.ring) or app.new_key(),
        host=LOOPBACK,
        port=0,
        undo_seconds=undo_seconds,
    )
    bot = await app.start(settings, redis=embedded_redis() if embedded else None)
    stack.push_async_callback(bot.close)
    await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
    redis = "embedded (fakeredis)" if embedded else "the server in REDIS_URL"
    standin.tell_newcomers(_intro(standin.url, sandbox.url, bot.url, redis))
    return Demo(sandbox, standin, bot, sandbox.sandbox.create_key(name="Acme Social"), redis)


def embedded_redis() -> Callable[..., fakeredis.FakeAsyncRedis]:
    """Clients of one Redis inside this process."""
    server = fakeredis.FakeServer(version=(7, 4))

    def make(*, blocking: bool) -> fakeredis.FakeAsyncRedis:  # noqa: ARG001  each call is a client of its own
        return fakeredis.FakeAsyncRedis(server=server)

    return make


def _intro(page: str, sandbox: str, bot: str, redis: str) -> Intro:
    return Intro(
        title="Plan, approve and publish social posts without leaving Slack",
        lines=(
            "You are Ed, an editor. Ana approves, Ada is the admin, Gus is a guest: switch at the top.",
            "This page stands in for Slack. The bot behind it is the real one.",
        ),
        suggestions=(
            {"label": "Draft a post", "channel": "social", "text": "/scrm draft"},
            {
                "label": "Schedule your newest draft",
                "channel": "social",
                "text": "/scrm schedule last tomorrow 09:00",
            },
            {"label": "Read today's digest", "channel": "social", "text": "/scrm digest preview"},
        ),
        running=(
            {"name": "Slack stand-in", "url": page, "what": "this page, and the Web API the bot calls"},
            {
                "name": "SocialCRM sandbox",
                "url": sandbox,
                "what": "the documented API, with posts you can edit there",
            },
            {"name": "scrm-bot", "url": f"{bot}/healthz", "what": "the product, unmodified"},
            {"name": "Redis", "url": "", "what": redis},
        ),
        verbs=tuple(dict(verb) for verb in app.verbs()),
    )


async def _stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
