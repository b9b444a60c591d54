"""Small rules about written language: sentences, words that matter, capital letters."""

import re
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Final

_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+")
_WORD: Final = re.compile(r"[^\W\d_][\w'\u2019]*")
ADDRESS: Final = re.compile(r"(https?://\S+|www\.\S+|[@#]\w+)")
_COMMON: Final = frozenset(
    (files("scrm_bot.demo.socialcrm") / "common_words.txt").read_text(encoding="utf-8").split()
)


def tidy(text: str) -> str:
    """The same text with single spaces; line breaks stay."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def sentences(text: str) -> list[str]:
    parts = (part.strip() for line in text.splitlines() for part in _SENTENCE_END.split(line))
    return [part for part in parts if part]


def capitalised(text: str) -> str:
    """Each sentence with a capital first letter; addresses and tags are left alone."""

    def raised(sentence: str) -> str:
        return sentence if ADDRESS.match(sentence) else sentence[:1].upper() + sentence[1:]

    lines = (" ".join(raised(part) for part in _SENTENCE_END.split(line)) for line in text.split("\n"))
    return "\n".join(lines)


def ended(text: str, mark: str = ".") -> str:
    """The text with a full stop, unless it ends in a mark, a tag or an address already."""
    if not text or not text[-1].isalnum() or ADDRESS.fullmatch(text.rsplit(maxsplit=1)[-1]):
        return text
    return text + mark


def keywords(text: str, *, most: int) -> list[str]:
    """The words a text is about, the most telling first: often said, long, early."""
    words = [word for word in _WORD.findall(ADDRESS.sub(" ", text)) if _tells(word)]
    counts = Counter(word.lower() for word in words)
    first = {word.lower(): place for place, word in reversed(list(enumerate(words)))}
    ranked = sorted(counts, key=lambda word: (-counts[word], -min(len(word), 9), first[word]))
    return ranked[:most]


def pairs(text: str) -> list[str]:
    """Two telling words that stand side by side, as one tag would join them."""
    found = []
    for sentence in sentences(ADDRESS.sub(". ", text)):
        words = _WORD.findall(sentence)
        found += [f"{one} {other}" for one, other in pairwise(words) if _tells(one) and _tells(other)]
    return found


def joined(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)


def camel(phrase: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[\s'\u2019]+", phrase))


def _tells(word: str) -> bool:
    return len(word) > 2 and word.lower() not in _COMMON
