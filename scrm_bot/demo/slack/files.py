"""Uploaded files, in memory and bounded."""

import mimetypes
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.mint import Mint, random_id
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.world import World

ROOM_BYTES = 256 * 2**20
FILE_BYTES = 50 * 2**20
FileState = Literal["promised", "uploaded", "complete"]


@dataclass(slots=True)
class File:
    id: str
    name: str
    promised: int
    user: str
    created: int
    title: str = ""
    alt_text: str = ""
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    content: bytes = b""
    state: FileState = "promised"
    channels: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def to_api(self, world: World, base: str) -> Json:
        private = f"{base}/files/{world.team_id}-{self.id}/{self.name}"
        kind = PurePosixPath(self.name).suffix.lstrip(".").lower()
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": "jpg" if kind == "jpeg" else kind or "binary",
            "pretty_type": kind.upper() or "Binary",
            "user": self.user,
            "user_team": world.team_id,
            "editable": False,
            "size": len(self.content) or self.promised,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": bool(self.channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "alt_txt": self.alt_text,
            "url_private": private,
            "url_private_download": private.replace(f"/{self.id}/", f"/{self.id}/download/"),
            "permalink": f"{base}/ui/files/{self.id}",
            "channels": self.channels,
            "groups": [],
            "ims": [],
            "has_rich_preview": False,
            "file_access": "visible",
        }


@dataclass(slots=True)
class Cabinet:
    mint: Mint
    _files: OrderedDict[str, File] = field(default_factory=OrderedDict)

    def promise(self, name: str, *, length: int, user: str) -> File:
        """A place for a file that is still to be sent."""
        clean = PurePosixPath(name.replace("\\", "/")).name or "file"
        file = File(random_id("F"), clean, length, user, int(self.mint.now()), title=clean)
        self._files[file.id] = file
        return file

    def get(self, file_id: str) -> File:
        if file_id not in self._files:
            raise RefusalError("file_not_found")
        return self._files[file_id]

    def by_ticket(self, ticket: str) -> File | None:
        return next((file for file in self._files.values() if file.ticket == ticket), None)

    def fill(self, file: File, content: bytes) -> None:
        file.content, file.state = content, "uploaded"
        self._make_room()

    def _make_room(self) -> None:
        """Forget the oldest contents once all files together are too large."""
        held = sum(len(file.content) for file in self._files.values())
        for file_id in list(self._files):
            if held <= ROOM_BYTES or len(self._files) == 1:
                return
            held -= len(self._files.pop(file_id).content)
