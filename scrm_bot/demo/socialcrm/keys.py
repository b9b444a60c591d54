"""API keys: their scopes, plan, monthly AI quota and per-minute window."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from scrm_bot.demo.socialcrm.clock import Clock
from scrm_bot.demo.socialcrm.config import WindowKind
from scrm_bot.demo.socialcrm.errors import ApiError, missing
from scrm_bot.demo.socialcrm.window import Window, open_window

Plan = Literal["free", "paid"]
PLANS: Final[tuple[Plan, ...]] = ("paid", "free")
SCOPES: Final = (
    "insights:read",
    "posts:read",
    "posts:write",
    "posts:publish",
    "ai:generate",
    "media:write",
)
PAID_SCOPES: Final = frozenset({"posts:publish", "ai:generate", "media:write"})
_WHAT: Final = {
    "insights:read": "read insights",
    "posts:read": "read posts",
    "posts:write": "write posts",
    "posts:publish": "publish posts",
    "ai:generate": "generate with AI",
    "media:write": "upload media",
}


@dataclass(slots=True)
class ApiKey:
    """What is kept of a key; the key itself is shown once and kept as a hash only."""

    id: str
    name: str
    plan: Plan
    scopes: frozenset[str]
    last4: str
    created_at: datetime
    window: Window
    ai_calls: Counter[str] = field(default_factory=Counter)  # by calendar month
    revoked: bool = False

    def permit(self, scope: str) -> None:
        if scope not in self.scopes:
            raise ApiError("forbidden_scope", f"This key cannot {_WHAT[scope]}. It needs the scope {scope}.")
        if self.plan == "free" and scope in PAID_SCOPES:
            raise ApiError(
                "payment_required", f"The free plan cannot {_WHAT[scope]}. Upgrade to a paid plan."
            )


class KeyRing:
    def __init__(self, *, now: Clock, per_minute: int, window: WindowKind, ai_calls: int) -> None:
        self._now = now
        self._per_minute = per_minute
        self._window = window
        self._ai_calls = ai_calls
        self._by_hash: dict[str, ApiKey] = {}

    def create(self, *, name: str, plan: Plan, scopes: Iterable[str] | None) -> tuple[ApiKey, str]:
        """A new key and its one showing."""
        held = frozenset(SCOPES if scopes is None else scopes)
        if unknown := held.difference(SCOPES):
            raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
        secret = "sk_live_" + secrets.token_urlsafe(24)
        key = ApiKey(
            id=f"key_{len(self._by_hash) + 1}",
            name=name,
            plan=plan,
            scopes=held,
            last4=secret[-4:],
            created_at=self._now(),
            window=open_window(self._window, self._per_minute),
        )
        self._by_hash[_hash(secret)] = key
        return key, secret

    def all(self) -> tuple[ApiKey, ...]:
        return tuple(key for key in self._by_hash.values() if not key.revoked)

    def revoke(self, key_id: str) -> None:
        for key in self.all():
            if key.id == key_id:
                key.revoked = True
                return
        raise missing("This key")

    def find(self, secret: str | None) -> ApiKey:
        key = self._by_hash.get(_hash(secret)) if secret else None
        if key is None or key.revoked:
            raise ApiError("unauthorized", "Missing or invalid API key.")
        return key

    def count_request(self, key: ApiKey) -> None:
        wait = key.window.take(self._now().timestamp())
        if wait > 0:
            raise ApiError("rate_limited", "Too many requests. Slow down and retry.", retry_after=wait)

    def charge_ai(self, key: ApiKey) -> None:
        """Use one AI call of this month, or refuse it."""
        month = f"{self._now():%Y-%m}"
        if key.ai_calls[month] >= self._ai_calls:
            raise ApiError("quota_exceeded", f"All {self._ai_calls} AI calls of this month are used up.")
        key.ai_calls[month] += 1


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
