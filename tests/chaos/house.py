"""The bot's processes between the stand-ins, and what a test can see of the main job."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.world import ADA, ANA, APPROVALS, Pace, World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.posts import Post, PostBook
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.workspaces import Secret, WorkspaceSettings
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.records import milliseconds
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring
from scrm_bot.views.states import chip, told
from tests.chaos.running import PATIENCE, Processes, until
from tests.chaos.strikes import CALL_SECONDS, FOLDER_VARIABLE, Strikes
from tests.conftest import RedisServer, free_port

SETTLE_SECONDS = 2.5  # longer than any call takes to be applied here
TEAM = World().team_id


@dataclass(slots=True, kw_only=True, repr=False)
class House(Processes):
    """A connected workspace; its bot is started, killed, frozen and started again by parts.

    `reached` counts the calls to publish that an API without any check of its own would have carried out: the
    sandbox refuses the second, which SocialCRM need not do.
    """

    slack: slack.RunningSlack
    running: socialcrm.RunningSandbox
    redis: RedisServer
    database: Database
    key: str = ""
    reached: Counter[str] = field(default_factory=Counter)

    @property
    def sandbox(self) -> Sandbox:
        return self.running.sandbox

    @property
    def store(self) -> RedisApprovalStore:
        return RedisApprovalStore(self.database, TEAM)

    @property
    def editor(self) -> Person:
        return self.slack.person("editor")

    @property
    def approver(self) -> Person:
        return self.slack.person("approver")

    @property
    def second_approver(self) -> Person:
        return self.slack.person("admin")

    # The main job

    def draft(self, body: str) -> str:
        """A draft, made in SocialCRM; its id."""
        account = self.sandbox.accounts[0].id
        return self.sandbox.posts.create(body=body, account_ids=(account,), media_ids=()).id

    async def asked(self, body: str, *, at: str = "") -> str:
        """A draft that somebody asked to publish (with `at`, to schedule), its card posted; its id."""
        post_id = self.draft(body)
        verb = f"schedule {post_id} {at}" if at else f"publish {post_id}"
        await self.editor.command(f"/scrm {verb}")
        await self.told(post_id, State.PENDING)
        return post_id

    async def click(self, post_id: str, label: str = "Approve", *, by: Person | None = None) -> bool:
        """Press a button of the post's card; whether the bot acknowledged it."""
        person = by or self.approver
        outcome = await person.click(label, containing=post_id, channel="#approvals", check=False)
        return bool(outcome.get("ok"))

    async def state(self, post_id: str, *wanted: State) -> Approval:
        """The latest request of the post, once it is in one of these states."""

        async def find() -> Approval | None:
            found = await self.store.latest_for(post_id)
            return found if found and found.state in wanted else None

        return await until(find, what=f"{post_id} to be {' or '.join(wanted)}")

    async def told(self, post_id: str, *wanted: State) -> Approval:
        """The same, once its card says so too."""

        async def find() -> Approval | None:
            found = await self.store.latest_for(post_id)
            return found if found and found.state in wanted and self.is_true(found) else None

        try:
            return await until(find, what=f"the card of {post_id} to be {' or '.join(wanted)}")
        except AssertionError as error:
            raise AssertionError(f"{error}; now: {await self.store.latest_for(post_id)}") from None

    # What is looked at afterwards

    def is_true(self, approval: Approval) -> bool:
        """Whether the card says what is stored."""
        if approval.card is None:
            return False
        card = self.slack.space.rooms[approval.card.channel].find(approval.card.ts)
        return card is not None and headline(card) == f"{chip(approval)}\n{told(approval)}"

    def cards(self, post_id: str) -> list[Message]:
        """Every message in the approvals channel that is about the post."""
        said = self.slack.space.rooms[APPROVALS.id].messages
        return [
            message for message in said if message.by_bot and f"`{post_id}`" in str(message.content.blocks)
        ]

    def publish_in_socialcrm(self, post_id: str) -> None:
        """Somebody does it on SocialCRM's own page."""
        PostBook.publish(self.sandbox.posts, post_id, at_once=True)

    def was_called(self, post_id: str) -> int:
        """How often SocialCRM was asked to send the post, whatever came of it."""
        paths = {f"/v1/posts/{post_id}/{verb}" for verb in ("publish", "schedule")}
        return sum(call.method == "POST" and call.path in paths for call in self.sandbox.calls)

    async def dead(self) -> int:
        return int(await self.database.do("ZCARD", keys.dead(keys.shard_of(TEAM))))

    async def nothing_left(self, *, seconds: float = PATIENCE) -> None:
        """Wait until no click, call or card waits to be done. Others have their time to come."""
        waiting = keys.due(keys.shard_of(TEAM))

        async def done() -> bool:
            soon = milliseconds(datetime.now(UTC) + timedelta(minutes=1))
            found = await self.database.do("ZRANGEBYSCORE", waiting, "-inf", soon)
            left = [name.decode().partition("/")[2] for name in found]
            return not [name for name in left if name.startswith(("in:", "act:", "render:"))]

        await until(done, what="all jobs to be done", seconds=seconds)

    # The key

    async def connect(self, key: str) -> None:
        ring = Ring([self.environment["SCRM_ENCRYPTION_KEYS"]])
        vault = RedisKeyVault(self.database, ring, Fingerprints(self.database, ring), TEAM)
        await vault.store(Secret(key), by=ADA.id, at=datetime.now(UTC))
        self.key = key

    async def is_disconnected(self) -> bool:
        return not await self.database.do("EXISTS", keys.api_key(TEAM))

    async def set_rules(self) -> None:
        rules = WorkspaceSettings(APPROVALS.id, (ANA.id, ADA.id), timezone="Europe/Berlin")
        await RedisSettingsStore(self.database, TEAM).change(lambda _: rules)


