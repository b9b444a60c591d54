"""Ending what runs for as long as the process does."""

import asyncio
from collections.abc import Collection

_AGAIN = 0.5  # seconds


async def end(tasks: Collection["asyncio.Task[None]"], *, again: float = _AGAIN) -> None:
    """Cancel them until they have ended.

    The client of a cluster sends in `asyncio.wait_for`, which before Python 3.12 may keep a cancelling to
    itself.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)
    await asyncio.gather(*tasks, return_exceptions=True)
