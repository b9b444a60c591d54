from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.emoji import spelled_out

LIGHT, FAIR, DARK = "\U0001f3fb", "\U0001f3fc", "\U0001f3ff"
TADA, WAVE, ROCKET, HUNDRED = "\U0001f389", "\U0001f44b", "\U0001f680", "\U0001f4af"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", ""),
        ("Launch :tada:", f"Launch {TADA}"),
        (":tada::rocket:", f"{TADA}{ROCKET}"),
        ("Hello:tada:world", f"Hello{TADA}world"),
        ("at 10:30:tada:", f"at 10:30{TADA}"),
        ("(:tada:)!", f"({TADA})!"),
        (":+1: :thumbsup: :-1:", "\U0001f44d \U0001f44d \U0001f44e"),
        (":heart:", "\u2764\ufe0f"),
        (
            ":flag-de: :us: :hash: :one:",
            "\U0001f1e9\U0001f1ea \U0001f1fa\U0001f1f8 #\ufe0f\u20e3 1\ufe0f\u20e3",
        ),
        (":100: Score:100:!", f"{HUNDRED} Score{HUNDRED}!"),
        (":woman-running:", "\U0001f3c3\u200d\u2640\ufe0f"),
        # skin tones
        (":wave::skin-tone-3:", f"{WAVE}{FAIR}"),
        (":wave::skin-tone-2::tada:", f"{WAVE}{LIGHT}{TADA}"),
        (":woman-running::skin-tone-6:", f"\U0001f3c3{DARK}\u200d\u2640\ufe0f"),
        (":handshake::skin-tone-2-6:", f"\U0001faf1{LIGHT}\u200d\U0001faf2{DARK}"),
        (":handshake::skin-tone-2-2:", f"\U0001f91d{LIGHT}"),
        (":handshake::skin-tone-2:", f"\U0001f91d{LIGHT}"),
        (":people_holding_hands::skin-tone-6:", f"\U0001f9d1{DARK}\u200d\U0001f91d\u200d\U0001f9d1{DARK}"),
        (":tada::skin-tone-3:", f"{TADA}{FAIR}"),
        (":skin-tone-3:", FAIR),
    ],
)
def test_names_become_the_emoji_that_was_chosen(text: str, seen: str) -> None:
    assert spelled_out(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        *("no colon", "a: b", ": tada:", ":tada", "::", ":::", ":tada :"),
        *(":acme-logo:", ":partyparrot::skin-tone-2:", ":Tada:", ":tada!:"),
        *("10:30:00", "10:100:00", "1:100:", ":100:5", "a:b:c", "on:x:off", "key:v:1"),
        *("http://a:80:", "https://x.org/:tada:/", "see http://localhost:100:/x:tada:"),
    ],
)
def test_what_is_no_emoji_stays(text: str) -> None:
    assert spelled_out(text) == text


@given(st.text())
def test_any_text_is_read_and_only_once(text: str) -> None:
    seen = spelled_out(text)

    assert spelled_out(seen) == seen
    assert len(seen) <= len(text)


@given(
    st.lists(st.sampled_from([":", "tada", "b", "100", "::skin-tone-2:", " ", "9", "://", "x"])).map("".join)
)
def test_what_looks_like_names_is_read_without_failing(text: str) -> None:
    assert spelled_out(text).count(" ") == text.count(" ")


def test_each_name_of_the_table_is_one_emoji() -> None:
    table = files("scrm_bot.domain").joinpath("emoji.txt").read_text("utf-8")
    names = [
        name
        for row in table.splitlines()
        if not row.startswith("#")
        for name in row.partition("\t")[0].split()
    ]

    assert "Copyright (c) 2013 Cal Henderson" in table
    assert len(names) == len(set(names)) > 1_900
    assert [name for name in names if ":" in spelled_out(f":{name}:")] == []
