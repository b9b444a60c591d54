"""Starting and stopping, alone and inside another program."""

import re
import signal
import subprocess
import sys

import httpx
import pytest

from scrm_bot.demo.socialcrm.server import main, serve


async def test_any_free_port_is_taken_when_none_is_named() -> None:
    one = await serve()
    other = await serve()
    try:
        async with httpx.AsyncClient() as client:
            answers = [await client.get(f"{each.base_url}/posts") for each in (one, other)]
    finally:
        await one.close()
        await other.close()

    assert one.url != other.url
    assert [answer.status_code for answer in answers] == [401, 401]


async def test_a_port_in_use_is_an_error_that_leaves_nothing_behind() -> None:
    running = await serve()
    port = int(running.url.rsplit(":", maxsplit=1)[1])
    try:
        with pytest.raises(OSError, match="in use"):
            await serve(port=port)
    finally:
        await running.close()


@pytest.mark.parametrize(("host", "shown"), [("a..b", "a..b:0"), ("fe80::1%nowhere", "[fe80::1%nowhere]:0")])
async def test_a_host_that_cannot_be_used_is_one_line(
    host: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await main(host=host, port=0) == 1

    told = capsys.readouterr().err
    assert told.startswith(f"{shown} cannot be used (")
    assert len(told.splitlines()) == 1


async def test_a_closed_sandbox_answers_no_more() -> None:
    running = await serve()
    await running.close()

    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(running.url)


def test_alone_it_tells_its_address_and_a_key_that_works_and_ends_at_sigterm() -> None:
    code = "from scrm_bot.demo.socialcrm.server import run; run(port=0)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            told = "".join(process.stdout.readline() for _ in range(6))
            address = re.search(r"API +(http\S+)", told)
            key = re.search(r"sk_live_\S+", told)
            assert address
            assert key
            answer = httpx.get(f"{address[1]}/posts", headers={"X-API-Key": key[0]})
        finally:
            process.send_signal(signal.SIGTERM)

    assert answer.status_code == 200
    assert process.returncode == 0
