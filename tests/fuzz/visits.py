"""Browsers that nobody sent: mutated requests for the two pages of an installation."""

import asyncio
from collections import Counter
from random import Random
from urllib.parse import quote

_PATIENCE = 30.0
_PATHS = ("/slack/install", "/slack/oauth_redirect")
_NAMES = (b"state", b"code", b"error", b"scope", b"", b"%ff", b"redirect_uri")
_WORDS = (
    b"",
    b"a",
    b"%ff",
    b"%00",
    b"%ed%a0%80",
    b"a.1.b",
    b"..",
    b"x" * 4000,
    b"%F0%9F%92%A5",
    b"\xff",
    b"<b>",
)
_COOKIES = (
    b"",
    b"\xff",
    b"a",
    b'"',
    b"a=b; scrm_install=\xff",
    b"x" * 3000,
    "ü".encode(),
    b"; ;=;",
    b"\xed\xa0\x80",
)
_HOSTS = (b"bot", b"", b"bot:0", b"[::1", b"\xff", b"a" * 300, b"bot/..", b"user@bot")


async def visit(port: int, random: Random, times: int) -> Counter[str]:
    """One after the other; what was answered to how many."""
    statuses = Counter[str]()
    for _ in range(times):
        statuses[await _answer(port, _request(random))] += 1
    return statuses


def _request(random: Random) -> bytes:
    query = b"&".join(random.choice(_NAMES) + b"=" + _word(random) for _ in range(random.randrange(5)))
    path = random.choice(_PATHS).encode() + (b"?" + query if query else b"")
    cookie = b"scrm_install=" + (random.choice(_COOKIES) if random.random() < 0.7 else _word(random))
    lines = [b"GET %b HTTP/1.1" % path, b"Host: " + random.choice(_HOSTS), b"Cookie: " + cookie]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


def _word(random: Random) -> bytes:
    if random.random() < 0.5:
        return random.choice(_WORDS)
    return quote(random.randbytes(random.randrange(40))).encode()


async def _answer(port: int, request: bytes) -> str:
    async with asyncio.timeout(_PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
    return answer[9:12].decode("latin-1") or "closed"
