"""What every test shares."""

import logging
import shutil
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def untouched_root() -> Iterator[None]:
    """What a test that starts the bot does to the log, the next does not see."""
    root, hook = logging.getLogger(), sys.excepthook
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    sys.excepthook = hook


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class RedisServer:
    """A redis-server of the tests' own, on a free port, with its data in a folder of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.options = options  # the last word: Redis takes a repeated option's latest value
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self.reader: Thread | None = None

    def start(self) -> None:
        binary = shutil.which("redis-server")
        assert binary, "these tests need redis-server on PATH (Debian: apt-get install redis-server)"
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]
        command = [binary, *options, "--dir", str(self.folder), "--appendfsync", "everysec", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self.process.stdout
        for line in self.process.stdout:
            if b"Ready to accept connections" in line:
                self.reader = Thread(target=deque, args=(self.process.stdout, 0), daemon=True)
                self.reader.start()  # else it would stop when nobody reads what it says
                return
        raise AssertionError("redis-server ended before it was ready")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            if self.reader:
                self.reader.join()
            if self.process.stdout:
                self.process.stdout.close()
            self.process = None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One real server for the session; tests that kill servers start one of their own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()
