"""The picture of a request's life, drawn from the table: `python -m tests.docs.approvals_diagram`."""

from pathlib import Path

from scrm_bot.domain.approvals import TRANSITIONS, State

PAGE = Path(__file__).parents[2] / "docs" / "approvals.md"
BEGIN, END = "```mermaid\n", "```\n"


def drawn() -> str:
    """A Mermaid state diagram with one arrow per transition."""
    ends = [state for state in State if all(source is not state for source, _ in TRANSITIONS)]
    arrows = [f"    {source} --> {target}: {step}" for (source, step), target in TRANSITIONS.items()]
    lines = [
        "stateDiagram-v2",
        f"    [*] --> {State.PENDING}",
        *arrows,
        *(f"    {end} --> [*]" for end in ends),
    ]
    return "\n".join(lines) + "\n"


def replaced(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{drawn()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(replaced(PAGE.read_text()))
