"""What no tool of the project measures, and the project promises all the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "scrm_bot"
MOST_LINES = 50


def functions() -> Iterator[tuple[str, int]]:
    """Each function of the product, with its length in lines."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = dict(functions())

    assert len(lengths) > 1000
    assert [name for name, lines in lengths.items() if lines > MOST_LINES] == []
