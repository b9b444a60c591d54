"""How a workspace stands against what SocialCRM allows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BudgetState:
    """The turns of one API key, over all processes and all workspaces that use it; times in seconds.

    `used` turns were given in the last `window`, `people` and `background` calls wait for one, nobody gets
    one for another `pause`, and the last 429 came `refused` ago, None for none in the last day.
    """

    limit: int = 600
    window: float = 60.0
    used: int = 0
    people: int = 0
    background: int = 0
    pause: float = 0.0
    refused: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The key's turns, and when the plan's quota last refused each action (method and path template)."""

    budget: BudgetState
    quota: Mapping[str, datetime] = field(default_factory=dict)
