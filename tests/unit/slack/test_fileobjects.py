"""Slack's file objects, read and kept."""

import json
from typing import Any

import pytest

from scrm_bot.domain.media import SlackFile
from scrm_bot.slack.command import Caller, Shortcut, Submission
from scrm_bot.slack.fileobjects import kept, of_message, plain, read
from scrm_bot.slack.payloads import Kind
from scrm_bot.slack.payloads import read as read_payload
from scrm_bot.slack.readings import Reading
from scrm_bot.slack.records import dump, load
from tests.unit.slack.rig import a_submission, a_view

OBJECT: dict[str, Any] = {
    "id": "F1",
    "name": "a.png",
    "title": "A",
    "mimetype": "image/png",
    "size": 3,
    "mode": "hosted",
    "url_private": "https://files.slack.com/a",
}
FILE = SlackFile("F1", "a.png", "image/png", 3, "https://files.slack.com/a")


@pytest.mark.parametrize(
    ("found", "file"),
    [
        (OBJECT, FILE),
        (OBJECT | {"name": None}, SlackFile("F1", "A", "image/png", 3, "https://files.slack.com/a")),
        (
            OBJECT | {"size": None, "mimetype": None},
            SlackFile("F1", "a.png", url="https://files.slack.com/a"),
        ),
        ({"id": "F2", "mode": "file_access", "file_access": "check_file_info"}, SlackFile("F2")),
    ],
)
def test_a_file_object_is_read_with_what_it_has(found: dict[str, Any], file: SlackFile) -> None:
    assert read(found) == file


def test_files_that_are_gone_are_not_among_a_messages() -> None:
    gone = [{"id": "F2", "mode": "tombstone"}, {"id": "F3", "mode": "hidden_by_limit"}]

    assert of_message({"files": [*gone, OBJECT]}) == (FILE,)
    assert of_message({"files": None}) == of_message({}) == ()


def test_what_is_kept_is_json_and_comes_back() -> None:
    stored = json.loads(json.dumps([plain(FILE), "F2", {"id": "F3", "later": 1}]))

    assert kept(stored) == (FILE, SlackFile("F2"), SlackFile("F3"))


def test_a_form_with_files_survives_its_record() -> None:
    state = {"values": {"media": {"media": {"type": "file_input", "files": [OBJECT]}}}}
    reading = read_payload(Kind.SUBMISSION, a_submission("draft", view=a_view("draft", state=state)))
    assert isinstance(reading, Reading)

    deed = load(dump(reading)).deed

    assert isinstance(deed, Submission)
    assert kept(deed.state["media"]) == (FILE,)


def test_a_message_with_files_survives_its_record() -> None:
    body = {
        "type": "message_action",
        "callback_id": "draft_from_message",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "message": {"ts": "1.1", "text": "Look", "files": [OBJECT, {"id": "F2"}]},
    }
    reading = read_payload(Kind.SHORTCUT, body)
    assert isinstance(reading, Reading)

    assert load(dump(reading)) == reading
    assert reading.deed == Shortcut(
        Caller("T1", "U1", message_ts="1.1"), "draft_from_message", "Look", (FILE, SlackFile("F2"))
    )
