"""What an edit took out of a text and what it put in, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from scrm_bot.views.blocks import Block, clean, clip, context, hides_something, size

_WORD = re.compile(r"\w+\s*|[^\w\s]+\s*|\s+")
_MOST_WORDS = 2500  # to compare; what is longer counts as one change from its first difference to its last
_ALIKE = 0.35  # below this, a few words in common would only confuse
_FEW = 24  # words, among which even one in common helps
_NEAR = 12  # unchanged words that are shown beside a change
_MOST_CHANGE = 900  # of one stretch of changed text
_MOST = 6000  # in all
_MOST_PARTS = 400
_KEPT, _GONE, _NEW = "", "strike", "bold"


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    style: str = _KEPT


def difference(what: str, before: str, after: str, *, most: int = _MOST) -> list[Block]:
    """Both texts in one: struck through what is gone, bold what is new; much that is the same is left out.

    Rich text, so that nothing in it is read as Slack's formatting. `most` says how much fits, where that is
    less than there is room for as a rule.
    """
    parts = list(_parts(_words(before), _words(after)))
    change = min(_MOST_CHANGE, most // 3)  # so that what came instead has room, too
    shown, is_whole = _fitting(_near(parts, change), min(_MOST, most))
    is_whole = is_whole and all(size(part.text) <= change for part in parts if part.style)
    elements = [_element(part) for part in shown] or [_element(_Part("No text."))]
    told = f"*{what}*: struck through is gone, bold is new."
    notes = [told if is_whole else f"{told} More was changed than fits here."]
    if hides_something(before) or hides_something(after):
        notes.append("⚠️ A text holds invisible control characters that are not shown here.")
    rich = {"type": "rich_text_section", "elements": elements}
    return [context(*notes), {"type": "rich_text", "elements": [rich]}]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _parts(before: Sequence[str], after: Sequence[str]) -> Iterator[_Part]:
    """The texts as one. The same ends are cut off first, since most edits are small."""
    head = _same(before, after)
    tail = min(_same(before[::-1], after[::-1]), len(before) - head, len(after) - head)
    yield _Part("".join(before[:head]))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(old), len(new)) > _MOST_WORDS:
        yield from (_Part("".join(old), _GONE), _Part("".join(new), _NEW))
    else:
        yield from _compared(old, new)
    yield _Part("".join(before[len(before) - tail :]))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[_Part]:
    matcher = SequenceMatcher(None, old, new)
    if len(old) + len(new) > _FEW and matcher.ratio() < _ALIKE:
        yield from (_Part("".join(old), _GONE), _Part("".join(new), _NEW))
        return
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield _Part("".join(old[i:j]))
        else:
            yield from (_Part("".join(old[i:j]), _GONE), _Part("".join(new[k:m]), _NEW))


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are equal from the beginning on."""
    return next(
        (at for at, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs),
        min(len(one), len(other)),
    )


def _near(parts: Sequence[_Part], change: int) -> Iterator[_Part]:
    """Of what stayed the same only what is beside a change; long changes are clipped."""
    kept = [part for part in parts if part.text]
    for at, part in enumerate(kept):
        if part.style is not _KEPT:
            yield _Part(clip(clean(part.text), change), part.style)
            yield from _apart(part, kept[at + 1 : at + 2])
        else:
            yield _Part(clean(_ends(part.text, is_first=at == 0, is_last=at == len(kept) - 1)))


def _apart(part: _Part, following: Sequence[_Part]) -> Iterator[_Part]:
    """So that what came instead does not stick to what is gone."""
    is_replaced = part.style == _GONE and any(other.style == _NEW for other in following)
    if is_replaced and not part.text[-1].isspace():
        yield _Part(" ")


def _ends(text: str, *, is_first: bool, is_last: bool) -> str:
    words = _words(text)
    lead, trail = (0 if is_first else _NEAR), (0 if is_last else _NEAR)
    if is_first and is_last:
        lead = _NEAR
    if len(words) <= lead + trail + 2:
        return text
    end = "".join(words[len(words) - trail :])
    return f"{''.join(words[:lead])}… {end}" if lead else f"… {end}"


def _fitting(parts: Iterable[_Part], left: int) -> tuple[list[_Part], bool]:
    """As many as fit, the last of them clipped where it does not, and whether these are all."""
    shown: list[_Part] = []
    for part in parts:
        if left <= 0 or len(shown) == _MOST_PARTS:
            return shown, False
        if size(part.text) > left:
            return [*shown, _Part(clip(part.text, left), part.style)], False
        left -= size(part.text)
        if part.text:
            shown.append(part)
    return shown, True


def _element(part: _Part) -> Block:
    element: Block = {"type": "text", "text": part.text}
    return element | {"style": {part.style: True}} if part.style else element
