"""Text as the charts' one font can draw it."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

# What font/NotoSans-Regular.ttf has, first and last of each run
RUNS = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x259, 0x259),
    (0x2BB, 0x2C7),
    (0x2D8, 0x2DD),
    (0x300, 0x30C),
    (0x370, 0x377),
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3E1),
    (0x3F0, 0x45F),
    (0x48A, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20A0, 0x20BF),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
)
LEFT_OUT = "…"
_PLAIN = {"\N{MINUS SIGN}": "-"}
_STARTS = tuple(first for first, _ in RUNS)
_ADVANCES = (  # ASCII signs and how wide they are at most, of the font's size; the rest is as wide as any
    (frozenset(" .,:;'!ijlJ`"), 0.29),
    (frozenset('()[]{}ftrI-"/'), 0.42),
    (frozenset("abcdeghknopqsuvxyz0123456789"), 0.68),
    (frozenset("ABCEFKLPRSTVXYZ#?*+=<>$_|~^"), 0.66),
    (frozenset("DGHNOQU&w"), 0.79),
)
_ASCII = {sign: most for signs, most in _ADVANCES for sign in signs}
_ALPHABETS = ((0xC0, 0x17F), (0x370, 0x45F))


def is_drawn(sign: str) -> bool:
    """Whether the font has it."""
    found = bisect_right(_STARTS, ord(sign)) - 1
    return found >= 0 and ord(sign) <= RUNS[found][1]


def drawable(text: str) -> str:
    """The text with what the font lacks replaced: by its plain form, else by one sign for each run."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = ""
    for part in _parts(unicodedata.normalize("NFC", text)):
        if part != LEFT_OUT or not shown.rstrip().endswith(LEFT_OUT):
            shown += part
    return " ".join(shown.split())


def has_words(text: str) -> bool:
    """Whether a letter or a digit is left to read."""
    return any(sign.isalnum() for sign in text)


def width(text: str, size: float) -> float:
    """How wide the text is at most."""
    return sum(map(_advance, text)) * size


def fitted(text: str, *, size: float, room: float) -> str:
    """The text, cut with `…` where it would be wider than `room`."""
    if width(text, size) <= room:
        return text
    left = room - width(LEFT_OUT, size)
    kept = sum(end <= left for end in accumulate(width(sign, size) for sign in text))
    return text[:kept].rstrip() + LEFT_OUT


def _parts(text: str) -> Iterator[str]:
    for sign in text:
        category = unicodedata.category(sign)
        plain = _PLAIN.get(sign) or unicodedata.normalize("NFKC", sign)
        if sign.isspace():
            yield " "
        elif category in {"Cc", "Cf"} or 0xFE00 <= ord(sign) <= 0xFE0F:
            continue  # nothing to see: controls, joiners, directions, and the styles of emoji
        elif is_drawn(sign):
            yield sign
        elif all(map(is_drawn, plain)):
            yield plain
        else:
            yield LEFT_OUT


def _advance(sign: str) -> float:
    """At least the font's own advance."""
    if sign.isascii():
        return _ASCII.get(sign, 0.94)
    if unicodedata.combining(sign):
        return 0.0
    base = unicodedata.normalize("NFD", sign)[0]
    if base.isascii():
        return _ASCII.get(base, 0.94)
    if any(first <= ord(base) <= last for first, last in _ALPHABETS):
        return 0.95 if sign.islower() else 1.06
    return 1.41
