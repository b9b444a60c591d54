"""Downloads: from Slack's own hosts alone, the token nowhere else, exactly the bytes there should be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.files import Downloads, SlackFiles
from scrm_bot.slack.installed import Installations, NotInstalledError
from scrm_bot.slack.messenger import Messenger

TEAM = "T0001"
TOKEN = "xoxb-1"
PICTURE = bytes(range(256)) * 1024  # 256 KiB

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Host:
    """A server on a free port, and who asked it for what, with which token."""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    answer: Handler | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((str(request.rel_url), request.headers.get("Authorization", "")))
        assert self.answer
        return await self.answer(request)


class NoNames(AbstractResolver):
    """Knows no host by name, and notes which were looked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked.append(host)
        raise OSError(f"{host} is not asked for in tests")

    async def close(self) -> None: ...


@dataclass
class Bench:
    """Slack's side as `host`, and the parts under test."""

    host: Host
    names: NoNames
    downloads: Downloads
    files: SlackFiles

    def file(self, *, path: str = "/files/T1-F1/a.png", size: int = len(PICTURE), url: str = "") -> SlackFile:
        return SlackFile("F1", "a.png", "image/png", size, url or self.host.url + path)

    async def fetch(self, file: SlackFile) -> list[bytes]:
        async with self.files.open(file) as pieces:
            return [piece async for piece in pieces]


@asynccontextmanager
async def serving(host: Host) -> AsyncIterator[Host]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", host.handle)
    async with TestServer(application) as server:
        host.url = str(server.make_url("")).rstrip("/")
        yield host


async def installed(team_id: str) -> Installation | None:
    return Installation(TEAM, Secret(TOKEN)) if team_id == TEAM else None


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    names = NoNames()
    connector = aiohttp.TCPConnector(resolver=names)
    async with serving(Host()) as host, aiohttp.ClientSession(connector=connector) as session:
        yield a_bench(host, names, session, api_url=f"{host.url}/api/")


def a_bench(host: Host, names: NoNames, session: aiohttp.ClientSession, *, api_url: str) -> Bench:
    installations = Installations(installed)
    downloads = Downloads(session, installations, api_url=api_url)
    messenger = Messenger(session=session, installations=installations, base_url=f"{host.url}/api/")
    return Bench(host, names, downloads, SlackFiles(TEAM, messenger=messenger, downloads=downloads))


def giving(body: bytes = PICTURE, **how: object) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, **({"content_type": "image/png"} | how))  # type: ignore[arg-type]

    return answer


async def test_a_file_comes_in_pieces_with_the_bots_token(bench: Bench) -> None:
    bench.host.answer = giving()

    pieces = await bench.fetch(bench.file(path="/files/T1-F1/a%20b.png?x=1"))

    assert b"".join(pieces) == PICTURE
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 64 * 1024
    assert bench.host.asked == [("/files/T1-F1/a%20b.png?x=1", f"Bearer {TOKEN}")]


SSRF = [
    "http://files.slack.com/files-pri/T1-F1/a.png",
    "ftp://files.slack.com/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "//files.slack.com/a.png",
    "/files/a.png",
    "",
    "https://",
    "https:///a.png",
    "https://[",
    "https://files.slack.com:99999/a.png",
    "https://files.slack.com:8443/a.png",
    "https://files.slack.com:80/a.png",
    "https://evil.example/files.slack.com/a.png",
    "https://files.slack.com.evil.example/a.png",
    "https://files-slack.com/a.png",
    "https://evilslack-files.com/a.png",
    "https://evilslack-edge.com/a.png",
    "https://slack-edge.com.evil.example/a.png",
    "https://files.slack.com./a.png",
    "https://files.slack.com%2eevil.example/a.png",
    "https://files.slack.com%00.evil.example/a.png",
    "https://files.slack.com\\.evil.example/a.png",
    "https://evil.example\\@files.slack.com/a.png",
    "https://files.slack.com@evil.example/a.png",
    "https://files.slack.com:443@evil.example/a.png",
    "https://user:password@files.slack.com/a.png",
    "https://@files.slack.com/a.png",
    "https://evil.example#@files.slack.com/a.png",
    "https://evil.example?@files.slack.com/a.png",
    "https://slack.com/api/auth.test",
    "https://slack.com/files-pri-other/a.png",
    "https://acme.slack.com/files-pri/T1-F1/a.png",
    "https://127.0.0.1/a.png",
    "https://127.1/a.png",
    "https://2130706433/a.png",
    "https://0x7f000001/a.png",
    "https://0.0.0.0/a.png",
    "https://10.0.0.1/a.png",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/a.png",
    "https://[::ffff:127.0.0.1]/a.png",
    "https://localhost/a.png",
    "http://169.254.169.254/latest/meta-data/",
    "https://drive.google.com/file/d/1/view",
    "https://\u017flack-files.com/a.png",
]


