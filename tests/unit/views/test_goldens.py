import importlib
import inspect
import pkgutil
from typing import get_type_hints

import pytest
from slack_sdk.models.blocks import Block as SdkBlock

from scrm_bot import views
from scrm_bot.views.blocks import Message, View
from tests.goldens import FOLDER, as_json, path_of
from tests.goldens.cases import CASES
from tests.unit.views.rules import complaints

NOT_VIEWS = {"blocks", "inputs", "tones", "windows", "words"}  # the parts views are made of


def view_functions() -> list[str]:
    """`module.function` of everything public that makes a message or a view."""
    found = []
    for module_info in pkgutil.iter_modules(views.__path__):
        if module_info.name in NOT_VIEWS:
            continue
        module = importlib.import_module(f"scrm_bot.views.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and get_type_hints(function).get("return") in {Message, View} and name not in PARTS:
                found.append(f"{module_info.name}.{name}")
    return found


PARTS = {"banner", "show_all", "trend_row", "withdraw"}  # blocks, shown inside of views


@pytest.mark.parametrize("name", CASES)
def test_the_view_looks_as_it_was_reviewed(name: str) -> None:
    golden = path_of(name).read_text(encoding="utf-8")

    assert as_json(CASES[name]) == golden, "if this is meant: make goldens, and review the difference"


@pytest.mark.parametrize("name", CASES)
def test_the_view_keeps_to_slacks_limits(name: str) -> None:
    assert complaints(CASES[name]) == []


@pytest.mark.parametrize("name", CASES)
def test_slacks_own_library_accepts_the_blocks(name: str) -> None:
    shown = CASES[name]
    blocks = list(shown.blocks) if isinstance(shown, Message) else shown["blocks"]

    for block in blocks:
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CASES)


@pytest.mark.parametrize("function", view_functions())
def test_every_view_function_has_a_golden(function: str) -> None:
    assert any(name == function or name.startswith(f"{function}.") for name in CASES)
