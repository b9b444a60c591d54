"""Slack's files in memory, in pieces, with what goes wrong on the way."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from scrm_bot.domain.errors import ScrmError, UsageError
from scrm_bot.domain.media import SlackFile


class FakeFiles:
    """`opened` is every file by id, `open_now` those that were not closed again."""

    def __init__(self) -> None:
        self.files: dict[str, SlackFile] = {}
        self.contents: dict[str, tuple[bytes, ...]] = {}
        self.opened: list[str] = []
        self.open_now: set[str] = set()
        self.breaks: dict[str, ScrmError] = {}  # raised after the first piece
        self.on_read: Callable[[bytes], object] = len  # told of every piece before it is given

    def add(self, file_id: str, *pieces: bytes, **changes: object) -> SlackFile:
        """A picture in Slack, in these pieces."""
        size = sum(map(len, pieces))
        file = SlackFile(file_id, f"{file_id}.png", "image/png", size, f"https://files.slack.com/{file_id}")
        self.files[file_id] = replace(file, **changes)  # type: ignore[arg-type]
        self.contents[file_id] = pieces
        return self.files[file_id]

    async def find(self, file_id: str) -> SlackFile:
        if file_id not in self.files:
            raise UsageError(f"{file_id} is not in Slack any more.", field="media")
        return self.files[file_id]

    @asynccontextmanager
    async def open(self, file: SlackFile) -> AsyncIterator[AsyncIterator[bytes]]:
        self.opened.append(file.id)
        if file.id not in self.contents:
            raise UsageError(f"{file.label} is not in Slack any more.", field="media")
        self.open_now.add(file.id)
        try:
            yield self._pieces(file.id)
        finally:
            self.open_now.discard(file.id)

    async def _pieces(self, file_id: str) -> AsyncIterator[bytes]:
        for piece in self.contents[file_id]:
            self.on_read(piece)
            yield piece
            if file_id in self.breaks:
                raise self.breaks[file_id]
