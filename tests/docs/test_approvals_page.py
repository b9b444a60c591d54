"""The picture in docs/approvals.md is the table in the code."""

from scrm_bot.domain.approvals import State
from tests.docs.approvals_diagram import PAGE, replaced


def test_the_diagram_is_the_table() -> None:
    page = PAGE.read_text()

    assert page == replaced(page), "run `python -m tests.docs.approvals_diagram`"


def test_every_state_is_explained() -> None:
    page = PAGE.read_text()

    assert [state for state in State if f"| {state} |" not in page] == []
