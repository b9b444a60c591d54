"""One street for all strangers: each of them is new to it, and the neighbour stays as it was."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from tests.tenants.loot import FILE, NEIGHBOUR, Loot, furnish
from tests.tenants.street import MARKER, Street, a_street


@dataclass(slots=True)
class Case:
    """The street, and what a stranger knows of the neighbour."""

    street: Street
    loot: Loot
    numbers: Any = field(default_factory=lambda: count(1))

    async def stranger(self) -> str:
        """A workspace that has just moved in."""
        team = f"TSTRANGER{next(self.numbers):03d}X"
        await self.street.join(team)
        return team

    async def look(self) -> object:
        """All that is the neighbour's: its records, what was said in its Slack, asked with its key."""
        ears = self.street.ears
        said, asked = ears.said.get(NEIGHBOUR, []), ears.asked.get(NEIGHBOUR, [])
        sent = self.street.sandboxes[True].sandbox.went_out
        return await self.street.records(NEIGHBOUR), list(said), list(asked), dict(sent)

    async def nothing_crossed(self, team: str, before: object, *answers: str) -> None:
        """The neighbour is as it was, and the stranger heard, was answered and keeps none of its words."""
        await self.street.settled(team)
        assert await self.look() == before
        heard = self.street.heard(team)
        kept = str(await self.street.records(team))
        for word in (MARKER, self.street.keys[NEIGHBOUR], f"xoxb-{NEIGHBOUR}"):
            assert word not in heard
            assert word not in kept
            assert word not in "".join(answers)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def case() -> AsyncIterator[Case]:
    async with a_street() as street:
        loot = await furnish(street)
        street.ears.files = {NEIGHBOUR: FILE | {"name": f"{MARKER}.png"}}
        yield Case(street, loot)
