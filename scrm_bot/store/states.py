"""One-time words for the installation's round trip through Slack."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Clock
from scrm_bot.store import keys
from scrm_bot.store.connection import Database


@dataclass(frozen=True, slots=True)
class RedisStates:
    """Signed, so that nothing is kept for whoever only asks; one that was used is kept until it has run out.

    `secret` is the same in every process.
    """

    database: Database
    secret: Secret
    clock: Clock

    def issue(self, *, seconds: int) -> str:
        """A word nobody can guess, good for `seconds`."""
        word = f"{secrets.token_urlsafe(18)}.{int(self.clock.now().timestamp()) + seconds}"
        return f"{word}.{self._signature(word)}"

    async def consume(self, state: str) -> bool:
        """True once for a word that was issued and has not run out. Raises `StoreUnavailableError`."""
        word, _, signature = state.rpartition(".")
        expected = self._signature(word)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")):
            return False
        name, _, until = word.partition(".")
        left = int(until) - int(self.clock.now().timestamp())
        if left <= 0:
            return False
        return bool(await self.database.do("SET", keys.oauth_state(name), "1", "NX", "EX", left))

    def _signature(self, word: str) -> str:
        key = b"scrm install state " + self.secret.reveal().encode()
        digest = hmac.digest(key, word.encode("utf-8", "surrogatepass"), "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")
