import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrm_bot.domain.errors import InvalidRequestError, UsageError
from scrm_bot.views import problems
from tests.unit.views.outside import VIEWS
from tests.unit.views.rules import complaints, texts

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C123|general>",
    "<!subteam^S1>",
    "<!date^1^{date}^https://evil.example|x>",
    "<https://evil.example|your bank>",
    "\u202eright to left\u202c",
    "\u2066isolated",
    "NUL\x00in the middle",
    "\r\n\r\n",
    "\n\n\n",
    "   ",
    "",
    "```not closed",
    "`*_~>",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "&amp;lt;!channel&gt;",
    "\ud800 lone surrogate",
    "́̂̃",
    "../../etc/passwd",
    "&" * 10_000,
    "<" * 4000,
    "🎉" * 5000,
    "word " * 2000,
    "n" * 10_000,
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec=None), max_size=40),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_same_hostile_text_in_every_field_stays_harmless_and_within_limits(name: str, text: str) -> None:
    assert complaints(VIEWS[name](lambda: text)) == []


@pytest.mark.parametrize("name", VIEWS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_mixture_of_texts_stays_harmless_and_within_limits(name: str, data: st.DataObject) -> None:
    assert complaints(VIEWS[name](lambda: data.draw(TEXTS))) == []


@given(TEXTS, TEXTS)
def test_a_fields_error_is_plain_text(message: str, field: str) -> None:
    found = [
        *problems.field_errors(UsageError(message, field=field)),
        *problems.field_errors(InvalidRequestError(f"body: {message}")),
    ]

    for _, told in found:
        assert told
        assert len(told) <= 300
        assert "<!" not in told
        assert "\n" not in told


def test_the_text_of_a_post_is_on_its_card_in_full() -> None:
    body = "Tea & <cake>\n*today* only, " + "as always " * 600

    shown = "".join(texts(VIEWS["posts.card"](lambda: body).blocks))  # type: ignore[union-attr]

    assert body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in shown
