"""Reading what a caller sent: JSON bodies, their fields, and the paging of lists."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from scrm_bot.demo.socialcrm.clock import parse_stamp
from scrm_bot.demo.socialcrm.errors import invalid

LONGEST_TEXT = 20_000
_LARGEST_LIMIT = 50
_LARGEST_OFFSET = 10**9


@dataclass(frozen=True, slots=True)
class Paging:
    limit: int = 20
    offset: int = 0

    def cut[Item](self, items: Sequence[Item]) -> Sequence[Item]:
        return items[self.offset : self.offset + self.limit]
