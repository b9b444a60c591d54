"""Signed `/scrm help` at a steady pace, as people type it, while `bench/digest.py` runs.

python -m bench.digest_acks PORT RESPONSE_URL [PER_SECOND]; ends when its input does, and prints its figures.
"""

import asyncio
import json
import sys
import time

import uvloop

from bench.ack_load import signed


async def ask(port: int, response_url: str, pause: float, over: asyncio.Event) -> tuple[list[float], int]:
    """Milliseconds of each acknowledgement, and how many were refused. Late ones are not left out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    refused, number, due = 0, 0, time.perf_counter()
    while not over.is_set():
        number += 1
        due += pause
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        request = signed(number, "help", response_url=response_url, at=int(time.time()))
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        at = head.lower().find(b"content-length:")
        await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0)
        times.append((time.perf_counter() - sent) * 1000)
        refused += not head.startswith(b"HTTP/1.1 200")
    writer.close()
    return times, refused


async def main() -> None:
    port, response_url, per_second = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    over = asyncio.Event()
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: over.set())
    times, refused = await ask(port, response_url, 1 / per_second, over)
    times.sort()
    told = {"count": len(times), "refused": refused, "p50": times[len(times) // 2]}
    print(json.dumps({**told, "p99": times[int(len(times) * 0.99)], "worst": times[-1]}))


if __name__ == "__main__":
    uvloop.run(main())
