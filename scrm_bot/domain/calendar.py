"""What goes out when: planned, asked for and published posts in one stretch of days."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import IN_MOTION, Approval, State
from scrm_bot.domain.clashes import NEAR, ClashKind
from scrm_bot.domain.posts import Post
from scrm_bot.domain.traces import out_at, word
from scrm_bot.domain.when import first_minute

SHOWN = 25  # on one page
AROUND = timedelta(days=7)  # how far outside the days the same text still counts
_MOST_TEXT = 200
_FIRST, _LAST = date(2000, 1, 1), date(2999, 1, 1)


class Stand(StrEnum):
    """How sure it is that something goes out, or that it went."""

    WAITING = "waiting"  # for its approval
    HELD = "held"
    APPROVED = "approved"  # on its way to SocialCRM
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"

    @property
    def is_ahead(self) -> bool:
        return self not in {Stand.PUBLISHED, Stand.FAILED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One post. `text` is its beginning, `words` equal for equal texts, "" for none."""

    post_id: str
    at: datetime
    stand: Stand
    text: str = ""
    words: str = ""
    account_ids: tuple[str, ...] = ()
    accounts_told: bool = True


Clashes = Callable[[Entry, Entry], bool]


@dataclass(frozen=True, slots=True)
class Mark:
    """Another post in the way of an entry, at `at`."""

    kind: ClashKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in one zone, from `first` on."""

    first: date
    days: int
    zone: str

    @property
    def begins(self) -> datetime:
        return first_minute(self.first, (0, 0), ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return first_minute(self.first + timedelta(days=self.days), (0, 0), ZoneInfo(self.zone))

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def moved(self, by: int) -> "Span":
        """So many spans later, within the years anybody plans for."""
        first = self.first + timedelta(days=self.days * by)
        return replace(self, first=min(max(first, _FIRST), _LAST))

    def holds(self, at: datetime, *, around: timedelta = timedelta()) -> bool:
        return self.begins - around <= at < self.ends + around


@dataclass(frozen=True, slots=True)
class Calendar:
    """A page of a span: its entries from number `skip` on, in order of time, of `total`.

    `looked` is how many posts were looked at, `is_all` whether there are no more after those; `untimed` how
    many requests wait that name no time; `key` is where the look is kept.
    """

    span: Span
    today: date
    entries: tuple[Entry, ...] = ()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    total: int = 0
    skip: int = 0
    looked: int = 0
    is_all: bool = True
    untimed: int = 0
    key: str = ""

    @property
    def left(self) -> int:
        """How many come after this page."""
        return max(0, self.total - self.skip - len(self.entries))


def of_post(post: Post) -> Entry | None:
    """None for what has no place in a calendar."""
    stand = _STANDS.get(word(post))
    at = out_at(post) if stand is Stand.PUBLISHED else post.scheduled_at
    if stand is None or at is None:
        return None
    text, told = post.body[:_MOST_TEXT], post.accounts_told
    return Entry(post.id, at, stand, text, _words(post.body), post.account_ids, told)


def of_request(approval: Approval) -> Entry | None:
    """None for a request without a time, and for one that has ended."""
    stand = _REQUESTED.get(approval.state)
    content = approval.content
    at = approval.confirmed_at if stand is Stand.SCHEDULED and approval.confirmed_at else content.at
    if stand is None or at is None:
        return None
    text, told = content.body[:_MOST_TEXT], content.accounts_told
    return Entry(approval.post_id, at, stand, text, _words(content.body), content.account_ids, told)


def marks(entries: Iterable[Entry]) -> dict[str, tuple[Mark, ...]]:
    """By post what is in its way: the nearest of the same text, and the nearest of the same hour."""
    ordered = sorted((each for each in entries if each.stand is not Stand.FAILED), key=lambda each: each.at)
    texts: dict[str, list[Entry]] = {}
    for entry in ordered:
        texts.setdefault(entry.words or entry.post_id, []).append(entry)
    found: dict[str, list[Mark]] = {}
    for same in texts.values():
        for entry, other in _nearest(same, _is_same_text, within=AROUND):
            found.setdefault(entry.post_id, []).append(Mark(ClashKind.SAME_TEXT, other.at))
    ahead = [each for each in ordered if each.stand.is_ahead]
    for entry, other in _nearest(ahead, _is_same_hour, within=NEAR):
        found.setdefault(entry.post_id, []).append(Mark(ClashKind.SAME_HOUR, other.at))
    return {post_id: tuple(known) for post_id, known in found.items()}


def _nearest(
    ordered: Sequence[Entry], clashes: Clashes, *, within: timedelta
) -> Iterator[tuple[Entry, Entry]]:
    """Each entry that clashes with others, with the nearest of them."""
    for index, entry in enumerate(ordered):
        sides = (ordered[index + 1 :], ordered[:index][::-1])
        near = [found for side in sides if (found := _first(entry, side, clashes, within))]
        if near:
            yield entry, min(near, key=lambda other: abs(other.at - entry.at))


def _first(entry: Entry, others: Iterable[Entry], clashes: Clashes, within: timedelta) -> Entry | None:
    for other in others:
        if abs(other.at - entry.at) > within:
            break
        if clashes(entry, other):
            return other
    return None


def _is_same_text(one: Entry, other: Entry) -> bool:
    return one.stand.is_ahead or other.stand.is_ahead


def _is_same_hour(one: Entry, other: Entry) -> bool:
    return not {*one.account_ids}.isdisjoint(other.account_ids)


def _words(body: str) -> str:
    """The same words are the same text, however they are spaced."""
    words = " ".join(body.casefold().split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if words else ""


_STANDS = {stand.value: stand for stand in (Stand.SCHEDULED, Stand.PUBLISHING, Stand.PUBLISHED, Stand.FAILED)}
_REQUESTED = {
    State.PENDING: Stand.WAITING,
    State.ON_HOLD: Stand.HELD,
    State.SCHEDULED: Stand.SCHEDULED,
    **dict.fromkeys(IN_MOTION, Stand.APPROVED),
}
