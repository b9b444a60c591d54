"""Which files a post can take, and what is said of the others."""

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.media import MOST_BYTES, SlackFile, check, once, problem, usable

URL = "https://files.slack.com/a"


def a_file(file_id: str = "F1", name: str = "a.png", mimetype: str = "image/png", size: int = 3) -> SlackFile:
    return SlackFile(file_id, name, mimetype, size, URL)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (a_file(), ""),
        (a_file(size=MOST_BYTES), ""),
        (a_file(mimetype="video/quicktime"), ""),
        (SlackFile("F1"), ""),  # nothing is known of it yet
        (a_file(size=MOST_BYTES + 1), "a.png is 10.0 MB, and 10 MB is the most."),
        (a_file(size=12_900_000), "a.png is 12.3 MB, and 10 MB is the most."),
        (a_file(size=0), "a.png is empty."),
        (a_file(size=-1), "a.png is empty."),
        (
            a_file(name="a.svg", mimetype="image/svg+xml"),
            "a.svg is not of a kind a post can take: JPEG, PNG, GIF and WebP pictures, MP4 and MOV videos.",
        ),
        (
            a_file(name=" ", mimetype=""),
            "F1 is not of a kind a post can take: JPEG, PNG, GIF and WebP pictures, MP4 and MOV videos.",
        ),
    ],
)
def test_each_problem_is_one_sentence_with_the_files_name(file: SlackFile, told: str) -> None:
    assert problem(file) == told


def test_everything_wrong_is_told_at_once() -> None:
    files = [a_file(f"F{number}") for number in range(10)] + [a_file("F10", "b.png", size=0)]

    with pytest.raises(UsageError) as caught:
        check(files)

    assert caught.value.message == "11 files are too many: 10 at a time is the most. b.png is empty."
    assert caught.value.field == "media"


def test_ten_good_files_are_no_problem() -> None:
    check([a_file(f"F{number}") for number in range(10)], needed=True)
    check([])

    with pytest.raises(UsageError, match="Choose a file first"):
        check([], needed=True)


def test_of_a_messages_files_those_are_offered_that_fit() -> None:
    many = [a_file(f"F{number}", f"{number}.png") for number in range(12)]
    bad = a_file("FX", "x.png", size=0)

    fit, wrong = usable([bad, many[0], *many])

    assert fit == tuple(many[:10])
    assert wrong == (
        "x.png is empty. 10.png is one too many: 10 is the most. 11.png is one too many: 10 is the most."
    )
    assert usable([]) == ((), "")


def test_a_file_named_twice_is_one() -> None:
    assert [file.id for file in once([a_file("F2"), a_file("F1"), a_file("F2")])] == ["F2", "F1"]


@pytest.mark.parametrize(
    ("name", "filename"),
    [
        ("a.png", "a.png"),
        ("../../etc/a.png", "a.png"),
        ("C:\\pictures\\a.png", "a.png"),
        ("a\r\nb\x00.png", "ab.png"),
        ("ü" * 300 + ".png", "ü" * 196 + ".png"),
        ("folder/", "F1"),
        ("", "F1"),
    ],
)
def test_a_file_goes_out_under_a_plain_name(name: str, filename: str) -> None:
    assert a_file(name=name).filename == filename
