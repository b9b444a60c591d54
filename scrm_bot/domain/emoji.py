"""Emoji that Slack sends by name, as the characters that people chose."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_CODE = re.compile(r"://\S*|:([a-z0-9_+-]{1,80}):(?::skin-tone-([2-6])(?:-([2-6]))?:)?")
_LIGHTEST = 0x1F3FB  # skin-tone-2; the others follow


def spelled_out(text: str) -> str:
    """`:tada:` → 🎉, `:wave::skin-tone-3:` → 👋🏼. Names that are not Unicode's, times and addresses stay."""
    pieces, kept_from, at = [], 0, 0
    while match := _CODE.search(text, at):
        emoji = _emoji(match) if match[1] else None
        if emoji is None:
            # what closes a name may open the next one; a tone belongs to the name before it
            at = match.end() if match[2] or not match[1] else match.end(1)
            continue
        pieces += [text[kept_from : match.start()], emoji]
        kept_from = at = match.end()
    return "".join([*pieces, text[kept_from:]])


def _emoji(match: re.Match[str]) -> str | None:
    found = None if _is_within_words(match) else _table().get(match[1])
    if found is None:
        return None
    tones = [chr(_LIGHTEST + int(tone) - 2) for tone in match.groups()[1:] if tone]
    return _toned(found, tones) if tones else found[0]


def _is_within_words(match: re.Match[str]) -> bool:
    """`10:100:30` and `a:b:c` are no emoji, though 100 and b are names of some."""
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    if match[1].isdigit():
        return before.isdigit() or after.isdigit()
    return len(match[1]) <= 2 and before.isalnum() and after.isalnum()


def _toned(emoji: Sequence[str], tones: Sequence[str]) -> str:
    plain, one, two = emoji
    first, second = tones[0], tones[-1]
    if two and (first != second or not one):
        return two.format(first, second)
    return one.format(first) if one else f"{plain}{first}"


@cache
def _table() -> dict[str, tuple[str, str, str]]:
    """By name: the emoji, and how it is written with one skin tone and with two, where it can have them."""
    table = {}
    for line in files(__package__).joinpath("emoji.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            names, *written = line.split("\t")
            plain, one, two = (*written, "", "")[:3]
            table.update(dict.fromkeys(names.split(), (plain, one, two)))
    return table
