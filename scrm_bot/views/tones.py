"""The tones offered for rewriting; any other word can be typed with `--tone`."""

from collections.abc import Sequence

from scrm_bot.views.blocks import Option

TONES = ("friendly", "professional", "playful", "confident", "concise", "inspiring")


def tone_options(chosen: str = "") -> Sequence[Option]:
    """The tones, with the chosen one among them."""
    names = TONES if not chosen or chosen in TONES else (chosen, *TONES)
    return [Option(name.capitalize(), name) for name in names]
