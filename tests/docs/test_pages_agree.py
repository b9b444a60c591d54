"""What pages say of commands, settings, targets, tests and verbs is there."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrm_bot import cli
from scrm_bot.settings import Settings
from scrm_bot.slack.commands import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
VARIABLE = re.compile(r"\b(?:SLACK|SCRM|SOCIALCRM|REDIS)_[A-Z_]*[A-Z]\b")
ONLY_THE_TERMINALS = {"SOCIALCRM_API_KEY"}
OF_LONG_TESTS = {
    name
    for folder in ("tests/chaos", "tests/soak", "bench")
    for path in (ROOT / folder).rglob("*.py")
    for name in re.findall(r'environ[^"]*"(SCRM_[A-Z_]+)"', path.read_text(encoding="utf-8"))
}


def named(pattern: str, page: Path) -> set[str]:
    """What the pattern finds in the code of a page: spans and blocks."""
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    return {found for block, span in code for found in re.findall(pattern, block or span, re.MULTILINE)}


def subcommands() -> Iterator[str]:
    for action in cli._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices


def variables() -> set[str]:
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    return {str(getattr(alias, "choices", [alias])[0]) for alias in aliases}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_commands_that_exist(page: Path) -> None:
    verbs = {word for command in COMMANDS for word in (command.verb, *command.aliases)}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named(r"(?:^|[\s/])scrm-bot ([a-z]+)\b", page) <= {*subcommands()}
    assert named(r"(?:^|\s)/scrm ([a-z]+)\b", page) <= verbs
    assert named(r"^make ([a-z]+)", page) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_settings_that_exist(page: Path) -> None:
    told = set(VARIABLE.findall(page.read_text(encoding="utf-8")))

    assert told - ONLY_THE_TERMINALS - OF_LONG_TESTS <= variables()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_tests_that_exist(page: Path) -> None:
    paths = named(r"\b((?:tests|bench|docs|scrm_bot)/[\w./@-]*\w)", page)

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_of_the_terminal_is_told() -> None:
    page = ROOT / "docs/commands.md"

    assert named(r"^scrm-bot ([a-z]+)\b", page) == {*subcommands()}


def test_what_security_says_of_the_audit_log_is_the_default() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")

    assert f"`SCRM_KEEP_AUDIT_DAYS` ({Settings.model_fields['keep_audit_days'].default};" in page
