"""What a person waits for after a deed. Bad news they are told ends the wait, not only their patience."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.wire import Json

GOOD_SIGNS = ("✅", "🙋", "⏳", "📤", "🗓️", "🟢")  # what a private answer opens with when all is well
BAD_SIGNS = ("⚠️", "❌", "🔎", "did not get through")
HEED = "⚠️"  # which stands inside a card, too, where an approver should look twice: that is no bad news

Sighting = tuple[str, str]

_MENTION = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_EMPHASIS = re.compile(r"(?<!\w)[*_]([^*_\s][^*_]*)[*_](?!\w)")


class BadNewsError(AssertionError):
    """The person was told of a problem instead of what they waited for; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A person's screen from a moment on."""

    person: Person
    known: frozenset[Sighting]

    @classmethod
    async def begin(cls, person: Person) -> "Watch":
        """Look first, so that what was there before the deed is not taken for its answer."""
        return cls(person, frozenset(sighting for sighting, _ in _sightings(await person.state())))

    async def message(self, *words: str, channel: str = "#social") -> Json:
        """A message with all these words, new or changed since."""
        find = partial(self._find, words, channel)
        return await self._wait(find, f"a message in {channel} with {words}")

    async def any_message(self, *words: str, channel: str = "#social") -> Json:
        """As `message`, where bad news is what is waited for."""
        return await self.person.wait_for(
            partial(self._find, words, channel), what=f"any message in {channel} with {words}"
        )

    async def modal(self, *words: str, submit: str = "") -> Json:
        """The modal on top, once it has all these words and this submit button."""

        def find(state: Json) -> Json | None:
            top: Json | None = state["views"][-1] if state["views"] else None
            if top is None or not _holds(labels.said(top), words):
                return None
            return top if not submit or labels.text_of(top.get("submit")) == submit else None

        return await self._wait(find, f"a modal with {words} {submit}".rstrip())

    def _find(self, words: tuple[str, ...], channel: str, state: Json) -> Json | None:
        rooms = {room["id"] for room in state["channels"] if channel.lstrip("#") == room["name"]}
        seen = list(self._new(state))
        hits = [
            thing for (where, said), thing in seen if where.partition("/")[0] in rooms and _holds(said, words)
        ]
        return hits[-1] if hits else None

    async def _wait(self, find: Callable[[Json], Json | None], what: str) -> Json:
        def look(state: Json) -> Json | None:
            found = find(state)
            if found is None:
                self._refuse_bad_news(state, what)
            return found

        return await self.person.wait_for(look, what=what)

    def _refuse_bad_news(self, state: Json, what: str) -> None:
        for (_, said), thing in self._new(state):
            private_no = thing.get("ephemeral") and not any(sign in said for sign in GOOD_SIGNS)
            if private_no or _is_bad(said):
                who = state["me"]["real_name"]
                raise BadNewsError(f"instead of {what}, {who} is told:\n   {told(thing, state)}")

    def _new(self, state: Json) -> Iterator[tuple[Sighting, Json]]:
        return ((sighting, thing) for sighting, thing in _sightings(state) if sighting not in self.known)


def told(thing: Json, state: Json, *, limit: int = 400) -> str:
    """What a person reads in a message or modal, on one line, with people and channels by name."""
    names = {each["id"]: f"@{each['name']}" for each in state["users"]}
    names |= {each["id"]: f"#{each['name']}" for each in state["channels"]}
    shown = {key: value for key, value in thing.items() if key != "text"} if thing.get("blocks") else thing
    words = _MENTION.sub(lambda found: names.get(found[1], found[0]), labels.said(shown))
    return labels.clip(_EMPHASIS.sub(r"\1", _DATE.sub(r"\1", words)), limit=limit)


def _sightings(state: Json) -> Iterator[tuple[Sighting, Json]]:
    """Everything that is on the screen: where, its words, the thing itself."""
    for room in state["channels"]:
        for message in room["messages"]:
            yield (f"{room['id']}/{message['ts']}", labels.said(message)), message
    for view in state["views"]:
        yield (view["id"], labels.said(view)), view


def _is_bad(said: str) -> bool:
    on_a_card = said.lstrip().startswith(GOOD_SIGNS)
    return any(sign in said for sign in BAD_SIGNS if not (on_a_card and sign == HEED))


def _holds(said: str, words: tuple[str, ...]) -> bool:
    return all(word.casefold() in said.casefold() for word in words)
