"""What is said under a card, in its thread, once a post is out."""

from dataclasses import dataclass
from datetime import timedelta

from scrm_bot.domain.insights import Metrics


@dataclass(frozen=True, slots=True)
class Remark:
    """That the post is out; or, with `after`, its numbers so long afterwards (None: there are none yet)."""

    after: timedelta | None = None
    numbers: Metrics | None = None
