"""A workspace's rules as its settings window shows them, and two people's changes of them put together."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.workspaces import WorkspaceSettings

_ELSEWHERE = frozenset({"pause", "team", "brands"})  # they have commands of their own
_PRINT = 10  # characters of a hash, enough to tell one value from another; all of them go into a window
RULES = tuple(each.name for each in fields(WorkspaceSettings) if each.name not in _ELSEWHERE)
NOTHING: Mapping[str, str] = {}


class OvertakenError(UsageError):
    """Somebody else has changed the rules in `names` since they were shown, and nothing was saved.

    `rules` is what to show now: theirs in those, and in the others what was typed. `stored` is what holds.
    """

    def __init__(
        self, names: tuple[str, ...], *, rules: WorkspaceSettings, stored: WorkspaceSettings
    ) -> None:
        super().__init__("Somebody else changed the same settings meanwhile, so nothing was saved.")
        self.names = names
        self.rules = rules
        self.stored = stored


def prints(settings: WorkspaceSettings) -> Mapping[str, str]:
    """What a window keeps of the rules it shows: enough to tell whether one is another by now."""
    return {name: _print(settings, name) for name in RULES}


def merged(
    typed: WorkspaceSettings, stored: WorkspaceSettings, *, shown: Mapping[str, str]
) -> WorkspaceSettings:
    """What is stored, with what was typed other than it was `shown`; what was not shown counts as typed.

    Raises `OvertakenError` where somebody else has changed the same to something else.
    """
    changed = [name for name in RULES if _print(typed, name) != shown.get(name)]
    both = tuple(
        name
        for name in changed
        if name in shown and _print(stored, name) not in {shown[name], _print(typed, name)}
    )
    rules = replace(stored, **{name: getattr(typed, name) for name in changed if name not in both})
    if both:
        raise OvertakenError(both, rules=rules, stored=stored)
    return rules


def _print(settings: WorkspaceSettings, name: str) -> str:
    """Whoever is chosen in a menu is chosen, in whatever order."""
    value = getattr(settings, name)
    told = ",".join(sorted(value)) if isinstance(value, tuple) else str(value)
    return hashlib.sha256(told.encode()).hexdigest()[:_PRINT]
