"""Tones: what each swaps, adds and leaves out, always in the brand's own voice."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from scrm_bot.demo.socialcrm.language import ADDRESS, capitalised, ended, joined, sentences, tidy

_URGING: Final = re.compile(
    r"\b(buy|order|shop|grab|get|book|join|sign up|subscribe|visit|try|call|reserve|download)\b",
    re.IGNORECASE,
)
_EMOJI: Final = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")
_LINK: Final = re.compile(r"https?://\S+")
_SHORT_CALL: Final = 6  # words

_PLAIN: Final = (
    ("in order to", "to"),
    ("utilise", "use"),
    ("utilize", "use"),
    ("due to the fact that", "because"),
    ("at this point in time", "now"),
)
_FILLERS: Final = tuple(
    (word, "") for word in ("really", "very", "just", "actually", "basically", "quite", "simply")
)
_LONG_FORMS: Final = (
    ("don't", "do not"),
    ("can't", "cannot"),
    ("won't", "will not"),
    ("we're", "we are"),
    ("it's", "it is"),
    ("you're", "you are"),
    ("we've", "we have"),
    ("hey", "hello"),
    ("guys", "everyone"),
    ("awesome", "excellent"),
    ("gonna", "going to"),
    ("grab", "order"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    name: str
    also: tuple[str, ...] = ()  # other words people use for it
    swaps: tuple[tuple[str, str], ...] = ()
    opener: str = ""
    closer: str = ""
    call: str = ""  # what follows a short call to act, in the same sentence
    mark: str = "."
    most_sentences: int = 100
    emoji: bool = True


FRIENDLY: Final = Tone(
    name="friendly",
    also=("warm", "kind", "casual", "welcoming", "nice", "soft", "chatty"),
    swaps=(
        ("buy now", "grab yours today"),
        ("order now", "treat yourself today"),
        ("sign up now", "come and join us"),
        ("sign up", "join us"),
        ("click here", "have a look"),
        ("purchase", "pick up"),
        ("customers", "friends"),
        ("do not", "don't"),
        ("we are", "we're"),
    ),
    closer="We would love to hear what you think.",
    call=", we would love to have you.",
)
PROFESSIONAL: Final = Tone(
    name="professional",
    also=("formal", "serious", "business", "corporate", "polite", "expert"),
    swaps=(("buy now", "order yours today"), *_LONG_FORMS),
    closer="Our team is glad to answer any question.",
    call=" through our shop.",
    emoji=False,
)
PLAYFUL: Final = Tone(
    name="playful",
    also=("fun", "funny", "witty", "cheeky", "humorous", "humor", "humour", "silly", "light"),
    swaps=(
        ("buy now", "go on, make it yours"),
        ("very good", "dangerously good"),
        ("coffee", "liquid optimism"),
        ("new", "shiny new"),
        ("sign up", "jump in"),
    ),
    opener="Psst.",
    closer="You know you want to.",
    call=", you know you want to.",
)
BOLD: Final = Tone(
    name="bold",
    also=("confident", "strong", "daring", "urgent", "powerful", "direct"),
    swaps=(
        *_FILLERS,
        ("buy now", "make it yours"),
        ("we think", "we know"),
        ("try to", ""),
        ("maybe", ""),
    ),
    closer="No half measures.",
    call=". No half measures.",
)
CONCISE: Final = Tone(
    name="concise",
    also=("short", "shorter", "brief", "punchy", "crisp", "minimal", "tight"),
    swaps=(*_FILLERS, *_PLAIN, ("we would like to", "we"), ("we are happy to announce that", "")),
    most_sentences=2,
)
EXCITED: Final = Tone(
    name="excited",
    also=("enthusiastic", "energetic", "happy", "upbeat", "hype", "joyful", "cheerful"),
    swaps=(("buy now", "get yours today"), ("good", "wonderful"), ("happy", "thrilled")),
    opener="Big news!",
    closer="We can't wait to share it with you!",
    call=", we can't wait!",
    mark="!",
)
INSPIRING: Final = Tone(
    name="inspiring",
    also=("inspirational", "motivational", "uplifting", "poetic", "emotional"),
    swaps=(("buy now", "start something good today"), ("problem", "challenge")),
    closer="Small steps, made together, go a long way.",
    call=", one good cup at a time.",
)
TONES: Final = (FRIENDLY, PROFESSIONAL, PLAYFUL, BOLD, CONCISE, EXCITED, INSPIRING)


def find_tone(wish: str) -> Tone:
    """The tone that a person's own words ask for; the brand's own, friendly, when none does."""
    words = set(re.findall(r"[a-z]+", wish.lower()))
    for tone in TONES:
        if words & {tone.name, *tone.also}:
            return tone
    return FRIENDLY


def speak(text: str, tone: Tone) -> str:
    """The text as the brand would say it in this tone."""
    worded = _swapped(tidy(text), (*tone.swaps, *_PLAIN))
    worded = worded if tone.emoji else tidy(_EMOJI.sub("", worded))
    worded = capitalised(re.sub(r"([!?])\1+", r"\1", worded))
    if tone.call and len(text.split()) <= _SHORT_CALL and _URGING.search(text):
        return worded.rstrip(".! ") + tone.call
    spoken, tags = _without_last_tags(worded)
    parts = sentences(spoken)
    if tone.most_sentences < len(parts):
        left_out = _LINK.findall(joined(parts[tone.most_sentences :]))
        kept = [ended(part, tone.mark) for part in parts[: tone.most_sentences]]
        return joined([*kept, *left_out, tags])
    closer = "" if tone.closer and tone.closer in spoken else tone.closer
    opener = "" if tone.opener and spoken.startswith(tone.opener) else tone.opener
    return joined([opener, ended(spoken, tone.mark), closer, tags])


def _without_last_tags(text: str) -> tuple[str, str]:
    words = text.split(" ")
    last = len(words)
    while last > 0 and words[last - 1].startswith("#"):
        last -= 1
    return " ".join(words[:last]), " ".join(words[last:])


def _swapped(text: str, swaps: tuple[tuple[str, str], ...]) -> str:
    pieces = ADDRESS.split(text)  # every second piece is a link or a tag, which nobody rewords
    for old, new in swaps:
        pattern = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])", re.IGNORECASE)
        pieces[::2] = [pattern.sub(partial(_as_cased, new=new), piece) for piece in pieces[::2]]
    return tidy(re.sub(r"[ \t]+([,.!?])", r"\1", "".join(pieces)))


def _as_cased(found: re.Match[str], *, new: str) -> str:
    return new[:1].upper() + new[1:] if found.group()[:1].isupper() else new
