"""docs/architecture.md and its picture are the import ladder."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.docs.ladder import PICTURE, ROLES, ROOT, drawn, ladder

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PARTS = [name for layer in ladder() for name in layer]


def test_the_picture_is_the_ladder() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn(), "run `python -m tests.docs.ladder`"


def test_the_picture_names_every_part_once_and_no_other() -> None:
    names = [each.text for each in ET.fromstring(drawn()).iter() if each.get("class") == "n"]

    assert names == PARTS
    assert sorted(ROLES) == sorted(PARTS)


def test_the_page_shows_one_picture() -> None:
    assert re.findall(r"!\[.*\]\((.+)\)", PAGE) == ["images/architecture.svg"]


def test_every_file_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:\w+/)+\w+\.py|\w+\.py)`", PAGE))

    assert named
    assert [name for name in named if not (ROOT / "scrm_bot" / Path(name)).exists()] == []
