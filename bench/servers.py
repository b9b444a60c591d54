"""Servers of their own process, for the benches: an API that takes 50 ms, and a Redis."""

import asyncio
import json
import multiprocessing
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory

from aiohttp import web

DELAY = 0.05
POST = {
    "id": "post_123",
    "status": "draft",
    "body": "Launch day is here. " * 8,
    "account_ids": ["acct_1", "acct_2"],
    "media_ids": [],
    "scheduled_at": None,
    "published_at": None,
    "created_at": "2026-11-30T08:00:00Z",
    "updated_at": "2026-11-30T08:30:00Z",
}
BODY = json.dumps(POST).encode()


async def _post(_: web.Request) -> web.Response:
    await asyncio.sleep(DELAY)
    return web.Response(body=BODY, content_type="application/json")


async def _serve(told: Connection) -> None:
    app = web.Application()
    app.router.add_get("/v1/posts/{id}", _post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    told.send(runner.addresses[0][1])
    await asyncio.Event().wait()


def _run(told: Connection) -> None:
    asyncio.run(_serve(told))


@contextmanager
def api() -> Iterator[str]:
    """The base address of a server in a process of its own, so that its work is not counted."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.kill()
        process.join()


@contextmanager
def redis() -> Iterator[str]:
    """The address of a redis-server from PATH, with appends on."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise SystemExit("redis-server is not on PATH")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]
        process = subprocess.Popen([*command, "--dir", folder], stdout=subprocess.PIPE)
        try:
            for line in process.stdout or ():
                if b"Ready to accept connections" in line:
                    break
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.communicate()
