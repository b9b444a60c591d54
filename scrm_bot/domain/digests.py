"""The daily digest: when a channel gets one, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.posts import Post

DAYS = {"daily": frozenset(range(7)), "weekdays": frozenset(range(5)), "weekly": frozenset({0})}
LATEST = timedelta(hours=2)  # later than this a digest is skipped, and said so


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """One channel's digest.

    `at` is wall-clock time `HH:MM` in `zone` (IANA); `days` is a key of `DAYS`, or `monthly` (its first day).
    """

    channel: str
    at: str
    zone: str
    days: str = "daily"
    created_by: str = ""
    muted_until: datetime | None = None
    problem: str = ""
    last_sent: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one digest says. `missing` names the sources that did not answer, as people know them."""

    workspace: str
    day: date
    zone: str
    as_of: datetime
    accounts: tuple[Account, ...] = ()
    numbers: tuple[Metrics, ...] = ()
    before: Mapping[str, Metrics] = field(default_factory=dict)
    published: tuple[tuple[Post, Metrics | None], ...] = ()
    failed: tuple[Post, ...] = ()
    upcoming: tuple[Post, ...] = ()
    waiting: tuple[Approval, ...] = ()
    trends: tuple[Trend, ...] = ()
    missing: tuple[str, ...] = ()
    late: bool = False
