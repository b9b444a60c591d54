"""What CONTRIBUTING.md says about adding a command is true."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from scrm_bot.domain.grammar import parse
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.reply import Reply
from scrm_bot.slack.router import Router
from scrm_bot.views import help as views
from tests.unit.slack.deeds import a_caller, connected, said

PAGE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def shown() -> Command:
    """The command in the page, as its own file would make it."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    module = ModuleType("shown")
    exec(compile(source, "CONTRIBUTING.md", "exec"), module.__dict__)
    command = module.command
    assert isinstance(command, Command)
    assert str(module.__doc__) == f"/scrm {command.verb} {command.usage}"
    return command


async def test_the_command_in_the_page_runs(shown: Command) -> None:
    fakes, router = connected(), Router([*COMMANDS, shown])
    found = router.command(parse(f"{shown.verb} Spring &amp; sun --share"))
    assert found

    answer = await found[0].run(Invocation(a_caller(), found[1]), fakes.workspace)

    assert isinstance(answer, Reply)
    assert "#launch #acme" in said(answer)
    assert answer.shared


def test_the_command_in_the_page_is_not_there_already(shown: Command) -> None:
    assert shown.verb not in {command.verb for command in COMMANDS}


def test_help_shows_it_without_more_ado(shown: Command) -> None:
    assert shown.summary in said(views.overview([*COMMANDS[1:], shown]))


def test_every_file_the_page_names_is_there() -> None:
    root = Path(__file__).parents[2]
    named = [name for name in re.findall(r"`([\w./]+\.(?:py|md|yml|example))`", PAGE) if "<" not in name]

    missing = [name for name in named if not ((root / name).exists() or [*(root / "scrm_bot").rglob(name)])]
    assert named
    assert missing == []
