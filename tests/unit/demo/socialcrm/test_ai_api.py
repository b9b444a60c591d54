"""The six AI calls: what the rules make of a text."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.demo.socialcrm import assistant
from scrm_bot.demo.socialcrm.language import keywords
from scrm_bot.demo.socialcrm.voice import TONES, find_tone
from tests.unit.demo.socialcrm.answers import data, message, refusal

CALLS = {
    "rewrite": "text",
    "compose": "prompt",
    "hashtags": "text",
    "thread": "text",
    "optimise": "text",
}
LONG = (
    "Cold brew is on tap in both cafés from Friday, and we have been looking forward to it since the first "
    "warm day of the year. Bring a jar and save 50 cents. "
)


async def test_the_documented_rewrite_is_answered_to_the_letter(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/ai/rewrite", json={"text": "buy now", "tone": "friendly"})

    assert answer.json() == {"data": {"text": "Grab yours today, we would love to have you."}}


@pytest.mark.parametrize("tone", [tone.name for tone in TONES])
def test_each_tone_says_it_in_a_way_of_its_own(tone: str) -> None:
    said = assistant.rewrite("Our new blend is really good. We think it is the best. Try it on Friday.", tone)

    others = [
        assistant.rewrite(
            "Our new blend is really good. We think it is the best. Try it on Friday.", other.name
        )
        for other in TONES
        if other.name != tone
    ]
    assert said not in others
    assert "Friday" in said or tone == "concise"


@pytest.mark.parametrize(
    ("wish", "tone"),
    [
        ("Warm, please", "friendly"),
        ("more formal", "professional"),
        ("a bit cheeky", "playful"),
        ("SHORTER", "concise"),
        ("like a pirate", "friendly"),
    ],
)
def test_a_tone_can_be_asked_for_in_own_words(wish: str, tone: str) -> None:
    assert find_tone(wish).name == tone


def test_addresses_and_tags_survive_a_rewrite() -> None:
    text = "new blend: https://fernhill.example/new-blend?very=good #buynow"

    for tone in TONES:
        said = assistant.rewrite(text, tone.name)
        assert "https://fernhill.example/new-blend?very=good" in said
        assert said.endswith("#buynow")


def test_a_professional_rewrite_has_no_emoji_and_no_short_forms() -> None:
    said = assistant.rewrite("Hey guys 🎉 we're open, don't wait!!", "professional")

    assert said.startswith("Hello everyone we are open, do not wait!")


def test_a_concise_rewrite_is_shorter_and_keeps_the_link() -> None:
    text = "We are really very happy. It is just here. There is more. Read on at https://fernhill.example/a"

    said = assistant.rewrite(text, "concise")
    assert said == "We are happy. It is here. https://fernhill.example/a"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("write a post about our new oat milk", "new oat milk"),
        ("Announce a tasting on Friday at 6pm", "tasting on Friday at 6pm"),
        ("20% discount on beans", "20% discount on beans"),
        ("hiring: a weekend barista", "weekend barista"),
        ("tips for a better pour over", "better pour over"),
        ("thank you for 8,000 jars", "8,000 jars"),
    ],
)
def test_a_composed_post_is_about_what_was_asked(prompt: str, expected: str) -> None:
    composed = assistant.compose(prompt, None, seed=7)

    assert expected in composed
    assert not composed.lower().startswith(("write", "announce"))
    assert "#" in composed


def test_hashtags_come_from_the_words_that_matter() -> None:
    tags = assistant.hashtags("Our new cold brew is on tap in both cafés. Cold brew, all summer.")

    assert tags[0] == "#ColdBrew"
    assert tags[-1] == "#FernhillCoffee"
    assert len(tags) == len({tag.lower() for tag in tags}) <= 6


def test_words_said_often_come_first() -> None:
    assert keywords("Beans, roasters and beans of the harvest", most=2) == ["beans", "roasters"]


def test_a_thread_opens_with_the_hook_numbers_its_parts_and_ends_with_an_invitation() -> None:
    parts = assistant.thread(LONG * 6)

    assert parts[0].startswith("Cold brew is on tap")
    assert [part.rsplit(" ", maxsplit=1)[1] for part in parts] == [
        f"({number}/{len(parts)})" for number in range(1, len(parts) + 1)
    ]
    assert "?" in parts[-1]


@given(st.text(min_size=1, max_size=3_000))
def test_no_part_of_a_thread_is_too_long_and_no_word_is_lost(text: str) -> None:
    parts = assistant.thread(text)

    assert all(len(part) <= 280 for part in parts)
    said = "".join("".join(part.rsplit(" (", maxsplit=1)[0].split()) for part in parts[:-1])
    assert said == "".join(text.split())


@given(st.text(min_size=1, max_size=500))
def test_every_call_makes_something_of_any_text(text: str) -> None:
    made = [
        assistant.compose(text, None, seed=1),
        assistant.optimise(text).text,
        *assistant.hashtags(text),
        *assistant.ideas(text, 3, seed=1),
        *(assistant.rewrite(text, tone.name) for tone in TONES if text.strip() and tone.name != "concise"),
    ]

    assert all(made)


def test_ideas_are_as_many_as_asked_and_all_different() -> None:
    ideas = assistant.ideas("latte art", 20, seed=7)

    assert len(set(ideas)) == 20
    assert all("latte art" in idea.lower() for idea in ideas)


def test_an_optimised_post_is_split_hooked_asks_and_tells_what_was_done() -> None:
    text = (
        "We have worked on this blend for a long time with growers we know by name, and we would like you to "
        "taste it. Only 200 bags."
    )

    optimised = assistant.optimise(text)
    assert optimised.text.startswith("Only 200 bags.")
    assert "?" in optimised.text
    assert "#" in optimised.text
    assert len(optimised.suggestions) == 5


async def test_each_list_of_the_assistant_has_its_name(api: httpx.AsyncClient) -> None:
    text = {"text": LONG}

    answers = [
        data(await api.post("/v1/ai/hashtags", json=text)),
        data(await api.post("/v1/ai/thread", json=text)),
        data(await api.post("/v1/ai/ideas", json={"topic": "brewing", "count": 3})),
    ]
    assert [list(answer) for answer in answers] == [["hashtags"], ["posts"], ["ideas"]]
    assert len(answers[2]["ideas"]) == 3


async def test_ideas_need_no_body(api: httpx.AsyncClient) -> None:
    assert len(data(await api.post("/v1/ai/ideas"))["ideas"]) == 5


async def test_a_composed_post_follows_the_tone(api: httpx.AsyncClient) -> None:
    plain = data(await api.post("/v1/ai/compose", json={"prompt": "oat milk"}))
    playful = data(await api.post("/v1/ai/compose", json={"prompt": "oat milk", "tone": "playful"}))

    assert playful["text"].startswith("Psst.")
    assert playful != plain


async def test_optimise_answers_the_text_and_its_suggestions(api: httpx.AsyncClient) -> None:
    answer = data(await api.post("/v1/ai/optimise", json={"text": LONG}))

    assert set(answer) == {"text", "suggestions"}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("value", [None, "", "  ", 5, ["a"], "x" * 20_001])
async def test_a_text_that_does_not_fit_is_refused_by_name(
    api: httpx.AsyncClient, call: str, value: object
) -> None:
    answer = await api.post(f"/v1/ai/{call}", json={CALLS[call]: value})

    assert refusal(answer) == (400, "invalid_request")
    assert CALLS[call] in message(answer)


@pytest.mark.parametrize("sent", [{"count": 0}, {"count": 21}, {"count": True}, {"count": 2.5}, {"topic": 4}])
async def test_ideas_refuse_what_they_cannot_count(api: httpx.AsyncClient, sent: dict[str, object]) -> None:
    answer = await api.post("/v1/ai/ideas", json=sent)

    assert refusal(answer) == (400, "invalid_request")
    assert next(iter(sent)) in message(answer)


async def test_the_document_says_that_rules_answer(stranger: httpx.AsyncClient) -> None:
    paths = (await stranger.get("/openapi.json")).json()["paths"]

    told = [paths[path]["post"]["description"] for path in paths if path.startswith("/ai/")]
    assert len(told) == 6
    assert all("fixed rules" in each for each in told)
