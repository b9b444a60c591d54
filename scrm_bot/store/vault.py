"""Secrets at rest: AES-256-GCM, bound to the workspace and the field they were sealed for."""

import asyncio
import hashlib
import hmac
import json
import logging
import os
import struct
import time
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scrm_bot.domain.errors import NotConnectedError, VaultError
from scrm_bot.domain.workspaces import Connection, Secret
from scrm_bot.store import keys, ring_keys
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.scripts import load

_VERSION = b"\x01"
_ID_END, _NONCE_END = 5, 17  # version 1 | key id 4 | nonce 12 | ciphertext
KEY_FIELD = "socialcrm_key"
FINGERPRINT_FIELD = "fingerprint_key"
WORK_FIELD = "work"  # what somebody did, until it is done
HELD_SECONDS = 10.0
log = logging.getLogger(__name__)

_SET = load("set_value")
_SET_FIRST = load("set_first")
_REPLACE = load("replace")


def new_key() -> str:
    """A fresh encryption key, as `SCRM_ENCRYPTION_KEYS` takes it."""
    return urlsafe_b64encode(os.urandom(32)).decode()


class Ring:
    """The encryption keys, newest first: the newest seals, any of them opens what it sealed."""

    def __init__(self, encoded: Sequence[str]) -> None:
        if not encoded:
            raise VaultError("there is no encryption key: `scrm-bot keys new` makes one")
        raw = [_decoded(key, number) for number, key in enumerate(encoded, start=1)]
        ids = [hashlib.sha256(b"scrm key id" + key).digest()[:4] for key in raw]
        if len(set(ids)) < len(ids):
            raise VaultError("an encryption key is there twice")
        self._ciphers = {name: AESGCM(key) for name, key in zip(ids, raw, strict=True)}
        self._newest = ids[0]

    def seal(self, plain: bytes, *, team: str, field: str, enterprise: str = "") -> bytes:
        nonce = os.urandom(12)
        bound = _bound(team, enterprise, field, self._newest)
        return _VERSION + self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, *, team: str, field: str, enterprise: str = "") -> bytes:
        """What was sealed for just this team and field, or `VaultError`."""
        if sealed[:1] != _VERSION or len(sealed) < _NONCE_END:
            raise VaultError("a sealed record is of an unknown kind")
        key_id = sealed[1:_ID_END]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise VaultError(f"no encryption key has the id {key_id.hex()}")
        nonce, hidden = sealed[_ID_END:_NONCE_END], sealed[_NONCE_END:]
        try:
            return cipher.decrypt(nonce, hidden, _bound(team, enterprise, field, key_id))
        except InvalidTag:
            raise VaultError("a sealed record was damaged, or moved from another place") from None

    def knows(self, sealed: bytes) -> bool:
        """Whether one of its keys sealed this."""
        return sealed[:1] == _VERSION and sealed[1:_ID_END] in self._ciphers

    def is_newest(self, sealed: bytes) -> bool:
        """Whether a record needs no new sealing."""
        return sealed[:_ID_END] == _VERSION + self._newest


def _decoded(key: str, number: int) -> bytes:
    raw = ring_keys.decoded(key)
    if raw is None:
        raise VaultError(f"encryption key number {number} is not one from `scrm-bot keys new`")
    return raw


def _bound(team: str, enterprise: str, field: str, key_id: bytes) -> bytes:
    """What a record is bound to; lengths in front, so that no two places read the same."""
    parts = (team.encode(), enterprise.encode(), field.encode(), key_id)
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


