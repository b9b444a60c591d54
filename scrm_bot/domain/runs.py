"""How far one channel's digest of one local date is, so that it is sent once whatever is killed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from scrm_bot.domain.digests import OVERLAP, Since

SETTLE = timedelta(seconds=20)  # longer than a message takes to be there that Slack did not confirm


class RunState(StrEnum):
    """Values are stored in Redis: they never change."""

    OPEN = "open"  # nothing of it can be in Slack
    POSTING = "posting"  # it may be in Slack from `since` on
    SENT = "sent"  # it is in Slack, at `ts`
    TOLD = "told"  # its details are under way, too
    UNSURE = "unsure"  # it may be in Slack, nobody can look, and so it is not sent again


OVER = frozenset({RunState.SENT, RunState.TOLD, RunState.UNSURE})


@dataclass(frozen=True, slots=True)
class Run:
    """`holder` tells one attempt from another, so that of two the store lets one begin."""

    state: RunState = RunState.OPEN
    since: datetime | None = None
    holder: str = ""
    ts: str = ""


def run_key(channel: str, day: str) -> str:
    """What the message of this run carries, for whoever looks whether it is there."""
    return f"digest:{channel}:{day}"


def settled_at(run: Run) -> datetime:
    """From when on a message of this run is in Slack, or never will be."""
    if run.since is None:
        raise ValueError("a run that did not begin cannot settle")
    return run.since + SETTLE


def ended_about(run: Run, day: str) -> Since | None:
    """Where a digest ended whose end nobody noted: rather tell a post twice than never."""
    if run.since is None or run.state is RunState.UNSURE:
        return None
    return Since(run.since - OVERLAP, date.fromisoformat(day))
