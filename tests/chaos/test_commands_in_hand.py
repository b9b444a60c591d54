"""What was acknowledged is done, however its process ends."""

import asyncio
import signal

import pytest

from scrm_bot.demo.slack.world import SOCIAL
from tests.chaos.house import House
from tests.chaos.points import Ledger
from tests.chaos.running import until

IN_HAND = 200

pytestmark = pytest.mark.redis


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
async def test_no_acknowledged_command_is_lost(
    own_house: House, ledger: Ledger, number: signal.Signals
) -> None:
    house = own_house
    house.shipped = True
    await house.up("web")
    house.sandbox.faults.add("delay", method="POST", path="/v1/posts", times=None, seconds=60)
    asked = {f"Kept through {number.name} {n}" for n in range(IN_HAND)}

    acked = await asyncio.gather(*(drafted(house, words) for words in sorted(asked)))
    assert all(acked)
    assert made(house) & asked == set()
    await house.kill("web", number)
    house.sandbox.faults.clear()
    await house.up("worker")

    async def everything() -> bool:
        return asked <= made(house)

    await until(everything, what=f"{IN_HAND} drafts")
    lost = len(asked - made(house))
    assert lost == 0
    ledger.notes.append(f"{number.name} with {IN_HAND} acknowledged commands in hand: {lost} lost")


async def drafted(house: House, words: str) -> bool:
    """Type the command; whether it was acknowledged."""
    outcome = await house.editor.command(f"/scrm draft {words} --to all", channel=SOCIAL.id, check=False)
    return bool(outcome["ok"])


def made(house: House) -> set[str]:
    return {post.body for post in house.sandbox.posts.by_id.values()}
