"""How every account stood on each remembered day, and which of its numbers are running totals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from scrm_bot.domain.insights import is_additive, told_apart
from scrm_bot.domain.periods import DAY, Period
from scrm_bot.domain.snapshots import Timeline

LEVELS = frozenset({"followers"})  # asked for as they stand, not for what they gained
Numbers = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Standings:
    """When each reading was made, its numbers by account, and which account's number was seen to fall."""

    at: Mapping[date, datetime]
    numbers: Mapping[date, Numbers]
    fallen: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, timeline: Timeline) -> "Standings":
        numbers = {
            day: {row.account_id: dict(row.values) for row in told_apart(snapshot.accounts)}
            for day, snapshot in sorted(timeline.days.items())
        }
        at = {day: each.at for day, each in timeline.days.items()}
        return cls(at, numbers, frozenset(_fallen(numbers.values())))

    def is_total(self, account_id: str, metric: str) -> bool:
        """Whether it is a running total: neither a level nor a rate, and it never fell."""
        is_level = metric in LEVELS or not is_additive(metric)
        return not is_level and (account_id, metric) not in self.fallen

    def value(self, day: date, account_id: str, metric: str) -> float | None:
        return self.numbers.get(day, {}).get(account_id, {}).get(metric)

    def gain(self, start: date, end: date, account_id: str, metric: str) -> float | None:
        first, last = (self.value(day, account_id, metric) for day in (start, end))
        return None if first is None or last is None else last - first

    def past(self, days: Sequence[date], account_id: str, metric: str) -> tuple[float | None, ...]:
        """Day by day: what each brought of a running total, or how a level stood."""
        if not self.is_total(account_id, metric):
            return tuple(self.value(day, account_id, metric) for day in days[1:])
        return tuple(self.gain(one, other, account_id, metric) for one, other in pairwise(days))

    def last_with(self, metric: str, until: date) -> date | None:
        """The last day up to then on which any account had that number."""
        days = (day for day, rows in self.numbers.items() if any(metric in row for row in rows.values()))
        return max((day for day in days if day <= until), default=None)

    def ever(self, names: Iterable[str], metric: str, *, before: date) -> bool:
        """Whether any of these accounts had that number on an earlier day."""
        days = [day for day in self.numbers if day < before]
        return any(self.value(day, name, metric) is not None for name in names for day in days)

    def is_equal(self, span: Period) -> bool:
        """Whether the prior period is about as long, and over by then: a twentieth more or less.

        Of months an eighth.
        """
        first, last = self.at.get(span.prior_start), self.at.get(span.prior_end)
        if first is None or last is None or span.prior_end > span.start:
            return False
        now = self.at[span.end] - self.at[span.start]
        most = now / 8 if now > 25 * DAY else now / 20
        return abs((last - first) - now) <= most


def _fallen(days: Iterable[Numbers]) -> Iterator[tuple[str, str]]:
    """What was lower than when it was last known; a day without it hides no fall."""
    known: dict[tuple[str, str], float] = {}
    for day in days:
        for account_id, row in day.items():
            for name, value in row.items():
                if value < known.get((account_id, name), value):
                    yield account_id, name
                known[account_id, name] = value
