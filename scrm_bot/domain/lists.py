"""A list of posts that is looked at in pieces, page by page."""

from dataclasses import dataclass

from scrm_bot.domain.posts import Post

PAGE = 10
WINDOW = 950  # posts in one look: 19 requests, and every number in a list has three digits


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a list: its first number, in the look that starts after `offset` posts."""

    start: int = 1
    offset: int = 0

    @classmethod
    def read(cls, written: str) -> "Place":
        """What `str` made of one; the first page for anything else."""
        start, _, offset = written.partition("+")
        number = int(start[:9]) if start.isdecimal() else 1
        return cls(max(1, number), int(offset[:9]) if offset.isdecimal() else 0)

    def __str__(self) -> str:
        return f"{self.start}+{self.offset}" if self.offset else str(self.start)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the `total` posts that fit, each with its number; `gone` of them were deleted meanwhile.

    `looked` is how many posts were looked at, `is_all` whether there are no more after those.
    """

    posts: tuple[tuple[int, Post], ...]
    place: Place
    total: int
    looked: int
    is_all: bool
    gone: int = 0

    @property
    def next(self) -> Place | None:
        """The page after this one; behind the last of a look, the next look."""
        if self.place.start + PAGE <= self.total:
            return Place(self.place.start + PAGE, self.place.offset)
        return None if self.is_all else Place(1, self.place.offset + WINDOW)

    @property
    def previous(self) -> Place | None:
        if self.place.start > 1:
            return Place(max(1, self.place.start - PAGE), self.place.offset)
        return Place(1, max(0, self.place.offset - WINDOW)) if self.place.offset else None
