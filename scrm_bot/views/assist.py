"""The assistant's answers: always beside what the person wrote, never in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.insights import Account, Idea
from scrm_bot.views import ids, networks
from scrm_bot.views.blocks import (
    MOST_FIELD,
    Block,
    Message,
    Option,
    View,
    actions,
    body,
    bold,
    button,
    clean,
    code,
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
from scrm_bot.views.inputs import checkboxes, field, fits, select, text
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
MOST_TAGS = 10  # boxes that one set can have
_LONGEST_TAG = 70
_WITH_TONE = frozenset({"rewrite", "compose"})
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


@dataclass(frozen=True, slots=True)
class Beside:
    """What helps to judge an answer: the accounts it may go to, and a line about the brand's voice."""

    accounts: tuple[Account, ...] = ()
    voice: str = ""


NOTHING = Beside()


def answer(suggestion: Suggestion, *, key: str, post_id: str = "", beside: Beside = NOTHING) -> Message:
    """The answer to a command. `key` is where the text is kept; with a post, Use changes that post."""
    title = header(_TITLES.get(suggestion.verb, "Suggestion"))
    shown = [title, *_both(suggestion, beside), *_advice(suggestion, beside), context(_CARE)]
    if post_id:
        use = button("Use", ids.Action.USE, key, style="primary", says="Use: put this text into the post")
        uses = [use, button("Draft this", ids.Action.DRAFT_THIS, key, says="Draft this as a new post")]
    else:
        uses = [button("Use in a new post", ids.Action.DRAFT_THIS, key, style="primary")]
    again = button("Try again", ids.Action.TRY_AGAIN, key)
    mine = button("Keep mine", ids.Action.KEEP_MINE, key)
    boxes = [actions(_boxes(suggestion))] if suggestion.verb == "hashtags" and suggestion.hints else []
    return message(*shown, *boxes, actions(*uses, again, mine))


def kept_mine(original: str, *, post_id: str = "") -> Message:
    """In the place of an answer that was not wanted."""
    if post_id:
        return message(section("Kept. The post is as it was."), context(code(post_id)))
    return message(section("Kept. Nothing was saved. Your words:"), *body(original, most=_MOST_TOTAL))


def ideas(found: Sequence[Idea], *, topic: str = "", key: str) -> Message:
    """Each idea with Draft this; the button's value is `key:number`, from 1."""
    title = f"Ideas: {topic}" if topic.strip() else "Ideas"
    if not found:
        empty = section("No ideas came back. A topic helps: `/scrm ideas spring sale`.")
        return message(header(title), empty)
    rows = [_idea(number, idea, key) for number, idea in enumerate(found[:_MOST_LISTED], 1)]
    again = actions(button("Try again", ids.Action.TRY_AGAIN, key))
    return message(header(title), *rows, context(_CARE), again)


def fresh_tags(text: str, tags: Sequence[str]) -> tuple[str, ...]:
    """Hashtags that the text does not have yet, as many as boxes and a text field can hold."""
    words = {word.lower() for word in text.split()}
    new = [tag for tag in _tidy(tags) if tag.lower() not in words and size(tag) <= _LONGEST_TAG]
    while new and fits(text) and not fits(tagged(text, new[:MOST_TAGS])):
        new = new[:MOST_TAGS][:-1]
    return tuple(new[:MOST_TAGS])


def tagged(text: str, tags: Sequence[str]) -> str:
    """The text with the hashtags that it does not have yet below it."""
    words = {word.lower() for word in text.split()}
    new = [tag for tag in _tidy(tags) if tag.lower() not in words]
    return f"{text.rstrip()}\n\n{' '.join(new)}".strip()


def _tidy(tags: Sequence[str]) -> tuple[str, ...]:
    """Each one word with one `#`, none empty, none twice."""
    named = ("".join(clean(tag).split()).lstrip("#") for tag in tags)
    return tuple(dict.fromkeys(f"#{tag}" for tag in named if tag))


def threaded(parts: Sequence[str]) -> str:
    """The posts of a thread as one text: a blank line between two."""
    return "\n\n".join(part.strip() for part in parts)


def answer_window(suggestion: Suggestion, *, metadata: str = "", beside: Beside = NOTHING) -> View:
    """On top of the draft modal: original beside answer; submit is Use, close is Keep mine."""
    usable = fits(suggestion.text)
    blocks = [*_both(suggestion, beside, in_columns=True)]
    if suggestion.verb == "hashtags" and suggestion.hints and usable:
        boxes = _boxes(suggestion)
        blocks.append(
            field("Hashtags to append", boxes, hint="They go below your text, which stays as it is.")
        )
    if not usable:
        much = size(suggestion.text)
        blocks.append(
            section(
                f"⚠️ At {much:,} characters it does not fit a text field (3,000), so it cannot be used here."
            )
        )
    blocks += [*_advice(suggestion, beside), *_again(suggestion, own=usable), context(_CARE)]
    return _window(suggestion.verb, blocks, metadata, submit="Use" if usable else "")


