"""The AI calls, answered by rules: no model runs here, and the documentation says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scrm_bot.demo.socialcrm.language import (
    camel,
    capitalised,
    ended,
    joined,
    keywords,
    pairs,
    sentences,
    tidy,
)
from scrm_bot.demo.socialcrm.rhythm import fraction
from scrm_bot.demo.socialcrm.seed import PERSONA
from scrm_bot.demo.socialcrm.voice import CONCISE, find_tone, speak

LONGEST_PART: Final = 280
_NUMBERING: Final = 10  # room for " (123/145)"
_LONG_SENTENCE: Final = 20  # words
_MOST_TAGS: Final = 6

_ASKED: Final = re.compile(
    r"^(please\s+)?((can|could) you\s+)?"
    r"((announce|promote|advertise)\s+|"
    r"((write|draft|compose|create|make|do|give)\s+(me\s+|us\s+)?)?"
    r"(an?\s+|the\s+)?((short|long|new|quick|nice|social)\s+)*(media\s+)?"
    r"(post|tweet|caption|text|message|update)(\s+(about|on|for|that says|announcing|saying))?\s*:?\s+)",
    re.IGNORECASE,
)
_INTENTS: Final = (
    (("hiring", "hire", "job", "vacancy", "join our team", "apprentice"), "hiring"),
    (("sale", "discount", "off", "offer", "deal", "free", "giveaway"), "offer"),
    (("event", "tasting", "workshop", "market", "meetup", "party", "evening", "opening"), "event"),
    (("thank", "thanks", "milestone", "anniversary", "celebrate", "birthday"), "thanks"),
    (("how to", "tip", "tips", "guide", "ways to", "learn"), "tip"),
)
_TEMPLATES: Final = {
    "hiring": (
        "We are looking for company. {topic}. If that sounds like you, send us three lines about yourself.",
        "Know someone who would fit right in? {topic}. Tell them we would like to meet.",
    ),
    "offer": (
        "A little something for you: {lower}. First come, first served, while it lasts.",
        "{topic}. Bring a friend, bring a jar, and it tastes even better.",
    ),
    "event": (
        "Save the date: {lower}. Doors are open, and the first cup is poured by us.",
        "{topic}. Come by, taste, ask us everything you ever wanted to know.",
    ),
    "thanks": (
        "A big thank you from all of us: {lower}. None of it happens without you.",
        "{topic}. Thank you for being part of it.",
    ),
    "tip": (
        "{topic}: start small, change one thing at a time, and taste as you go. What works for you?",
        "One thing we learned about {lower}: simple beats clever. Save this for your next cup.",
    ),
    "news": (
        "{topic} is here. We have been working on it for a while, and we are glad to share it with you.",
        "Something new at " + PERSONA.brand + ": {lower}. Come and see for yourself.",
        "We have news: {lower}. Tell us what you think.",
    ),
}
_IDEAS: Final = (
    "Behind the scenes: how {topic} comes together, in three photos",
    "Ask people what they got wrong about {topic} at first",
    "One myth about {topic}, and what is true instead",
    "Meet the person on the team who knows most about {topic}",
    "A one-minute beginner's guide to {topic}",
    "Before and after: what {topic} changed for a regular of ours",
    "A poll: which side are you on when it comes to {topic}?",
    "Five small facts about {topic} that surprise people",
    "What {topic} costs, and where the money goes",
    "A mistake we made with {topic}, and what we do now",
    "A quiet photo, one honest sentence about {topic}, nothing else",
    "Answer the question about {topic} that we hear every week",
    "{topic} in one picture: then and now",
    "Three people, three opinions on {topic}",
    "A checklist for {topic} worth saving",
    "Thank someone whose work makes {topic} possible",
    "What we would tell our first customer about {topic}",
    "A day in the shop, seen through {topic}",
    "Guess the number: a tiny quiz about {topic}",
    "What comes next for {topic}, and how people can help decide",
)
MOST_IDEAS: Final = len(_IDEAS)


@dataclass(frozen=True, slots=True)
class Optimised:
    text: str
    suggestions: tuple[str, ...]


def rewrite(text: str, tone: str) -> str:
    return speak(text, find_tone(tone))


def compose(prompt: str, tone: str | None, *, seed: int) -> str:
    """A post about what the prompt names, shaped by what it seems to be: news, an offer, an event."""
    topic = _topic(prompt)
    choices = _TEMPLATES[_intent(prompt)]
    template = choices[int(fraction(seed, prompt) * len(choices))]
    text = template.format(topic=topic[:1].upper() + topic[1:], lower=topic)
    spoken = speak(text, find_tone(tone)) if tone else text
    return joined([spoken, *hashtags(topic)[:2]])


def hashtags(text: str) -> list[str]:
    """Tags from the words that matter, the telling pairs first, the brand's own last."""
    candidates = [camel(pair) for pair in pairs(text)[:2]] + [camel(word) for word in keywords(text, most=8)]
    tags: list[str] = []
    for candidate in candidates:
        known = any(candidate.lower() in tag.lower() for tag in tags)
        if candidate and not known and len(tags) < _MOST_TAGS - 1:
            tags.append(f"#{candidate}")
    return [*tags, *(tag for tag in PERSONA.hashtags if tag not in tags)]


