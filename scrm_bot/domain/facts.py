"""What a digest is made of, as SocialCRM told it at one moment: the same for all digests of a workspace."""

from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, Snapshot

SOURCES = ("accounts", "account numbers", "posts", "trends")


@dataclass(frozen=True, slots=True)
class Facts:
    """`posts` are those that matter: failed, planned, or out lately. `missing` names what did not answer."""

    at: datetime
    accounts: tuple[Account, ...] = ()
    numbers: tuple[Metrics, ...] = ()
    posts: tuple[Post, ...] = ()
    readings: tuple[PostReading, ...] = ()
    trends: tuple[Trend, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def snapshot(self) -> Snapshot | None:
        """What is remembered of it; None where there are no numbers to remember."""
        return Snapshot(self.at, self.numbers, self.readings) if self.numbers else None

    @property
    def is_silence(self) -> bool:
        """Whether no source answered at all."""
        return {*SOURCES} <= {*self.missing}
