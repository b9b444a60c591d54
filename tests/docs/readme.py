"""Write the table of commands in docs/commands.md anew: `python -m tests.docs.readme`."""

from pathlib import Path

from scrm_bot.slack.command import Command
from scrm_bot.slack.commands import COMMANDS

PAGE = Path(__file__).parents[2] / "docs/commands.md"
BEGIN, END = "<!-- commands -->", "<!-- end of commands -->"
HEAD = ["| `/scrm` … | |", "|---|---|"]


def row(command: Command) -> str:
    """One verb: what is typed, and what it does."""
    typed = f"{command.verb} {command.usage}".strip().replace("|", "\\|")
    who = " (admins)" if command.admin_only else ""
    return f"| {f'`{typed}`' if typed else '*nothing more*'} | {command.summary}{who} |"


def table() -> str:
    """The whole table. Its head is part of it: a comment between head and rows would end a table."""
    return "\n".join([*HEAD, *(row(command) for command in COMMANDS)])


def written(page: str) -> str:
    """The page with the table as it should be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
