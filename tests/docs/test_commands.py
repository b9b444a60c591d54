"""Every command is listed, in order, and told in docs/commands.md."""

from pathlib import Path

import pytest

from scrm_bot.slack import commands
from scrm_bot.slack.command import Command
from scrm_bot.slack.commands import COMMANDS
from tests.docs import readme

FOLDER = Path(commands.__file__).parent
VERBS = [command for command in COMMANDS if command.verb]


def module_of(command: Command) -> str:
    return command.run.__module__.rpartition(".")[2]


def test_every_file_of_a_command_is_listed_once() -> None:
    files = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")

    assert sorted(module_of(command) for command in COMMANDS) == files


def test_a_command_is_in_the_file_of_its_name() -> None:
    assert [module_of(command) for command in VERBS] == [command.verb for command in VERBS]


def test_no_word_means_two_commands() -> None:
    words = [word for command in COMMANDS for word in (command.verb, *command.aliases)]

    assert len(words) == len(set(words))


def test_the_order_follows_a_day_at_work_and_ends_with_help() -> None:
    verbs = [command.verb for command in COMMANDS]

    assert verbs[0] == ""
    assert verbs.index("draft") < verbs.index("schedule") < verbs.index("approve") < verbs.index("connect")
    assert verbs[-1] == "help"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.verb or "(bare)")
def test_a_file_begins_with_what_people_type(command: Command) -> None:
    source = (FOLDER / f"{module_of(command)}.py").read_text(encoding="utf-8")

    assert source.startswith(f'"""/scrm {command.verb}'.rstrip())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.verb or "(bare)")
def test_the_page_tells_of_each_verb(command: Command) -> None:
    assert readme.row(command) in readme.PAGE.read_text(encoding="utf-8").splitlines()


def test_the_table_is_as_the_generator_writes_it() -> None:
    page = readme.PAGE.read_text(encoding="utf-8")

    assert readme.written(page) == page, "run python -m tests.docs.readme"
