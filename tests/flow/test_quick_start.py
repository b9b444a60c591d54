"""docs/quick-start.md, done: the manifest it names, the variables it names, the commands it names."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from tests.conftest import RedisServer, free_port
from tests.flow.conftest import House, settings_for
from tests.flow.test_processes import Processes, emptied

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/quick-start.md").read_text(encoding="utf-8")
TOLD = re.findall(r"^(\w+)=", PAGE, re.MULTILINE)
pytestmark = pytest.mark.redis


@pytest.fixture
async def newcomer(redis_server: RedisServer, tmp_path: Path) -> AsyncIterator[tuple[House, Processes]]:
    """The app made from manifest.socket.yml, and the three lines of .env."""
    async with AsyncExitStack() as stack:
        sandbox = await socialcrm.serve()
        stack.push_async_callback(sandbox.close)
        manifest = yaml.safe_load((ROOT / "manifest.socket.yml").read_text())
        standin = await slack.serve(world=World(manifest=manifest))
        stack.push_async_callback(standin.close)
        settings = settings_for(standin, sandbox)
        secrets = {
            "SLACK_APP_TOKEN": standin.world.app.app_token,
            "SLACK_BOT_TOKEN": standin.world.app.bot_token,
            "SCRM_ENCRYPTION_KEYS": settings.ring[0],
        }
        elsewhere = {
            "SLACK_API_URL": standin.api_url,
            "SOCIALCRM_API_URL": sandbox.base_url,
            "REDIS_URL": await emptied(redis_server),
            "SCRM_PORT": str(free_port()),
            "SCRM_UNDO_SECONDS": "0",
        }
        started = Processes({name: secrets[name] for name in TOLD} | elsewhere, tmp_path)
        stack.push_async_callback(started.stop)
        key = sandbox.sandbox.create_key(name="Acme")
        yield House(standin, sandbox, app.Bot(AsyncExitStack()), settings, key), started


async def checked(started: Processes) -> tuple[int, str]:
    """What `scrm-bot check` says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scrm_bot",
        "check",
        env=started.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_the_three_lines_are_all_that_check_wants(newcomer: tuple[House, Processes]) -> None:
    _, started = newcomer

    status, said = await checked(started)

    assert [line for line in said.splitlines() if not line.startswith("ok")] == []
    assert "complete, Socket Mode" in said
    assert status == 0


async def test_what_the_page_says_leads_to_a_published_post(newcomer: tuple[House, Processes]) -> None:
    house, started = newcomer
    run = await started.start("run")
    async with asyncio.timeout(30):
        while not house.slack.sockets.connected:
            await house.slack.space.hub.changed()

    await house.connect()
    await house.set_rules()
    post_id = await house.draft("The first post of a newcomer")
    await house.editor.command("/scrm publish last")
    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")
    run.send_signal(signal.SIGTERM)

    assert house.socialcrm.sandbox.publish_calls(post_id) == 1
    assert await run.wait() == 0


def test_the_lines_are_those_that_one_workspace_needs() -> None:
    assert set(TOLD) == {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SCRM_ENCRYPTION_KEYS"}
