"""What people type after /scrm, read without ever failing or losing text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from scrm_bot.domain.markup import as_seen
from scrm_bot.domain.when import when_words

SWITCHES = frozenset({"dry-run", "share", "csv"})
WITH_VALUE = frozenset({"to", "at", "tone", "note", "brand"})
_OPENING, _CLOSING = r"[\"\u201c\u201e\u00ab]", r"[\"\u201c\u201d\u00bb]"  # straight and typographic
_INSIDE = r"[^\"\u201c\u201d\u201e\u00ab\u00bb]*"
_APOSTROPHE = r"['\u2018\u2019\u201a]"
_QUOTES = re.compile(rf"{_OPENING}|{_CLOSING}|{_APOSTROPHE}")
_MARKS = r"[.,;:!?)\u2026]*(?!\S)"  # what a sentence may have after quoted text
_QUOTED = re.compile(rf"(?<!\S)\(*{_OPENING}{_INSIDE}{_CLOSING}{_MARKS}")
_QUOTED_VALUE = re.compile(
    rf"(?:{_OPENING}({_INSIDE}){_CLOSING}|{_APOSTROPHE}(.*?){_APOSTROPHE})({_MARKS})", re.DOTALL
)
_WORD = re.compile(r"\S+")
_FLAG = re.compile(r"(?:--|\u2014|\u2013)([A-Za-z][A-Za-z-]*)(?:=(.*))?", re.DOTALL)
_STRAY = re.compile(r"--([A-Za-z][A-Za-z-]{1,19})(?:=.*)?", re.DOTALL)
_FLAG_LIKE = re.compile(r"--[A-Za-z]")
_MASKED = "sk_live_****"
# sk_live_ is the documented kind; of others only what is as long as a secret. log.py knows the same.
_KEY = re.compile(
    r"sk_(?:live|test)_[\w-](?:[\w.+/=~:@!#$%&*?^-]*[\w+/=~-])?"
    r"|(?<![A-Za-z0-9])sk_[a-z]+_[\w.+/=~:@!#$%&*?^-]{5,}[\w+/=~-]",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_KEY = 508


@dataclass(frozen=True, slots=True)
class Line:
    """One typed line. `argument` is everything that is neither the verb nor a flag, in its own words.

    `flags` maps a flag's name without dashes to its value, "" for one without (`--share`, `--dry-run`).
    `first` is the verb as it was typed: in free text it is no verb, but the first of somebody's words.
    `whole` is the argument together with its flags, where there were any.
    """

    verb: str = ""
    argument: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    first: str = field(default="", compare=False)
    whole: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """Everything but the flags, as it was typed."""
        return f"{self.first or self.verb} {self.argument}".strip()

    @property
    def given(self) -> str:
        """All that followed the verb, as it was typed: what somebody gets back who is refused."""
        return self.whole or self.argument

    @property
    def shared(self) -> bool:
        return "share" in self.flags


@dataclass(slots=True)
class _Reading:
    """How far a line has been read: the text outside flags in pieces, and the flags so far."""

    text: str
    literal: dict[int, int]  # where quoted text starts → where it ends
    at: int = 0
    kept_from: int = 0
    pieces: list[str] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)

    def next_word(self, start: int) -> tuple[int, int] | None:
        """Where the next word starts and ends; quoted text is one word."""
        match = _WORD.search(self.text, start)
        return (match.start(), self.literal.get(match.start(), match.end())) if match else None

    def flag_at(self, start: int, end: int) -> tuple[str, str | None] | None:
        """The flag that this word is, with the value glued to it by `=`."""
        match = None if start in self.literal else _FLAG.fullmatch(self.text, start, end)
        name = match[1].casefold() if match else ""
        if match and (name in WITH_VALUE or (name in SWITCHES and match[2] is None)):
            return name, match[2]
        return None

    def words_to_next_flag(self, start: int) -> list[tuple[int, int]]:
        words = []
        while (word := self.next_word(start)) and self.text[slice(*word)] != "--" and not self.flag_at(*word):
            words.append(word)
            start = word[1]
        return words

    def ends_flags(self, start: int, end: int) -> bool:
        """Whether a bare `--` there ends the flags; else it is a dash, after which no flag comes."""
        is_first = not self.has_argument or not self.text[self.kept_from : start].strip()
        return is_first or self.flag_follows(end)

    def flag_follows(self, start: int) -> bool:
        while word := self.next_word(start):
            is_quoted = word[0] in self.literal
            if self.flag_at(*word) or (not is_quoted and _FLAG_LIKE.match(self.text, word[0])):
                return True
            start = word[1]
        return False

    def cut(self, start: int, end: int) -> None:
        """Keep what came before `start`, and go on after `end`."""
        self.pieces.append(self.text[self.kept_from : start])
        self.kept_from = self.at = end

    @property
    def has_argument(self) -> bool:
        """Whether there was more than a verb so far."""
        so_far = "".join([*self.pieces, self.text[self.kept_from : self.at]])
        return len(so_far.split()) > 1

    def add(self, name: str, value: str) -> None:
        before = self.flags.get(name, "")
        between = "," if name == "to" else " "
        self.flags[name] = between.join(part for part in (before, value) if part)


def parse(text: str) -> Line:
    """The verb (lower case), the flags, and the rest as it was typed.

    Text in double quotes and after a bare `--` is never searched for flags.
    """
    if not _FLAG.search(text) and "--" not in text:  # no flag can be in it, and most lines are like that
        verb, argument, first = _first_word(text.strip())
        return Line(verb, argument, first=first)
    reading = _Reading(text, {match.start(): match.end() for match in _QUOTED.finditer(text)})
    while word := reading.next_word(reading.at):
        if text[slice(*word)] == "--":
            if reading.ends_flags(*word):
                reading.cut(*word)
            break
        flag = reading.flag_at(*word)
        if flag:
            _take(reading, word, *flag)
        else:
            reading.at = word[1]
    reading.pieces.append(text[reading.kept_from :])
    verb, argument, first = _first_word(_joined(reading.pieces))
    typed, rest, _ = _first_word(text.strip())
    whole = rest if typed == verb else text.strip()  # flags may come first
    return Line(verb, argument, reading.flags, first, whole=whole)


def nearest(word: str, verbs: Iterable[str]) -> str | None:
    """The verb somebody most likely meant by `word`."""
    close = get_close_matches(word.casefold(), list(verbs), n=1, cutoff=0.6)
    return close[0] if close else None


def stray_flag(argument: str) -> tuple[str, str] | None:
    """What looks like a misspelled flag and stayed part of the text, and the flag that it looks like."""
    for word in _QUOTED.sub(" ", argument).split():
        name = _STRAY.fullmatch(word)
        meant = nearest(name[1], sorted(WITH_VALUE | SWITCHES)) if name else None
        if name and meant:
            return f"--{name[1]}", f"--{meant}"
    return None


def plain(text: str) -> str:
    """Slack's escapes as the person saw them: `<#C1|social>` → `#social`, `&amp;` → `&`, `:tada:` → 🎉."""
    return as_seen(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def channel_id(text: str) -> str | None:
    """The id in `<#C1|social>`, or a bare id."""
    return _id(text, "#", "CG")


def user_id(text: str) -> str | None:
    """The id in `<@U1|name>`, or a bare id."""
    return _id(text, "@", "UW")


def is_key(text: str) -> bool:
    """Whether this is an API key, and nothing but one."""
    return len(text) <= _LONGEST_KEY and _KEY.fullmatch(text) is not None


def mask_keys(text: str) -> tuple[str, bool]:
    """The text without API keys, and whether there was one."""
    masked, count = _KEY.subn(_MASKED, text)
    return masked, count > 0


def _take(reading: _Reading, word: tuple[int, int], name: str, glued: str | None) -> None:
    """Read the flag that `word` is, and its value if it takes one."""
    start, end = word
    value = ""
    if name in WITH_VALUE:
        value, end = _value(reading, name, end - len(glued or ""))
    reading.cut(start, end)
    reading.add(name, value)


def _value(reading: _Reading, name: str, start: int) -> tuple[str, int]:
    """What a flag's value is and where it ends: quoted, or the words it takes."""
    first = reading.next_word(start)
    quoted = _QUOTED_VALUE.match(reading.text, first[0]) if first else None
    if quoted and not (name == "to" and "," in quoted[3]):
        marks = quoted[3].rstrip(",;:)") if name == "note" else ""  # the end of its last sentence
        return (quoted[1] or quoted[2] or "").strip() + marks, quoted.end()
    words = reading.words_to_next_flag(start)
    if not words:
        return "", start
    taken = words[: _how_many(reading, name, words)]
    begin, end = taken[0][0], taken[-1][1]
    value = reading.text[begin:end]
    return (_QUOTES.sub("", value) if name == "to" else value), end


def _how_many(reading: _Reading, name: str, words: Sequence[tuple[int, int]]) -> int:
    """How many of these words are the flag's value."""
    if name == "note" or (name == "tone" and reading.has_argument):
        return len(words)
    typed = [reading.text[slice(*word)] for word in words]
    if name == "at":
        line = typed[: _on_one_line(reading.text, words)]
        # behind a text, a word that is not understood is asked about; before one, it may be the text
        return len(line) if reading.has_argument else when_words(line) or 1
    return _list_length(typed) if name == "to" else 1


def _on_one_line(text: str, words: Sequence[tuple[int, int]]) -> int:
    """How many of the words stand before the next line break."""
    count = 1
    while count < len(words) and "\n" not in text[words[count - 1][1] : words[count][0]]:
        count += 1
    return count


def _list_length(words: list[str]) -> int:
    """How many words a comma-separated list takes: `a, b ,c` is three."""
    count = 1
    while count < len(words) and (words[count - 1].endswith(",") or words[count].startswith(",")):
        count += 1
    return count


def _joined(pieces: list[str]) -> str:
    """The pieces with one gap where a flag was, a line break where there was one beside it."""
    whole = pieces[0]
    for piece in pieces[1:]:
        ends = whole[len(whole.rstrip()) :]
        starts = piece[: len(piece) - len(piece.lstrip())]
        gap = max(ends, starts, key=lambda space: space.count("\n"))
        whole = whole.rstrip() + (gap if "\n" in gap else " ") + piece.lstrip()
    return whole.strip()


def _first_word(text: str) -> tuple[str, str, str]:
    """The verb, what follows it, and the verb as it was typed."""
    match = _WORD.match(text)
    if match is None:
        return "", "", ""
    verb = match[0].casefold()
    return verb.rstrip(":,.?!") or verb, text[match.end() :].strip(), match[0]


def _id(text: str, sign: str, kinds: str) -> str | None:
    match = re.fullmatch(
        rf"<{sign}([{kinds}][A-Z0-9]+)(?:\|[^<>]*)?>|([{kinds}][A-Z0-9]{{7,}})", text.strip()
    )
    return (match[1] or match[2]) if match else None
