"""The floor of `bench/digest.py`: the same calls by bare aiohttp, in its own process.

    python -m bench.digest_floor ORDER

ORDER is JSON: `port`, `reads` (paths), `post` (what one digest posts), `count`, and `charts`: whether each
also sends a picture of `picture` bytes by Slack's upload flow.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import uvloop

AT_ONCE = 16  # as many as a worker has in hand
_TOKEN = {"Authorization": "Bearer xoxb-floor"}
_KEY = {"Authorization": "Bearer sk_live_floor"}


async def digest(session: aiohttp.ClientSession, order: dict[str, Any]) -> None:
    base = f"http://127.0.0.1:{order['port']}"
    for path in order["reads"]:
        async with session.get(base + path, headers=_KEY) as answer:
            await answer.json()
    async with session.post(f"{base}/api/chat.postMessage", json=order["post"], headers=_TOKEN) as answer:
        posted = await answer.json()
    if order["charts"]:
        await chart(session, base, posted, bytes(order["picture"]))


async def chart(session: aiohttp.ClientSession, base: str, posted: dict[str, Any], picture: bytes) -> None:
    asked = {"filename": "chart.png", "length": str(len(picture)), "alt_txt": "Followers of Acme"}
    url = f"{base}/api/files.getUploadURLExternal"
    async with session.get(url, params=asked, headers=_TOKEN) as answer:
        place = await answer.json()
    async with session.post(place["upload_url"], data=picture) as answer:
        await answer.read()
    shared = {"files": [{"id": place["file_id"]}], "channel_id": posted["channel"], "thread_ts": posted["ts"]}
    async with session.post(
        f"{base}/api/files.completeUploadExternal", json=shared, headers=_TOKEN
    ) as answer:
        await answer.json()


async def work(session: aiohttp.ClientSession, order: dict[str, Any], left: Iterator[int]) -> None:
    for _ in left:
        await digest(session, order)


async def main() -> None:
    order = json.loads(sys.argv[1])
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await digest(session, order)  # warm
        started, used, left = time.perf_counter(), time.process_time(), iter(range(order["count"]))
        await asyncio.gather(*(work(session, order, left) for _ in range(AT_ONCE)))
        took, cpu = time.perf_counter() - started, time.process_time() - used
    print(json.dumps({"seconds": took, "cpu_ms": cpu / order["count"] * 1000}))


if __name__ == "__main__":
    uvloop.run(main())