def working_window(verb: str, original: str, *, metadata: str = "") -> View:
    """While the assistant is at it."""
    blocks = [section(f"⏳ {_WORKING.get(verb, 'Working…')}"), *_titled("Yours", original)]
    return _window(verb, blocks, metadata)


def failed_window(verb: str, original: str, *, problem: str, metadata: str = "", tone: str = "") -> View:
    """The call failed: why (in Slack's markup), and the person's own text, unchanged."""
    blocks = [section(f"❌ {problem}"), *_titled("Yours, unchanged", original)]
    return _window(verb, [*blocks, *_again(Suggestion(verb, original, "", tone))], metadata)


def _window(verb: str, blocks: Sequence[Block], metadata: str, *, submit: str = "") -> View:
    title = _TITLES.get(verb, "Suggestion")
    return window(ids.Callback.ASSIST, title, blocks, submit=submit, close="Keep mine", metadata=metadata)


def _again(suggestion: Suggestion, *, own: bool = False) -> list[Block]:
    """`own`: with a field for the tone, which only a modal with a submit button may have."""
    again = button("Try again", ids.Action.TRY_AGAIN, suggestion.verb)
    if suggestion.verb not in _WITH_TONE:
        return [actions(again, block_id="again")]
    options = tone_options(suggestion.tone)
    chosen = select(ids.Action.TONE, options, initial=suggestion.tone, placeholder="Tone")
    words = text(ids.Action.OWN_TONE, placeholder="drier, with a wink")
    typed = field("Or a tone in your own words", words, optional=True, hint="For Try again.")
    return [actions(again, chosen, block_id="again"), *([typed] if own else [])]


def _boxes(suggestion: Suggestion) -> Block:
    entries = [Option(tag, tag) for tag in suggestion.hints]
    return checkboxes(ids.Action.TAGS, entries, ticked=suggestion.hints)


def _advice(suggestion: Suggestion, beside: Beside) -> list[Block]:
    """How long it may be where it goes, advisory; and the voice it should have."""
    counts = "" if suggestion.parts else networks.advice(suggestion.text, beside.accounts)
    whose = "Characters with all of them" if suggestion.verb == "hashtags" else "Characters"
    told = [f"{whose}: {counts}"] if counts else []
    if beside.voice and suggestion.verb in _WITH_TONE:
        told.append(beside.voice)
    return [context(each) for each in told]


def _both(suggestion: Suggestion, beside: Beside, *, in_columns: bool = False) -> list[Block]:
    if suggestion.verb == "hashtags" and suggestion.hints:  # the boxes are the answer
        return _titled("Yours", suggestion.original)
    label = f"Suggested, {suggestion.tone}" if suggestion.tone else "Suggested"
    mine, theirs = escape(suggestion.original), escape(suggestion.text)
    short = size(mine) < MOST_FIELD - 100 and size(theirs) < MOST_FIELD - 300
    if in_columns and short and not suggestion.parts:
        pair = fields(f"*Yours*\n{mine or '_Nothing yet._'}", f"{bold(label)}\n{theirs or '…'}")
        return [pair, *_hints(suggestion)]
    shown = _parts(suggestion.parts, beside) if suggestion.parts else _titled(label, suggestion.text)
    return [*_titled("Yours", suggestion.original), divider(), *shown, *_hints(suggestion)]


def _titled(title: str, text: str) -> list[Block]:
    return [context(bold(title)), *body(text, most=_MOST_TOTAL // 2)]


def _parts(parts: Sequence[str], beside: Beside) -> list[Block]:
    count = len(parts)
    shown = [
        section(f"*{number}/{count}*  {_measured(part, beside)}\n{escape(part, 600)}")
        for number, part in enumerate(parts[:_MOST_LISTED], 1)
    ]
    more = (
        [context(f"{plural(count - _MOST_LISTED, 'more post')} not shown.")] if count > _MOST_LISTED else []
    )
    return [context(f"*As a thread of {plural(count, 'post')}*"), *shown, *more]


def _measured(part: str, beside: Beside) -> str:
    over = networks.over(part, beside.accounts)
    return f"({plural(len(part), 'character')}{f'; {over}' if over else ''})"


def _hints(suggestion: Suggestion) -> list[Block]:
    if not suggestion.hints:
        return []
    shown = [line(hint, 200) for hint in suggestion.hints[:_MOST_LISTED]]
    return [section("*Why*\n" + "\n".join(f"• {hint}" for hint in shown))]


def _idea(number: int, idea: Idea, key: str) -> Block:
    more = escape(idea.text, 600).strip()
    text = f"{number}. {bold(idea.title)}\n{more}" if idea.title.strip() else f"{number}. {more or '…'}"
    says = f"Draft idea {number}"
    return section(text, accessory=button("Draft this", ids.Action.DRAFT_THIS, f"{key}:{number}", says=says))
