"""Rich text as its author saw it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.slack.richtext import said


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(parts)}]


def listed(style: str, *items: str, **more: int) -> dict[str, Any]:
    return {
        "type": "rich_text_list",
        "style": style,
        "elements": [section(words(item)) for item in items],
        **more,
    }


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        (rich(section(words("Hello "), words("you"))), "Hello you"),
        (rich(section(words("Hello\n")), listed("bullet", "a", "b")), "Hello\n• a\n• b"),
        (rich(listed("ordered", "a", "b", offset=2, indent=1)), "    3. a\n    4. b"),
        (rich({"type": "rich_text_quote", "elements": [words("so it is")]}), "so it is"),
        (rich({"type": "rich_text_preformatted", "elements": [words("a = 1")]}), "a = 1"),
        (rich(section({"type": "link", "url": "https://a.example"})), "https://a.example"),
        (
            rich(section({"type": "link", "url": "https://a.example", "text": "here"})),
            "here (https://a.example)",
        ),
        (rich(section({"type": "link", "url": "mailto:a@b.example", "text": "a@b.example"})), "a@b.example"),
        (rich(section({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"})), "👋🏽"),
        (rich(section({"type": "emoji", "name": "acme"})), ":acme:"),
        (rich(section({"type": "emoji", "name": "x", "unicode": "ffffff"})), None),
        (rich(section({"type": "broadcast", "range": "here"})), "@here"),
        (rich(section({"type": "user", "user_id": "U1"}, words(" & <you>"))), "<@U1> &amp; &lt;you&gt;"),
        (rich(section({"type": "user", "user_id": "U1|<!channel>"})), None),
        (rich(section({"type": "usergroup", "usergroup_id": "S1"})), "<!subteam^S1>"),
        (rich(section({"type": "channel", "channel_id": "C1"})), "<#C1>"),
        (rich(section({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 Jan"})), "1 Jan"),
        (rich(section({"type": "color", "value": "#F405B3"})), "#F405B3"),
        (rich(section({"type": "newer", "what": 1})), None),
        (rich({"type": "rich_text_new", "elements": []}), None),
        (rich("what"), None),  # type: ignore[arg-type]
        ([{"type": "section"}], None),
        ([*rich(), *rich()], None),
        ([], None),
    ],
)
def test_it_becomes_plain_text(blocks: list[dict[str, Any]], text: str | None) -> None:
    assert said(blocks) == text


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "elements", "text", "url", "unicode", "style"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(anything)
def test_nothing_that_slack_may_send_makes_it_fail(element: Any) -> None:
    assert said([{"type": "rich_text", "elements": [element]}]) in {None, ""} or isinstance(element, dict)
