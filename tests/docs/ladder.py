"""Draw the picture of the architecture anew, from the import ladder: `python -m tests.docs.ladder`."""

import tomllib
from collections.abc import Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/images/architecture.svg"
ROLES = {  # what each part is for, in the few words that fit its box
    "__main__": "python -m scrm_bot",
    "cli": "what is typed into a terminal",
    "demo": "stand-ins for Slack and SocialCRM",
    "operations": "doctor, keys rotate, api",
    "checking": "check: what is tried before a start",
    "app": "one process: wires everything",
    "serving": "what Slack talks to, put together",
    "working": "what happens later, put together",
    "departures": "a workspace removes the bot",
    "installing": "a workspace installs it",
    "instruments": "metrics and traces, put together",
    "tenancy": "one team: every port bound to it",
    "settings": "the environment, typed",
    "manifests": "the app as Slack is told of it",
    "addresses": "what may be an address",
    "slack": "⇄ Slack",
    "jobs": "what happens later",
    "socialcrm": "⇄ SocialCRM",
    "store": "⇄ Redis",
    "drawing": "charts, in a process",
    "usecases": "the rules that take several steps",
    "views": "what people see: Block Kit",
    "ports": "what the core asks of the outside",
    "domain": "approvals, posts, times: standard library only",
    "telemetry": "counts and spans",
    "log": "lines without secrets",
}
CORE = {"usecases", "views", "ports", "domain"}
OUTSIDE = {"slack", "socialcrm", "store"}
_WIDTH, _LEFT, _GAP, _HIGH, _STEP = 920, 44, 10, 46, 58
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2733;text-anchor:middle}.n{font-weight:600;font-size:14px}"
    "rect{fill:#f3f5f8;stroke:#9aa7b5}.core{fill:#e3f0e6;stroke:#5f9a6d}.out{fill:#e4ecfa;stroke:#5b7fc0}"
    "path{stroke:#9aa7b5;stroke-width:1.5;fill:none}"
    "@media (prefers-color-scheme:dark){text{fill:#e4e9ef}rect{fill:#232b35;stroke:#566373}"
    ".core{fill:#1d3325;stroke:#5f9a6d}.out{fill:#1d2a44;stroke:#5b7fc0}.page{fill:#12171d}}"
    ".page{stroke:none}@media (prefers-color-scheme:light){.page{fill:#fff}}"
)


def ladder() -> list[list[str]]:
    """The layers as import-linter reads them, from the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def _box(name: str, left: float, top: int, width: float) -> str:
    kind = "core" if name in CORE else "out" if name in OUTSIDE else "part"
    middle = left + width / 2
    return (
        f'<rect class="{kind}" x="{left:g}" y="{top}" width="{width:g}" height="{_HIGH}" rx="6"/>'
        f'<text class="n" x="{middle:g}" y="{top + 19}">{escape(name)}</text>'
        f'<text x="{middle:g}" y="{top + 37}">{escape(ROLES[name])}</text>\n'
    )


def _row(names: Sequence[str], top: int) -> str:
    width = (_WIDTH - _LEFT - _GAP * len(names)) / len(names)
    boxes = (_box(name, _LEFT + number * (width + _GAP), top, width) for number, name in enumerate(names))
    return "".join(boxes)


def drawn() -> str:
    """One row for each layer; imports go down."""
    rows = ladder()
    high = len(rows) * _STEP + _GAP
    told = ", ".join(" | ".join(names) for names in rows)
    arrow = f'<path d="M22 {_GAP}V{high - 14}m-6 -8l6 8l6 -8"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {high}" role="img">\n'
        f"<title>Imports go down: {escape(told)}</title>\n<style>{_STYLE}</style>\n"
        f'<rect class="page" width="{_WIDTH}" height="{high}"/>{arrow}\n'
        + "".join(_row(names, _GAP + number * _STEP) for number, names in enumerate(rows))
        + "</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
