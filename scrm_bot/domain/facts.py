"""What a digest is made of, as SocialCRM told it at one moment: the same for all digests of a workspace."""

from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, Snapshot

NUMBERS, POSTS = "account numbers", "posts"
SOURCES = ("accounts", NUMBERS, POSTS, "trends")


@dataclass(frozen=True, slots=True)
class Facts:
    """`posts` are those that matter: failed, planned, or out lately; from `since` on with their numbers.

    `missing` names what did not answer, `passing` those of it that may a little later.
    """

    at: datetime
    accounts: tuple[Account, ...] = ()
    numbers: tuple[Metrics, ...] = ()
    posts: tuple[Post, ...] = ()
    readings: tuple[PostReading, ...] = ()
    trends: tuple[Trend, ...] = ()
    missing: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def snapshot(self) -> Snapshot | None:
        """What is remembered of it; None where there are no numbers to remember."""
        return Snapshot(self.at, self.numbers, self.readings) if self.numbers else None

    @property
    def is_silence(self) -> bool:
        """Whether no source answered at all."""
        return {*SOURCES} <= {*self.missing}

    @property
    def is_worth_a_wait(self) -> bool:
        """Whether what matters most may still come: without numbers the day has no memory."""
        return self.is_silence or not {NUMBERS, POSTS}.isdisjoint(self.passing)

    def reach(self, since: datetime) -> bool:
        """Whether they tell enough for a digest that begins then."""
        return self.since is not None and self.since <= since
