"""What the site shows otherwise than the repository: the list of decisions, and diagrams without a script."""

import re
from pathlib import Path
from typing import Any

_MERMAID = re.compile(r"```mermaid\n(.*?)```\n", re.DOTALL)
_ARROW = re.compile(r"^\s*(\S+) --> (\S+?)(?:: (\S+))?$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Every file in docs/adr, in its order, under "Decisions"."""
    files = sorted((Path(config["docs_dir"]) / "adr").glob("*.md"))
    (known,) = [part["Know it"] for part in config["nav"] if isinstance(part, dict) and "Know it" in part]
    known.append({"Decisions": [f"adr/{file.name}" for file in files]})
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """State diagrams as tables: the script that draws them would come from another host."""
    return _MERMAID.sub(lambda found: _table(found[1]), markdown)


def _table(diagram: str) -> str:
    rows = [
        f"| {source} | {step} | {target} |"
        for source, target, step in _ARROW.findall(diagram)
        if "[*]" not in {source, target}
    ]
    return "\n".join(["| from | by | to |", "|---|---|---|", *rows, ""])
