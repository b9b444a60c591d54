"""The assistant's answers, the voice and what is trending, as they come and as the bot reads them."""

from functools import partial
from typing import Any

from scrm_bot.domain import insights
from scrm_bot.socialcrm.wire_parts import (
    MisfitError,
    each_of,
    first_text,
    is_content,
    list_of,
    number,
    text_of,
)

# Where the documentation is silent on a name, these are looked for, first to last.
HASHTAG_LISTS = ("hashtags",)
THREAD_LISTS = ("posts", "thread", "parts")
IDEA_LISTS = ("ideas",)
TREND_LISTS = ("trending", "topics", "trends")
TEXT_NAMES = ("text", "body")
SUGGESTION_NAMES = ("text", "body", "suggestion", "message", "title", "description")
HASHTAG_NAMES = ("hashtag", "tag", "name", "text")
TOPIC_NAMES = ("topic", "title", "name", "hashtag")
VOLUME_NAMES = ("volume", "score", "posts")


def text(value: Any) -> str:
    return text_of(value, TEXT_NAMES)


def hashtags(value: Any) -> tuple[str, ...]:
    """Each once, in their order, with one `#`."""
    words = value.split() if isinstance(value, str) else list_of(value, HASHTAG_LISTS)
    bare = (word.strip().lstrip("#") for word in each_of(words, partial(text_of, names=HASHTAG_NAMES)))
    return tuple(dict.fromkeys(f"#{word}" for word in bare if word))


def thread(value: Any) -> tuple[str, ...]:
    return each_of(list_of(value, THREAD_LISTS), partial(text_of, names=TEXT_NAMES))


def ideas(value: Any) -> tuple[insights.Idea, ...]:
    return each_of(list_of(value, IDEA_LISTS), _idea)


def _idea(item: Any) -> insights.Idea:
    if isinstance(item, str):
        return insights.Idea(text_of(item, ()))
    told = first_text(item, ("text", "description"))
    title = first_text(item, ("title",))
    if not (title or told):
        raise MisfitError("an idea without words")
    return insights.Idea(title, told) if title else insights.Idea(told)


def optimised(value: Any) -> insights.Optimised:
    """The text is what was asked for: suggestions that cannot be read are left out."""
    told = value.get("suggestions") if isinstance(value, dict) else None
    suggestions = told if isinstance(told, list) else [told]
    read = (each if isinstance(each, str) else first_text(each, SUGGESTION_NAMES) for each in suggestions)
    return insights.Optimised(text(value), tuple(each for each in read if each))


def persona(value: Any) -> insights.Persona:
    """Strings and lists of strings, in the order they came; anything else is not part of a voice."""
    if value == []:
        return insights.Persona()
    if not isinstance(value, dict):
        raise MisfitError("a persona that is no object")
    traits = ((name, _strings(told)) for name, told in value.items() if is_content(name))
    return insights.Persona(tuple((name, told) for name, told in traits if told))


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def trends(value: Any) -> tuple[insights.Trend, ...]:
    return each_of(list_of(value, TREND_LISTS), _trend)


def _trend(item: Any) -> insights.Trend:
    topic = text_of(item, TOPIC_NAMES)
    told = item if isinstance(item, dict) else {}
    volumes = (number(told.get(name)) for name in VOLUME_NAMES)
    return insights.Trend(topic, next((volume for volume in volumes if volume is not None), None))
