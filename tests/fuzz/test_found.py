"""What mutated requests have brought to light, one by one."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from scrm_bot.slack.command import Button
from scrm_bot.slack.interactions import cards
from scrm_bot.slack.web import Server
from scrm_bot.views.ids import Action
from tests.unit.slack.rig import Parts, Rig, a_click, a_command, a_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    (menu,) = (button for button in cards.BUTTONS if button.action_id == Action.CARD_MENU)
    async with a_rig(Parts(buttons=(Button(menu.action_id, menu.run),))) as running:
        yield running


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "sent", [b"Content-Length: 100\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"]
)
async def test_who_breaks_off_in_the_middle_is_no_error(
    rig: Rig, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    server = Server(rig.application)
    port = await server.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n" + sent)
    writer.write_eof()
    rest = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    await writer.wait_closed()
    await server.stop()

    assert b" 5" not in rest.partition(b"\r\n")[0]
    assert errors(caplog) == []


@pytest.mark.parametrize("team", [["T1"], {"id": "T1"}, "\ud800", "T1/b", "*", "x" * 20_000, 7, True])
async def test_a_team_that_is_no_id_is_refused(
    rig: Rig, caplog: pytest.LogCaptureFixture, team: object
) -> None:
    click = a_click({"action_id": "a", "value": "1"}, team={"id": team})

    assert (await rig.post(_payload(click)))[0] == 400
    assert rig.queue.seen == set()
    assert errors(caplog) == []


@pytest.mark.parametrize("trigger", ["\ud800", "9" * 1000, "a b", "\x00"])
async def test_an_odd_trigger_makes_no_odd_key(rig: Rig, trigger: str) -> None:
    status, _ = await rig.interact(a_click({"action_id": "a", "value": "1"}, trigger_id=trigger))

    assert status == 200
    assert all(
        len(dedupe) < 100 and dedupe.isascii() and dedupe.isprintable() for _, dedupe in rig.queue.seen
    )


@pytest.mark.parametrize("value", ["post_1", "", ":", "approve:apr_1", "💥"])
async def test_a_menu_entry_that_nobody_wrote_is_told_and_no_error(
    rig: Rig, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    clicked = a_click({"action_id": Action.CARD_MENU, "value": value, "block_id": "b"})
    await rig.interact(clicked | {"response_url": f"{rig.slack.url}/response/1"})
    await rig.settled()

    (told,) = rig.slack.of("response_url")
    assert "cannot be used any more" in str(told)
    assert errors(caplog) == []


async def test_a_team_of_a_command_in_json_is_refused(rig: Rig) -> None:
    form = {**a_command("echo hi"), "team_id": ["T1"]}

    assert (await rig.post(_json(form)))[0] == 400


def _payload(value: object) -> bytes:
    return urlencode({"payload": _json(value).decode()}).encode()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
