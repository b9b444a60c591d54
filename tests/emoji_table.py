"""Writes scrm_bot/domain/emoji.txt from an unpacked npm package: `python -m tests.emoji_table FOLDER`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "scrm_bot/domain/emoji.txt"
TONES = {f"1F3F{digit}": f"{{{place}}}" for place, digit in enumerate("BC")}  # stand for any two tones
ONE, OTHER = TONES
HEADER = """\
Emoji by the names that Slack gives them, each line with tabs between: the names, the emoji, it with a skin
tone {0}, it with two {0} {1}. Made from emoji-datasource VERSION (npm) by tests/emoji_table.py.

"""


def rows(folder: Path) -> Iterator[str]:
    package = json.loads((folder / "package.json").read_text("utf-8"))
    told = HEADER.replace("VERSION", package["version"]) + (folder / "LICENSE").read_text("utf-8")
    yield from (f"# {line}".rstrip() for line in told.splitlines())
    emoji = json.loads((folder / "emoji.json").read_text("utf-8"))
    for each in sorted(emoji, key=lambda each: int(each["sort_order"])):
        yield row(each)


def row(emoji: Mapping[str, Any]) -> str:
    tones: Mapping[str, Any] = emoji.get("skin_variations") or {}
    toned = [written(tones[key]["unified"], TONES) if key in tones else "" for key in (ONE, f"{ONE}-{OTHER}")]
    return "\t".join((" ".join(emoji["short_names"]), written(emoji["unified"], {}), *toned)).rstrip("\t")


def written(codes: str, instead: Mapping[str, str]) -> str:
    return "".join(instead.get(code) or chr(int(code, 16)) for code in codes.split("-"))


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in rows(Path(sys.argv[1]))), "utf-8")
