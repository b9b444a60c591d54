"""Media: a presigned place to put bytes, and the confirmation that they came."""

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.errors import ApiError, invalid, missing

CONTENT_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/quicktime",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    id: str
    filename: str
    content_type: str
    size: int
    expires_at: datetime
    content: bytes | None = None
    confirmed: bool = False


class MediaShelf:
    def __init__(self, config: SandboxConfig) -> None:
        self._now = config.now
        self._lives = config.upload_lives
        self._largest_shelf = config.largest_shelf
        self._secret = secrets.token_bytes(32)
        self.by_id: dict[str, Media] = {}
        self._made = 0

    def reserve(self, *, filename: str, content_type: str, size: int) -> Media:
        if content_type not in CONTENT_TYPES:
            raise invalid(f"content_type must be one of {', '.join(CONTENT_TYPES)}.")
        self._made += 1
        media = Media(
            id=f"media_{self._made}",
            filename=filename,
            content_type=content_type,
            size=size,
            expires_at=self._now() + self._lives,
        )
        self.by_id[media.id] = media
        return media

    def get(self, media_id: str) -> Media:
        if media_id not in self.by_id:
            raise missing("This media")
        return self.by_id[media_id]

    def is_confirmed(self, media_id: str) -> bool:
        return media_id in self.by_id and self.by_id[media_id].confirmed

    def signature(self, media: Media) -> str:
        signed = f"{media.id}\n{media.expires_at.timestamp():.0f}\n{media.size}\n{media.content_type}"
        return hmac.new(self._secret, signed.encode(), hashlib.sha256).hexdigest()

    async def receive(
        self, media_id: str, *, signature: str, expires: str, chunks: AsyncIterable[bytes]
    ) -> None:
        """Take the bytes of a presigned upload; they must be exactly as many as announced."""
        media = self.get(media_id)
        self._check_presigned(media, signature=signature, expires=expires)
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > media.size:
                raise invalid(f"size: more than the {media.size} bytes that were announced.")
        if len(content) != media.size:
            raise invalid(f"size: {len(content)} bytes came, {media.size} were announced.")
        self.by_id[media_id] = replace(self.get(media_id), content=bytes(content))

    def confirm(self, media_id: str) -> Media:
        media = self.get(media_id)
        if media.content is None:
            raise invalid(f"{media_id}: its bytes have not been uploaded.")
        self.by_id[media_id] = replace(media, confirmed=True)
        return self.by_id[media_id]

    def _check_presigned(self, media: Media, *, signature: str, expires: str) -> None:
        expected = self.signature(media)
        if not hmac.compare_digest(signature.encode(errors="replace"), expected.encode()):
            raise ApiError("invalid_request", "The signature of this upload does not match.", status=403)
        if expires != f"{media.expires_at.timestamp():.0f}" or self._now() >= media.expires_at:
            raise ApiError("invalid_request", "This upload address has expired.", status=403)
        if media.confirmed:
            raise invalid(f"{media.id} is already confirmed.")
        if sum(len(each.content or b"") for each in self.by_id.values()) + media.size > self._largest_shelf:
            raise invalid("size: this sandbox holds no more media.")
