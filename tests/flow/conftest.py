"""The whole bot between a strict Slack and a SocialCRM sandbox, over real HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import fakeredis
import pytest

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.settings import Settings, load
from tests.flow.recording import (
    pytest_collection_finish,
    pytest_deselected,
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_terminal_summary,
)

__all__ = [
    "House",
    "a_house",
    "pytest_collection_finish",
    "pytest_deselected",
    "pytest_runtest_logreport",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]


@dataclass(slots=True)
class House:
    """Everything running, and who is in it."""

    slack: slack.RunningSlack
    socialcrm: socialcrm.RunningSandbox
    bot: app.Bot
    settings: Settings
    key: str
    redis: Callable[..., fakeredis.FakeAsyncRedis] | None = None

    @property
    def editor(self) -> Person:
        return self.slack.person("editor")

    @property
    def approver(self) -> Person:
        return self.slack.person("approver")

    @property
    def admin(self) -> Person:
        return self.slack.person("admin")

    @property
    def guest(self) -> Person:
        return self.slack.person("guest")

    async def connect(self) -> None:
        """`/scrm connect`, as the admin does it."""
        await self.admin.command("/scrm connect")
        await self.admin.fill({"API key": self.key})
        await self.admin.submit()
        await self.admin.wait_for_modal("Connected")
        await self.admin.close(clear=True)

    async def set_rules(self, **more: object) -> None:
        """`/scrm settings`: Ana approves, in #approvals."""
        await self.admin.command("/scrm settings")
        await self.admin.fill({"Approvals channel": "approvals", "Approvers": [self.approver.id]})
        for label, value in more.items():
            await self.admin.fill({label.replace("_", " "): str(value)})
        await self.admin.submit()
        await self.admin.wait_for_message("saved")
        await self.admin.close(clear=True)

    async def give_role(self, role: str, person: Person) -> None:
        """`/scrm team`, as the admin does it; `role` as its field is called."""
        await self.admin.command("/scrm team")
        await self.admin.click("Change roles")
        await self.admin.fill({role: [person.id]})
        await self.admin.submit()
        await self.admin.wait_for_message("Roles saved")
        await self.admin.close(clear=True)

    async def restart(self) -> None:
        """The bot's process ends, and another takes its place."""
        await self.bot.close()
        self.bot = await app.start(self.settings, redis=self.redis)
        await self.slack.connect_bot(f"{self.bot.url}/slack/events")

    async def close_bot(self) -> None:
        await self.bot.close()

    def edit_in_socialcrm(self, post_id: str, body: str) -> None:
        """Change a post behind the bot's back."""
        posts = self.socialcrm.sandbox.posts.by_id
        posts[post_id] = replace(posts[post_id], body=body)

    async def draft(self, text: str, *, to: str = "all") -> str:
        """`/scrm draft TEXT --to …`; the new post's id."""
        before = set(self.socialcrm.sandbox.posts.by_id)
        await self.editor.command(f"/scrm draft {text} --to {to}")
        await self.editor.wait_for_message(text[:30], channel="#social")
        (made,) = set(self.socialcrm.sandbox.posts.by_id) - before
        return made


def embedded() -> Callable[..., fakeredis.FakeAsyncRedis]:
    """Clients of one Redis inside this process."""
    server = fakeredis.FakeServer(version=(7, 4))

    def make(*, blocking: bool) -> fakeredis.FakeAsyncRedis:
        return fakeredis.FakeAsyncRedis(server=server)

    return make


def settings_for(
    standin: slack.RunningSlack, sandbox: socialcrm.RunningSandbox, **changes: object
) -> Settings:
    secrets = standin.world.app
    return load(
        **{
            "slack_signing_secret": secrets.signing_secret,
            "slack_bot_token": secrets.bot_token,
            "slack_api_url": standin.api_url,
            "socialcrm_api_url": sandbox.base_url,
            "encryption_keys": app.new_key(),
            "port": 0,
            "undo_seconds": 0.0,
            "settle_seconds": 0.2,
        }
        | changes
    )


@asynccontextmanager
async def a_house(**changes: object) -> AsyncIterator[House]:
    """A workspace that has just installed the bot, which runs with these settings."""
    async with AsyncExitStack() as stack:
        sandbox = await socialcrm.serve(config=SandboxConfig())
        stack.push_async_callback(sandbox.close)
        standin = await slack.serve(world=World(manifest=app.manifest()))
        stack.push_async_callback(standin.close)
        settings = settings_for(standin, sandbox, **changes)
        redis = embedded()
        bot = await app.start(settings, redis=redis)
        house = House(standin, sandbox, bot, settings, sandbox.sandbox.create_key(name="Acme"), redis)
        stack.push_async_callback(house.close_bot)
        await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
        yield house


@pytest.fixture
async def empty_house() -> AsyncIterator[House]:
    """A workspace that has just installed the bot."""
    async with a_house() as house:
        yield house


@pytest.fixture
async def house(empty_house: House) -> House:
    """A workspace that is connected and has its rules."""
    await empty_house.connect()
    await empty_house.set_rules()
    return empty_house
