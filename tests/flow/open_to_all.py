"""The bot as everybody may install it."""

import copy
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.telemetry.spans import Spans
from tests.conftest import free_port
from tests.flow.conftest import House, embedded, settings_for


@asynccontextmanager
async def open_to_all(*, spans: Spans | None = None, **changes: Any) -> AsyncIterator[House]:
    """Running, with these settings changed; nobody has installed it yet."""
    async with AsyncExitStack() as stack:
        port = free_port()
        manifest = copy.deepcopy(app.manifest())
        manifest["oauth_config"]["redirect_urls"] = [f"http://127.0.0.1:{port}/"]
        sandbox = await socialcrm.serve(config=SandboxConfig())
        stack.push_async_callback(sandbox.close)
        standin = await slack.serve(world=World(manifest=manifest, installed=False))
        stack.push_async_callback(standin.close)
        client = standin.world.app
        settings = settings_for(
            standin,
            sandbox,
            slack_bot_token=None,
            slack_client_id=client.client_id,
            slack_client_secret=client.client_secret,
            port=port,
            keep_audit_days=0,
            **changes,
        )
        redis = embedded()
        bot = await app.start(settings, redis=redis, spans=spans)
        stack.push_async_callback(bot.close)
        await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
        yield House(standin, sandbox, bot, settings, sandbox.sandbox.create_key(name="Acme"), redis)
