"""Several SocialCRM keys in one workspace: what a brand is, and where what belongs to it is kept.

A brand's id never changes and is never given twice; "" is that of the first key, which has no name before
there is a second.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.errors import UsageError

FIRST = ""
MOST = 50
_NAME = re.compile(r"\w[\w.&+-]{0,29}")
_ID = re.compile(r"[a-z0-9]{1,32}")


@dataclass(frozen=True, slots=True)
class Brand:
    """One connection of a workspace. What is asked in one of its `channels` is about this brand."""

    id: str
    name: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brands:
    """Those of one workspace, in the order they came; none as long as it has but one, unnamed key."""

    known: tuple[Brand, ...] = ()
    default: str = FIRST

    @property
    def are_several(self) -> bool:
        return len(self.known) > 1

    def get(self, brand_id: str) -> Brand | None:
        return next((each for each in self.known if each.id == brand_id), None)

    def label(self, brand_id: str) -> str:
        """The name where it tells something, "" where there is nothing to tell apart."""
        found = self.get(brand_id) if self.are_several else None
        return found.name if found else ""

    def named(self, name: str) -> Brand:
        """Raises `UsageError` with the names there are."""
        wanted = name.strip().casefold()
        found = next((each for each in self.known if each.name.casefold() == wanted), None)
        if found is None:
            raise UsageError(_unknown(name.strip(), self.known))
        return found

    def at(self, channel: str) -> str:
        """The id of the brand that a channel is about."""
        found = next((each for each in self.known if channel in each.channels), None)
        return found.id if found else self.default

    def still(self, brand_id: str) -> str:
        """The same id, while there is such a brand. Raises `UsageError`."""
        if self.known and self.get(brand_id) is None:
            raise UsageError("That belongs to a brand that was removed from this workspace.")
        return brand_id


NO_BRANDS = Brands()


def is_id(text: str) -> bool:
    """Whether this can be the id of a named brand."""
    return _ID.fullmatch(text) is not None


def check_name(typed: str) -> str:
    """The name, or `UsageError`: it is typed after `--brand`, so it is one word."""
    name = typed.strip()
    if not _NAME.fullmatch(name):
        raise UsageError(
            "A brand's name is one word of up to 30 letters, digits and hyphens, such as `Acme` or "
            "`Acme-Europe`.",
            field="brand",
        )
    return name


def scope(team_id: str, brand_id: str) -> str:
    """Where a brand's own records are kept: the team's place for the first, one below it for each other."""
    return f"{team_id}/{brand_id}" if brand_id else team_id


def parts(scope_name: str) -> tuple[str, str]:
    """The team and the brand of a scope."""
    team_id, _, brand_id = scope_name.partition("/")
    return team_id, brand_id


def _unknown(name: str, known: Sequence[Brand]) -> str:
    if not known:
        return (
            "This workspace has one SocialCRM key and no brands, so `--brand` has nothing to choose from. "
            "An admin connects another key, with a name, by `/scrm connect`."
        )
    names = ", ".join(f"`{each.name}`" for each in known)
    return (
        f"There is no brand “{name}” here. There is {names}." if name else f"Which brand? There is {names}."
    )
