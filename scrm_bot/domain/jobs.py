"""Work that happens later: what a job is, and what a claim on one means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does. Values are stored in Redis: they never change."""

    INTERACTION = "interaction"  # what a person did in Slack, accepted and acknowledged
    ACT = "act"  # publish or schedule what was approved, or settle what became of it
    FOLLOW = "follow"  # read a scheduled post at its time
    RENDER = "render"  # bring every copy of a card up to date
    DIGEST = "digest"  # send one channel's digest, and plan the next
    CHART = "chart"  # draw the curve under a digest that was sent
    NUMBERS = "numbers"  # remember the numbers of a day without a digest
    REMIND = "remind"  # nudge those whose decision a request waits for
    EXPIRE = "expire"  # close a request that was not approved in time
    WATCH = "watch"  # look whether the team's scheduled posts are still what was approved
    STEP = "step"  # tell a workflow what came of the step that it waits for
    HOME = "home"  # draw App Home anew for those who have it open
    PURGE = "purge"  # forget a workspace that removed the bot
    KEY_REFUSED = "key_refused"  # tell an admin that SocialCRM does not accept the key any more
    GIVEN_UP = "given_up"  # tell an admin of a job that was given up, or that nobody can read
    REPORT = "report"  # say in a card's thread that its post is out, and its numbers later


BRAND = "brand"  # among a job's `args`, the brand it is for; put there by the queue of that brand


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `key` is unique within the team: a second job with the same key moves the first.

    `args` is plain JSON. `due` is when it may start (UTC).
    """

    kind: JobKind
    key: str
    team_id: str
    due: datetime
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up, and why. `id` names this one among those with the same key."""

    id: str
    job: Job
    reason: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LostJob:
    """What is known of a job that is not done any more. `kind` is None where its record cannot be read."""

    key: str
    kind: JobKind | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand. `attempt` counts claims and is the fencing number: an older one is refused."""

    job: Job
    attempt: int
    lease_until: datetime
    late: float = field(default=0.0, compare=False)  # seconds from when it was due until it was claimed