class Fingerprints:
    """Tells equal API keys apart from others without telling anything else. One for a process."""

    def __init__(self, database: Database, ring: Ring) -> None:
        self._database = database
        self._ring = ring
        self._key = b""

    async def of(self, key: Secret) -> str:
        if not self._key:
            self._key = await self._stored_key()
        return hmac.new(self._key, key.reveal().encode(), hashlib.sha256).hexdigest()[:32]

    async def _stored_key(self) -> bytes:
        """The key of fingerprints: made by whoever is first, and kept when the ring turns.

        Where no key of the ring opens it, but one opens something else, this process lacks the newest:
        another key here would give one API key two budgets. Where none opens anything the keys are lost, and
        whoever connects again shall not be kept from it. Raises `VaultError`.
        """
        fresh = self._ring.seal(os.urandom(32), team="", field=FINGERPRINT_FIELD)
        stored = await self._database.commit(Call(_SET_FIRST, [keys.FINGERPRINT_KEY], [fresh]))
        try:
            return self._ring.open(stored, team="", field=FINGERPRINT_FIELD)
        except VaultError:
            if await self._opens_anything():
                raise
            log.warning("the encryption keys are not those the stored API keys were sealed with")
        await self._database.commit(Call(_REPLACE, [keys.FINGERPRINT_KEY], [stored, fresh]))
        stored = await self._database.commit(Call(_SET_FIRST, [keys.FINGERPRINT_KEY], [fresh]))
        return self._ring.open(stored, team="", field=FINGERPRINT_FIELD)

    async def _opens_anything(self) -> bool:
        for index, where in ((keys.CONNECTED, keys.api_key), (keys.INSTALLATIONS, keys.installation)):
            for name in await self._database.do("SMEMBERS", index):
                body = await self._database.do("GET", where(name.decode()))
                if body and self._ring.knows(b64decode(json.loads(body)["sealed"])):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class RedisKeyVault:
    """The one SocialCRM key of a workspace, or of one of its brands: what it is sealed for says which."""

    database: Database
    ring: Ring
    fingerprints: Fingerprints
    team_id: str

    async def connection(self) -> Connection | None:
        body = await self.database.do("GET", keys.api_key(self.team_id))
        return None if body is None else _connection(json.loads(body))

    async def reveal(self) -> tuple[Secret, str]:
        body = await self.database.do("GET", keys.api_key(self.team_id))
        if body is None:
            raise NotConnectedError
        record = json.loads(body)
        plain = self.ring.open(b64decode(record["sealed"]), team=self.team_id, field=KEY_FIELD)
        return Secret(plain.decode()), record["fingerprint"]

    async def store(self, key: Secret, *, by: str, at: datetime) -> Connection:
        sealed = self.ring.seal(key.reveal().encode(), team=self.team_id, field=KEY_FIELD)
        record = {
            "sealed": b64encode(sealed).decode(),
            "last4": key.last4,
            "fingerprint": await self.fingerprints.of(key),
            "by": by,
            "at": at.isoformat(),
        }
        keep = Call(_SET, [keys.api_key(self.team_id)], [json.dumps(record)])
        await self.database.commit(keep, ("SADD", keys.CONNECTED, self.team_id))
        return _connection(record)

    async def forget(self) -> None:
        await self.database.commit(Call(_SET, [keys.api_key(self.team_id)], [""]))


class HeldKey:
    """The key of one background job, revealed once for all of its calls: it goes when the job does.

    For some seconds at the most, since a job may wait long for its turns and a key may be replaced.
    """

    def __init__(
        self,
        reveal: Callable[[], Awaitable[tuple[Secret, str]]],
        *,
        seconds: float = HELD_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reveal = reveal
        self._seconds = seconds
        self._monotonic = monotonic
        self._held: tuple[Secret, str] | None = None
        self._until = 0.0
        self._one = asyncio.Lock()

    async def reveal(self) -> tuple[Secret, str]:
        async with self._one:
            if self._held is None or self._monotonic() >= self._until:
                self._held = None
                self._held = await self._reveal()
                self._until = self._monotonic() + self._seconds
            return self._held


def _connection(record: dict[str, str]) -> Connection:
    at = datetime.fromisoformat(record["at"])
    return Connection(record["last4"], record["fingerprint"], record["by"], at)
