"""The Redis user of docs/redis.md, read from there."""

import re
from pathlib import Path

from tests.conftest import RedisServer
from tests.contract.servers import say

PAGE = Path(__file__).parents[2] / "docs" / "redis.md"
PASSWORD = "hunter2"


def rules() -> list[str]:
    """What the page gives the bot's user, word by word."""
    line = re.search(r"^user scrm (.+)$", PAGE.read_text(), re.MULTILINE)
    assert line, "docs/redis.md has lost its line for the user"
    return line[1].replace("PASSWORD", PASSWORD).split()


def with_user(server: RedisServer) -> str:
    """Make that user; its address. Everybody else stays as they are."""
    say(server.port, "acl", "setuser", "scrm", *rules())
    return f"redis://scrm:{PASSWORD}@127.0.0.1:{server.port}/0"
