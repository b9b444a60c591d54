"""Whose id stands in the log and is told to people, when many deliveries come at one moment."""

import asyncio
import logging
import re

import pytest

from scrm_bot.log import request_id
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from tests.unit.slack.rig import HELP, Parts, a_rig


async def test_each_of_those_who_come_together_is_told_an_id_of_their_own_and_it_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []

    async def fail(call: Invocation, _: Workspace) -> Answers:
        raise ZeroDivisionError(call.argument)

    class Ids(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            if record.exc_info:
                seen.append(request_id.get())
            return True

    caplog.handler.addFilter(Ids())
    async with a_rig(Parts(commands=(Command("stats", "", "", fail), HELP))) as rig:
        await asyncio.gather(*(rig.command(f"stats {number}") for number in range(8)))
        await rig.settled()

        told = {
            found
            for each in rig.slack.of("response_url")
            for found in re.findall("`([0-9a-f]{8})`", str(each))
        }
    assert len(told) == 8
    assert set(seen) == told
