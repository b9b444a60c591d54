"""Ending what runs for as long as the process does."""

import asyncio
from collections.abc import Collection

_AGAIN = 0.5  # seconds


async def end(tasks: Collection["asyncio.Task[None]"], *, again: float = _AGAIN) -> None:
    """Cancel them until they have ended: a client may keep one cancelling to itself while it connects."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)
    await asyncio.gather(*tasks, return_exceptions=True)
