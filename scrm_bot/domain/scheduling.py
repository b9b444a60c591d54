"""The words that set up a digest, and what to write instead of those that say nothing."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from scrm_bot.domain.zones import ABBREVIATIONS, bare

_HALF = re.compile(r"(?<!\S)(\d{1,2}(?:[:.]\d{2})?) ([ap]\.?m\.?)(?!\S)", re.IGNORECASE)
_CLOCK_LIKE = re.compile(r"\d{1,2}(?:[:.h]\d{0,2}(?::\d{2})?)?(?:[ap]\.?m\.?)?|\d{3,4}", re.IGNORECASE)


def words(typed: str) -> list[str]:
    """The words one by one; `9 am` is one."""
    return _HALF.sub(r"\1\2", " ".join(typed.split())).split()


def not_a_zone(typed: Sequence[str], *, days: Sequence[str]) -> str:
    """What is wrong with words that are no zone: it is told of the first that was to be something else."""
    for word in typed:
        near = get_close_matches(word.casefold(), days, n=1, cutoff=0.75)
        if word.startswith("#"):
            return f"“{word}” is only text: pick the channel from Slack's list, so that Slack links it."
        if _CLOCK_LIKE.fullmatch(word):
            return f"“{word}” is no time of day: write it as `{_as_clock(word)}`."
        if near:
            return f"“{word}” is none of {', '.join(f'`{day}`' for day in days)}: write `{near[0]}`."
    unknown = " ".join(typed)
    named = ABBREVIATIONS.get(bare(unknown).casefold())
    if named:  # it would be wrong in the other half of the year
        return f"“{unknown}” does not say what counts all year: name a zone such as `{named[0]}`."
    return f"“{unknown}” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`."


def _as_clock(word: str) -> str:
    """The time that a bare hour means; an example for anything else."""
    return f"{int(word):02}:00" if word.isdigit() and int(word) < 24 else "09:00"
