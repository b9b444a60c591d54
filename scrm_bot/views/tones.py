"""The tones offered for rewriting; any other can be typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from scrm_bot.views import inputs
from scrm_bot.views.blocks import Block, Option
from scrm_bot.views.ids import Action

TONES = ("friendly", "professional", "playful", "confident", "concise", "inspiring")
OWN = "*"  # stands for "in your own words", which opens a field for them


def tone_options(chosen: str = "", *, own: bool = False) -> Sequence[Option]:
    """The tones, with the chosen one among them."""
    names = TONES if chosen in {"", OWN, *TONES} else (chosen, *TONES)
    listed = [Option(name.capitalize(), name) for name in names]
    return [*listed, Option("In your own words…", OWN)] if own else listed


def meant(state: Mapping[str, Any]) -> str:
    """The tone that a modal's fields mean: the own words first, else the one chosen from the list."""
    words, chosen = (str(state.get(name) or "").strip() for name in (Action.OWN_TONE, Action.TONE))
    return words or ("" if chosen == OWN else chosen)


def own_tone(typed: str = "") -> Block:
    """The field for one's own words."""
    return inputs.text(Action.OWN_TONE, initial=typed, placeholder="drier, with a wink")