def thread(text: str) -> list[str]:
    """The text as numbered posts, each within the limit, with an invitation at the end."""
    parts: list[str] = []
    for sentence in sentences(tidy(text)):
        for piece in _pieces(sentence, LONGEST_PART - _NUMBERING):
            # the first sentence stands alone: it is the hook
            fits = len(parts) > 1 and len(parts[-1]) + 1 + len(piece) <= LONGEST_PART - _NUMBERING
            parts[-1:] = [f"{parts[-1]} {piece}"] if fits else [*parts[-1:], piece]
    parts.append("What would you add? Tell us below, we read every answer.")
    return [f"{part} ({number}/{len(parts)})" for number, part in enumerate(parts, 1)]


def ideas(topic: str | None, count: int, *, seed: int) -> list[str]:
    subject = tidy(topic).rstrip(".!? ") if topic else "our coffee"
    ranked = sorted(_IDEAS, key=lambda idea: fraction(seed, idea, subject))
    return [(idea[:1].upper() + idea[1:]).replace("{topic}", subject) for idea in ranked[:count]]


def optimise(text: str) -> Optimised:
    """Shorter sentences, the strongest one first, a question and tags at the end; and what was done."""
    done: list[str] = []
    parts = sentences(speak(text, CONCISE) if len(sentences(text)) <= CONCISE.most_sentences else tidy(text))
    shorter = [piece for part in parts for piece in _halves(part)]
    if len(shorter) > len(parts):
        done.append("Split long sentences, so they can be read at a glance.")
    hooked = _hook_first(shorter)
    if hooked != shorter:
        done.append("Moved the most concrete sentence to the front as a hook.")
    body = joined([ended(capitalised(part)) for part in hooked])
    if "?" not in body:
        body = joined([body, "What do you think?"])
        done.append("Added a question, since answers carry a post further.")
    if "#" not in body:
        body = joined([body, *hashtags(text)[:3]])
        done.append("Added hashtags from the words that matter.")
    done.append("Post when your followers are awake, and answer the first comments within the hour.")
    return Optimised(body, tuple(done))


def _topic(prompt: str) -> str:
    asked = tidy(prompt)
    topic = _ASKED.sub("", asked, count=1).strip(" .!:\n")
    return topic or asked


def _intent(prompt: str) -> str:
    lowered = prompt.lower()
    for signs, intent in _INTENTS:
        if any(re.search(rf"\b{re.escape(sign)}\b", lowered) for sign in signs):
            return intent
    return "news"


def _pieces(sentence: str, longest: int) -> list[str]:
    """A sentence cut between words, and a word cut anywhere, when it is longer than a part may be."""
    pieces = [""]
    for word in sentence.split():
        if len(pieces[-1]) + 1 + len(word) <= longest:
            pieces[-1] = f"{pieces[-1]} {word}".strip()
        else:
            pieces += [word[start : start + longest] for start in range(0, len(word), longest)]
    return [piece for piece in pieces if piece]


def _halves(sentence: str) -> list[str]:
    words = sentence.split()
    if len(words) <= _LONG_SENTENCE:
        return [sentence]
    cut = re.split(r"(?:;\s+|,\s+(?:and|but|so)\s+|\s+-\s+|\s+[\u2013\u2014]\s+)", sentence, maxsplit=1)
    return [part for part in cut if part] if all(len(part.split()) > 2 for part in cut) else [sentence]


def _hook_first(parts: Sequence[str]) -> list[str]:
    """A sentence with a figure or a question catches the eye; it goes first when it is not already."""
    for place, part in enumerate(parts[:4]):
        if re.search(r"\d|\?", part):
            return [part, *parts[:place], *parts[place + 1 :]]
    return list(parts)