@pytest.mark.parametrize("url", SSRF)
async def test_nothing_is_asked_of_a_host_that_is_not_slacks(bench: Bench, url: str) -> None:
    file = SlackFile("F1", "a.png", "image/png", 3, url)

    with pytest.raises(UsageError, match="is not kept by Slack itself"):
        await bench.fetch(file)

    assert bench.names.asked == []
    assert bench.host.asked == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", "files.slack.com"),
        ("https://FILES.Slack.com:443/files-pri/T1-F1/a.png", "files.slack.com"),
        ("https://files-origin.slack.com/files-pri/T1-F1/a.png", "files-origin.slack.com"),
        ("https://slack.com/files-pri/T1-F1/a.png", "slack.com"),
        ("https://slack-files.com/T1-F1-abc", "slack-files.com"),
        ("https://eu.slack-files.com/T1-F1-abc", "eu.slack-files.com"),
        ("https://a.slack-edge.com/a.png", "a.slack-edge.com"),
    ],
)
async def test_slacks_own_hosts_are_asked(bench: Bench, url: str, host: str) -> None:
    with pytest.raises(UsageError, match="could not be reached"):
        await bench.fetch(bench.file(url=url))

    assert set(bench.names.asked) == {host}


async def test_a_stand_ins_host_and_port_are_its_own_alone(bench: Bench) -> None:
    bench.host.answer = giving()
    async with serving(Host(answer=giving())) as other:
        name = other.url.replace("127.0.0.1", "localhost")
        for url in (
            f"{other.url}/a.png",
            f"{name}/a.png",
            bench.host.url.replace("http", "https") + "/a.png",
        ):
            with pytest.raises(UsageError, match="not kept by Slack"):
                await bench.fetch(bench.file(url=url))

        assert other.asked == []
    assert bench.host.asked == []
    assert bench.names.asked == []


@pytest.mark.parametrize("api_url", ["https://slack.com/api/", "https://www.slack.com/api/"])
async def test_at_slack_the_host_of_the_api_keeps_no_files(bench: Bench, api_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        strict = a_bench(bench.host, bench.names, session, api_url=api_url)
        for url in (api_url + "auth.test", f"{bench.host.url}/a.png"):
            with pytest.raises(UsageError, match="not kept by Slack"):
                await strict.fetch(bench.file(url=url))

    assert bench.host.asked == []


async def test_the_usual_port_of_a_stand_in_may_be_left_out(bench: Bench) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=bench.names)) as session:
        proxied = a_bench(bench.host, bench.names, session, api_url="https://slack-proxy.example/api/")

        with pytest.raises(UsageError, match="could not be reached"):
            await proxied.fetch(bench.file(url="https://slack-proxy.example:443/files/a.png"))

    assert set(bench.names.asked) == {"slack-proxy.example"}


async def test_a_redirect_within_slack_is_followed_with_the_token(bench: Bench) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/first":
            return web.Response(status=302, headers={"Location": "/second/a.png"})
        return web.Response(body=PICTURE, content_type="image/png")

    bench.host.answer = answer

    assert b"".join(await bench.fetch(bench.file(path="/first"))) == PICTURE
    assert bench.host.asked == [("/first", f"Bearer {TOKEN}"), ("/second/a.png", f"Bearer {TOKEN}")]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_elsewhere_is_not_followed(bench: Bench, status: int) -> None:
    async with serving(Host(answer=giving())) as other:

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": f"{other.url}/a.png"})

        bench.host.answer = answer

        with pytest.raises(UsageError, match="is not kept by Slack itself"):
            await bench.fetch(bench.file())

        assert other.asked == []


@pytest.mark.parametrize("location", [*SSRF[:1], "https://[", "http://169.254.169.254/latest/meta-data/"])
async def test_a_redirect_is_judged_like_any_address(bench: Bench, location: str) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    bench.host.answer = answer

    with pytest.raises(UsageError, match="is not kept by Slack itself"):
        await bench.fetch(bench.file())

    assert len(bench.host.asked) == 1
    assert bench.names.asked == []


async def test_redirects_come_to_an_end(bench: Bench) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": request.path + "x"})

    bench.host.answer = answer

    with pytest.raises(UsageError, match="from place to place"):
        await bench.fetch(bench.file())

    assert len(bench.host.asked) == 4


