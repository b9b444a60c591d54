"""The assistant's answers: always beside what the person wrote, never in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.insights import Idea
from scrm_bot.views import ids
from scrm_bot.views.blocks import (
    MOST_FIELD,
    Block,
    Message,
    View,
    actions,
    body,
    bold,
    button,
    context,
    divider,
    escape,
    fields,
    header,
    line,
    message,
    section,
    size,
)
from scrm_bot.views.inputs import fits, select
from scrm_bot.views.tones import tone_options
from scrm_bot.views.windows import window
from scrm_bot.views.words import plural

_TITLES = {
    "rewrite": "Rewrite",
    "compose": "Compose",
    "optimise": "Optimise",
    "hashtags": "Hashtags",
    "thread": "Thread",
    "ideas": "Ideas",
}
_WORKING = {
    "rewrite": "Rewriting…",
    "compose": "Composing…",
    "optimise": "Optimising…",
    "hashtags": "Looking for hashtags…",
    "thread": "Making a thread…",
    "ideas": "Collecting ideas…",
}
_MOST_LISTED = 10
_MOST_TOTAL = 6000  # of one text, where two stand in the same message
_CARE = "Made by AI: read it before you use it."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the assistant made of `original`. `text` is exactly what Use puts in its place.

    `parts` are the posts of a thread, `hints` hashtags or advice; both only say more about `text`.
    """

    verb: str
    original: str
    text: str
    tone: str = ""
    parts: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def answer(suggestion: Suggestion, *, key: str, post_id: str = "") -> Message:
    """The answer to a command. `key` is where the text is kept; with a post, Use changes that post."""
    shown = [header(_TITLES.get(suggestion.verb, "Suggestion")), *_both(suggestion), context(_CARE)]
    use = button("Use", ids.Action.USE, key, style="primary", says="Use: put this text into the post")
    draft = button("Draft this", ids.Action.DRAFT_THIS, key, style="" if post_id else "primary")
    again = button("Try again", ids.Action.TRY_AGAIN, key)
    return message(*shown, actions(*([use] if post_id else []), draft, again))


def ideas(found: Sequence[Idea], *, topic: str = "", key: str) -> Message:
    """Each idea with Draft this; the button's value is `key:number`, from 1."""
    title = f"Ideas: {topic}" if topic.strip() else "Ideas"
    if not found:
        empty = section("No ideas came back. A topic helps: `/scrm ideas spring sale`.")
        return message(header(title), empty)
    rows = [_idea(number, idea, key) for number, idea in enumerate(found[:_MOST_LISTED], 1)]
    again = actions(button("Try again", ids.Action.TRY_AGAIN, key))
    return message(header(title), *rows, context(_CARE), again)


def tagged(text: str, tags: Sequence[str]) -> str:
    """The text with the hashtags that it does not have yet below it."""
    words = {word.lower() for word in text.split()}
    new = [tag for tag in _tidy(tags) if tag.lower() not in words]
    return f"{text.rstrip()}\n\n{' '.join(new)}".strip()


def _tidy(tags: Sequence[str]) -> tuple[str, ...]:
    """Each with one `#`, none empty, none twice."""
    named = (tag.strip().lstrip("#").strip() for tag in tags)
    return tuple(dict.fromkeys(f"#{tag}" for tag in named if tag))


def threaded(parts: Sequence[str]) -> str:
    """The posts of a thread as one text: a blank line between two."""
    return "\n\n".join(part.strip() for part in parts)


def answer_window(suggestion: Suggestion, *, metadata: str = "") -> View:
    """On top of the draft modal: original beside answer; submit is Use, close is Keep mine."""
    blocks = [*_both(suggestion, beside=True)]
    if not fits(suggestion.text):
        much = size(suggestion.text)
        blocks.append(
            section(
                f"⚠️ At {much:,} characters it does not fit a text field (3,000), so it cannot be used here."
            )
        )
    blocks += [_again(suggestion), context(_CARE)]
    return _window(suggestion.verb, blocks, metadata, submit="Use" if fits(suggestion.text) else "")


def working_window(verb: str, original: str, *, metadata: str = "") -> View:
    """While the assistant is at it."""
    blocks = [section(f"⏳ {_WORKING.get(verb, 'Working…')}"), *_titled("Yours", original)]
    return _window(verb, blocks, metadata)


def failed_window(verb: str, original: str, *, problem: str, metadata: str = "", tone: str = "") -> View:
    """The call failed: why (in Slack's markup), and the person's own text, unchanged."""
    blocks = [section(f"❌ {problem}"), *_titled("Yours, unchanged", original)]
    return _window(verb, [*blocks, _again(Suggestion(verb, original, "", tone))], metadata)


def _window(verb: str, blocks: Sequence[Block], metadata: str, *, submit: str = "") -> View:
    title = _TITLES.get(verb, "Suggestion")
    return window(ids.Callback.ASSIST, title, blocks, submit=submit, close="Keep mine", metadata=metadata)


def _again(suggestion: Suggestion) -> Block:
    again = button("Try again", ids.Action.TRY_AGAIN, suggestion.verb)
    if suggestion.verb not in {"rewrite", "compose"}:
        return actions(again, block_id="again")
    options = tone_options(suggestion.tone)
    chosen = select(ids.Action.TONE, options, initial=suggestion.tone, placeholder="Tone")
    return actions(again, chosen, block_id="again")


def _both(suggestion: Suggestion, *, beside: bool = False) -> list[Block]:
    label = f"Suggested, {suggestion.tone}" if suggestion.tone else "Suggested"
    mine, theirs = escape(suggestion.original), escape(suggestion.text)
    short = size(mine) < MOST_FIELD - 100 and size(theirs) < MOST_FIELD - 300
    if beside and short and not suggestion.parts:
        pair = fields(f"*Yours*\n{mine or '_Nothing yet._'}", f"{bold(label)}\n{theirs or '…'}")
        return [pair, *_hints(suggestion)]
    shown = _parts(suggestion.parts) if suggestion.parts else _titled(label, suggestion.text)
    return [*_titled("Yours", suggestion.original), divider(), *shown, *_hints(suggestion)]


def _titled(title: str, text: str) -> list[Block]:
    return [context(bold(title)), *body(text, most=_MOST_TOTAL // 2)]


def _parts(parts: Sequence[str]) -> list[Block]:
    count = len(parts)
    shown = [
        section(f"*{number}/{count}*  ({len(part):,} characters)\n{escape(part, 600)}")
        for number, part in enumerate(parts[:_MOST_LISTED], 1)
    ]
    more = (
        [context(f"{plural(count - _MOST_LISTED, 'more post')} not shown.")] if count > _MOST_LISTED else []
    )
    return [context(f"*As a thread of {plural(count, 'post')}*"), *shown, *more]


def _hints(suggestion: Suggestion) -> list[Block]:
    if not suggestion.hints:
        return []
    shown = [line(hint, 200) for hint in suggestion.hints[:_MOST_LISTED]]
    if suggestion.verb == "hashtags":
        return [section("*Hashtags:* " + " ".join(f"#{tag.lstrip('#')}" for tag in shown))]
    return [section("*Why*\n" + "\n".join(f"• {hint}" for hint in shown))]


def _idea(number: int, idea: Idea, key: str) -> Block:
    more = escape(idea.text, 600).strip()
    text = f"{number}. {bold(idea.title)}\n{more}" if idea.title.strip() else f"{number}. {more or '…'}"
    says = f"Draft idea {number}"
    return section(text, accessory=button("Draft this", ids.Action.DRAFT_THIS, f"{key}:{number}", says=says))
