"""A record is the whole reading, smaller, and readable by other versions."""

import json
from typing import Any

import pytest

from scrm_bot.domain.grammar import Line
from scrm_bot.slack.command import (
    Caller,
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    Shortcut,
    Submission,
)
from scrm_bot.slack.readings import Reading
from scrm_bot.slack.records import RecordError, dump, load

CALLER = Caller("T1", "U1", channel="C1", response_url="https://hooks.example/1", trigger_id="1.2")
STATE: dict[str, Any] = {"text": "a\u0000\ud800ü", "who": ["U1"], "at": 5, "none": None, "empty": []}
DEEDS: tuple[Deed, ...] = (
    Invocation(CALLER, Line("draft", "Hello  there", {"to": "acct_1"})),
    Invocation(CALLER, Line()),
    Click(
        CALLER, "approve", "apr_1", view_id="V1", state=STATE, blocks={"text": "text:1"}, metadata={"n": 0}
    ),
    Submission(CALLER, "draft", "V1", state=STATE, metadata={"channel": "C1"}),
    Shortcut(Caller("T1", "U1"), "new", "text"),
    HomeOpened(Caller("T1", "U1")),
    KeySpotted(CALLER),
)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: type(deed).__name__)
def test_every_deed_survives_its_record(deed: Deed) -> None:
    reading = Reading(deed, "c:1.2", leaked=isinstance(deed, KeySpotted), cut=isinstance(deed, Invocation))

    assert load(dump(reading)) == reading


def test_fields_of_a_later_version_are_left_out() -> None:
    whole = json.loads(dump(Reading(DEEDS[0], "c:1")))
    whole["deed"]["mood"] = "good"
    whole["deed"]["caller"]["device"] = "phone"

    assert load(json.dumps(whole).encode()).deed == DEEDS[0]


@pytest.mark.parametrize(
    "record", [b"", b"[]", b"{}", b'{"kind":"dance"}', b'{"kind":"home","deed":{}}', b"\xff"]
)
def test_a_record_nobody_can_read_says_so(record: bytes) -> None:
    with pytest.raises(RecordError):
        load(record)