async def test_without_the_right_to_read_files_it_says_whom_to_ask(bench: Bench) -> None:
    async def to_sign_in(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "https://acme.slack.com/?redir=%2Ffiles-pri"})

    for answer in (to_sign_in, giving(b"<p>Sign in", content_type="text/html")):
        bench.host.answer = answer
        with pytest.raises(UsageError, match="files:read"):
            await bench.fetch(bench.file())


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500])
async def test_a_refusal_is_told_with_its_number(bench: Bench, status: int) -> None:
    bench.host.answer = giving(b"no", status=status)

    with pytest.raises(UsageError, match=f"a.png over .HTTP {status}."):
        await bench.fetch(bench.file())


async def streamed(request: web.Request, pieces: list[bytes]) -> web.StreamResponse:
    """An answer that does not say how long it is."""
    response = web.StreamResponse(headers={"Content-Type": "image/png"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    return response


@pytest.mark.parametrize("told", [len(PICTURE) - 1, len(PICTURE) + 1, 10 * len(PICTURE)])
async def test_a_length_other_than_slack_told_is_refused_before_a_byte_is_read(
    bench: Bench, told: int
) -> None:
    bench.host.answer = giving()

    async with bench.downloads.open(TEAM, bench.file()) as pieces:
        assert await anext(pieces)
    with pytest.raises(UsageError, match="not as long as Slack said"):
        async with bench.downloads.open(TEAM, bench.file(size=told)):
            raise AssertionError("opened all the same")


@pytest.mark.parametrize("size", [1, len(PICTURE) - 1, len(PICTURE) + 1])
async def test_a_length_that_turns_out_otherwise_is_refused_too(bench: Bench, size: int) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await streamed(request, [PICTURE[:1000], PICTURE[1000:]])

    bench.host.answer = answer
    seen: list[bytes] = []

    async def read() -> None:
        async with bench.files.open(bench.file(size=size)) as pieces:
            while True:
                seen.append(await anext(pieces))

    with pytest.raises(UsageError, match="not as long as Slack said"):
        await read()

    assert sum(map(len, seen)) <= size


async def test_an_endless_answer_is_cut_off(bench: Bench) -> None:
    ended = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await streamed(request, [PICTURE] * 1000)
        finally:
            ended.set()

    bench.host.answer = answer

    with pytest.raises(UsageError, match="not as long as Slack said"):
        await bench.fetch(bench.file())

    await asyncio.wait_for(ended.wait(), 5)


async def test_a_compressed_answer_is_not_unpacked(bench: Bench) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        response = web.Response(body=bytes(10 * 1024 * 1024 // 16), content_type="image/png")
        response.enable_compression(web.ContentCoding.gzip)
        return response

    bench.host.answer = answer

    with pytest.raises(UsageError, match="not as long as Slack said"):
        await bench.fetch(bench.file(size=10 * 1024 * 1024 // 16))


async def test_a_connection_that_ends_in_the_middle_is_told(bench: Bench) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        response.content_length = len(PICTURE)
        await response.prepare(request)
        await response.write(PICTURE[:1000])
        assert request.transport
        request.transport.close()
        return response

    bench.host.answer = answer

    with pytest.raises(UsageError, match="broke off in the middle of a"):
        await bench.fetch(bench.file())


async def test_a_team_without_the_bot_gets_nothing(bench: Bench) -> None:
    with pytest.raises(NotInstalledError):
        async with bench.downloads.open("T9", bench.file()):
            raise AssertionError("opened all the same")

    assert bench.host.asked == []


def info(**answer: object) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(answer)

    return handler


async def test_a_file_is_found_by_its_id(bench: Bench) -> None:
    found = {
        "id": "F1",
        "name": "a.png",
        "mimetype": "IMAGE/PNG; x=y",
        "size": 3,
        "url_private": "https://files.slack.com/a",
        "url_private_download": "https://files.slack.com/download/a",
    }
    bench.host.answer = info(ok=True, file=found)

    file = await bench.files.find("F1")

    assert file == SlackFile("F1", "a.png", "image/png", 3, "https://files.slack.com/download/a")
    assert bench.host.asked == [("/api/files.info?file=F1", f"Bearer {TOKEN}")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"ok": False, "error": "file_not_found"}, "does not show F1"),
        ({"ok": False, "error": "missing_scope"}, "files:read"),
        ({"ok": True}, "does not show F1"),
        ({"ok": True, "file": "F1"}, "does not show F1"),
        ({"ok": True, "file": {"name": "a.png"}}, "does not show F1"),
        ({"ok": True, "file": {"id": "F1", "file_access": "file_not_found"}}, "does not show F1"),
    ],
)
async def test_a_file_that_slack_does_not_show_is_told(
    bench: Bench, answer: dict[str, object], told: str
) -> None:
    bench.host.answer = info(**answer)

    with pytest.raises(UsageError, match=told):
        await bench.files.find("F1")
