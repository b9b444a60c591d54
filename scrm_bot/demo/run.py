"""Everything on loopback: SocialCRM's sandbox, Slack's stand-in with its page, and the unmodified bot."""

import asyncio
import signal
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from scrm_bot import app
from scrm_bot.demo import story as stories
from scrm_bot.demo import troubles
from scrm_bot.demo.clock import MovableClock, embedded_redis
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.world import Intro, World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.errors import STATUS
from scrm_bot.settings import load

LOOPBACK = "127.0.0.1"
OUTAGE = 20.0
SETTLE = 10.0  # seconds; the sandbox is so near that nothing of a lost call can still arrive


@dataclass(frozen=True, slots=True)
class Demo:
    """All the parts, running."""

    sandbox: socialcrm.RunningSandbox
    slack: slack.RunningSlack
    bot: app.Bot
    key: str
    redis: str
    clock: MovableClock


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which calls the sandbox refuses, and with which code: `CODE` or `CODE@PATH`."""

    code: str
    path: str

    @classmethod
    def read(cls, words: str) -> "Refusal":
        """Raises `ValueError`, with the codes there are, for one that SocialCRM does not document."""
        code, _, path = words.partition("@")
        if code not in STATUS:
            raise ValueError(f"the code should be one of {', '.join(STATUS)}")
        return cls(code, path or "/v1/*")


async def main(*, port: int, story: bool = False, refuse: str = "") -> int:
    """Run until Ctrl-C, or play the story. Returns the exit status."""
    try:
        refusal = Refusal.read(refuse) if refuse else None
    except ValueError as error:
        _say(f"--refuse: {error}")
        return 2
    async with AsyncExitStack() as stack:
        try:
            demo = await start(stack, port=0 if story else port, undo_seconds=1.0 if story else 10.0)
        except OSError as error:
            _say(f"Port {port} cannot be used ({error.strerror}). Another one: scrm-bot demo --port 0")
            return 1
        if story:
            _refuse(demo, refusal)
            return await stories.play(demo.slack, key=demo.key, tell=_say)
        return await _stay_open(demo, refusal)


async def _stay_open(demo: Demo, refusal: Refusal | None) -> int:
    """Make the workspace ready, say where everything is, and wait for Ctrl-C."""
    _say(f"\n  Open  {demo.slack.url}\n\n  Setting up the workspace ...")
    try:
        await stories.set_up(demo.slack, key=demo.key)
    except stories.NotSetUpError as error:
        _say(f"  The workspace could not be set up:\n  {error}")
        return 1
    _refuse(demo, refusal)  # after the set-up, which a person wants to have behind them
    _say(
        f"  Ready. Become someone else at the top of the page; Ctrl-C stops everything.\n"
        f"    Slack stand-in   {demo.slack.url}\n"
        f"    SocialCRM        {demo.sandbox.url}  (sandbox)\n"
        f"    bot              {demo.bot.url}\n"
        f"    Redis            {demo.redis}\n"
    )
    await _stopped()
    return 0


def _refuse(demo: Demo, refusal: Refusal | None) -> None:
    if refusal:
        demo.sandbox.sandbox.faults.add("error", code=refusal.code, path=refusal.path, times=None)


async def start(
    stack: AsyncExitStack,
    *,
    port: int,
    undo_seconds: float,
    outage: float = OUTAGE,
    clock: MovableClock | None = None,
) -> Demo:
    """Start the parts in the order they need each other; the stack stops them in the opposite one.

    `outage` is for how long SocialCRM is away when somebody asks for that, in seconds.
    """
    clock = clock or MovableClock()
    sandbox = await socialcrm.serve(LOOPBACK, 0, SandboxConfig(now=clock.now))
    stack.push_async_callback(sandbox.close)
    world = World(manifest=app.manifest(), clock=clock.seconds, wire_clock=time.time)
    standin = await slack.serve(LOOPBACK, port, world)
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
        undo_seconds=outside.undo_seconds if "undo_seconds" in outside.model_fields_set else undo_seconds,
        settle_seconds=outside.settle_seconds if "settle_seconds" in outside.model_fields_set else SETTLE,
    )
    bot = await app.start(settings, redis=embedded_redis(clock) if embedded else None, clock=clock)
    stack.push_async_callback(bot.close)
    await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
    redis = "embedded (fakeredis)" if embedded else "the server in REDIS_URL"
    standin.tell_newcomers(_intro(standin.url, sandbox.url, bot.url, redis))
    standin.offer(troubles.offer(troubles.Stage(standin, sandbox, clock, outage), time_moves=embedded))
    return Demo(sandbox, standin, bot, sandbox.sandbox.create_key(name="Acme Social"), redis, clock)


def _intro(page: str, sandbox: str, bot: str, redis: str) -> Intro:
    return Intro(
        title="Plan, approve and publish social posts without leaving Slack",
        lines=("Ana approves, Ada is the admin, Gus is a guest: switch person at the top.",),
        suggestions=(
            _suggest("Draft a post", "/scrm draft"),
            _suggest("Schedule your newest draft", "/scrm schedule last tomorrow 09:00"),
            _suggest("See what is planned", "/scrm calendar"),
            _suggest("Read today's digest", "/scrm digest preview"),
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
        by_hand=(
            f"By hand: edit, reschedule or delete posts in <{sandbox}/posts|SocialCRM's own page>. A lost "
            f"answer is settled after {SETTLE:g} seconds here, unless that is set; in production after 90."
        ),
    )


def _suggest(label: str, text: str) -> Json:
    return {"label": label, "channel": "social", "text": text}


async def _stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