def headline(card: Message) -> str:
    """Where the request stands, as a card says it."""
    return str((card.content.blocks or [{}])[0].get("text", {}).get("text"))


@asynccontextmanager
async def a_house(folder: Path, *, redis_url: str = "") -> AsyncIterator[House]:
    """Everything but the bot's processes, which the tests start. With `redis_url`, on that Redis."""
    async with AsyncExitStack() as stack:
        redis = RedisServer(folder)
        redis.start()
        stack.callback(redis.stop)
        sandbox = await socialcrm.serve(config=SandboxConfig(requests_per_minute=100_000))
        stack.push_async_callback(sandbox.close)
        world = World(manifest=app.manifest(), pace=Pace(strict_rates=False))
        standin = await slack.serve(world=world)
        stack.push_async_callback(standin.close)
        database = Database(clients(parse(redis_url or redis.url)))
        stack.push_async_callback(database.close)
        strikes = Strikes(folder / "strikes")
        strikes.folder.mkdir()
        environment = _environment(standin, sandbox, redis_url or redis.url, folder)
        house = House(
            slack=standin,
            running=sandbox,
            redis=redis,
            database=database,
            folder=folder,
            environment=environment,
            strikes=strikes,
        )
        stack.push_async_callback(house.end)
        _count(house)
        await house.connect(sandbox.sandbox.create_key(name="Acme"))
        await house.set_rules()
        await standin.connect_bot(f"http://127.0.0.1:{environment['SCRM_PORT']}/slack/events")
        yield house


def _environment(
    standin: slack.RunningSlack, sandbox: socialcrm.RunningSandbox, redis_url: str, folder: Path
) -> dict[str, str]:
    assert CALL_SECONDS < SETTLE_SECONDS
    return {
        "SLACK_SIGNING_SECRET": standin.world.app.signing_secret,
        "SLACK_BOT_TOKEN": standin.world.app.bot_token,
        "SLACK_API_URL": standin.api_url,
        "SOCIALCRM_API_URL": sandbox.base_url,
        "REDIS_URL": redis_url,
        "SCRM_ENCRYPTION_KEYS": app.new_key(),
        "SCRM_PORT": str(free_port()),
        "SCRM_RATE_LIMIT": "100000",
        "SCRM_UNDO_SECONDS": "0",
        "SCRM_LEASE_SECONDS": "1",
        "SCRM_SETTLE_SECONDS": str(SETTLE_SECONDS),
        FOLDER_VARIABLE: str(folder),
    }


def _count(house: House) -> None:
    """Count the calls to publish that come through to the posts, before the sandbox judges them."""
    posts = house.sandbox.posts

    def publish(post_id: str, *, at_once: bool) -> Post:
        house.reached[post_id] += 1
        return PostBook.publish(posts, post_id, at_once=at_once)

    vars(posts).update(publish=publish)
