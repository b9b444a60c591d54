"""What is noted of a request's messages in Slack, beside where they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyKind(StrEnum):
    """What a copy of a card looks like. Values are stored in Redis: they never change."""

    CARD = "card"  # the card itself, without anything to press
    NEWS = "news"  # a message with the way on, for the author
    NUDGE = "nudge"  # a message to somebody whose word is missing


@dataclass(frozen=True, slots=True)
class Posting:
    """A card that is being posted, noted before it is: who comes after a crash looks for it first.

    `since` is when the first of the `tries` began.
    """

    channel: str
    since: datetime
    tries: int = 1
