"""Every state of every view as JSON. `python -m tests.goldens` writes them anew; review the difference."""

import json
from dataclasses import asdict
from pathlib import Path

from scrm_bot.views.blocks import Message, View

FOLDER = Path(__file__).parent
Cases = dict[str, Message | View]


def as_json(shown: Message | View) -> str:
    plain = asdict(shown) if isinstance(shown, Message) else shown
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def picture_of(name: str) -> Path:
    return FOLDER / f"{name}.svg"
