"""The state of one sandbox, and the handles that tests and demos hold it by."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.errors import ApiError
from scrm_bot.demo.socialcrm.faults import Faults
from scrm_bot.demo.socialcrm.insights import Insights
from scrm_bot.demo.socialcrm.keys import ApiKey, KeyRing, Plan
from scrm_bot.demo.socialcrm.media import MediaShelf
from scrm_bot.demo.socialcrm.posts import PostBook
from scrm_bot.demo.socialcrm.render import Renderer
from scrm_bot.demo.socialcrm.seed import ACCOUNTS, TOPICS, seed_posts

KEPT_BODY: Final = 16 * 1024


@dataclass(slots=True)
class Call:
    """One request that came in under /v1 or /uploads. `status` stays None when no answer was sent."""

    method: str
    path: str
    query: str
    at: datetime
    body: bytes | None = None  # as sent, when short enough to be kept
    status: int | None = None
    applied: bool = False  # a handler did its work, whatever the caller got to see


class Sandbox:
    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.now = config.now
        self.seed = config.seed
        self.accounts = ACCOUNTS
        self.render = Renderer(config.variants)
        self.faults = Faults()
        self.media = MediaShelf(config)
        self.calls: deque[Call] = deque(maxlen=config.calls_remembered)
        self.keys = KeyRing(
            now=config.now,
            per_minute=config.requests_per_minute,
            window=config.window,
            ai_calls=config.ai_calls_per_month,
        )
        self.posts = PostBook(
            now=config.now,
            takes=config.publishing_takes,
            failure=lambda post: self.faults.for_publication(post.id),
            posts=seed_posts(config.now()),
        )
        self.insights = Insights(now=config.now, seed=config.seed, accounts=ACCOUNTS, topics=TOPICS)

    def create_key(
        self, *, name: str = "Test key", plan: Plan = "paid", scopes: Iterable[str] | None = None
    ) -> str:
        """A new key, shown this once; all scopes unless some are named."""
        return self.keys.create(name=name, plan=plan, scopes=scopes)[1]

    def revoke_key(self, key: str) -> None:
        self.keys.revoke(self.keys.find(key).id)

    def key(self, key: str) -> ApiKey | None:
        try:
            return self.keys.find(key)
        except ApiError:
            return None

    def count(self, method: str, path: str, *, applied: bool | None = None) -> int:
        """How many requests came for this route, or only those that were (not) applied."""
        return sum(
            call.method == method and call.path == path and applied in {None, call.applied}
            for call in self.calls
        )

    def publish_calls(self, post_id: str, *, applied: bool | None = None) -> int:
        return self.count("POST", f"/v1/posts/{post_id}/publish", applied=applied)

    @property
    def went_out(self) -> Counter[str]:
        """How often each post really reached its networks."""
        self.posts.settle()
        return self.posts.went_out

    def knows_account(self, account_id: str) -> bool:
        return any(account.id == account_id for account in self.accounts)


SANDBOX: Final = web.AppKey("sandbox", Sandbox)
KEY: Final = web.RequestKey("key", ApiKey)
CALL: Final = web.RequestKey("call", Call)
