"""The workspace while it runs: all state in one place."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scrm_bot.demo.slack.board import Board
from scrm_bot.demo.slack.delivery import Post
from scrm_bot.demo.slack.errors import RefusalError, UnknownThingError
from scrm_bot.demo.slack.files import Cabinet
from scrm_bot.demo.slack.hub import Hub
from scrm_bot.demo.slack.manifest import Manifest
from scrm_bot.demo.slack.mint import Mint, random_id
from scrm_bot.demo.slack.rates import Rates
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.tickets import Codes, ResponseUrls, Triggers
from scrm_bot.demo.slack.tokens import Keyring
from scrm_bot.demo.slack.views import ViewBook
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.world import Person, World

CALLS_KEPT = 10_000
Announce = Callable[[str, Json], None]


def _unheard(_subscription: str, _event: Json) -> None:
    """Events before anything delivers them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call as it came, and what it was answered."""

    method: str
    args: Json
    answer: Json

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass(slots=True)
class Workspace:
    world: World
    manifest: Manifest
    mint: Mint
    post: Post
    hub: Hub
    rooms: dict[str, Room]
    people: dict[str, Person]
    views: ViewBook
    triggers: Triggers
    links: ResponseUrls
    codes: Codes
    files: Cabinet
    rates: Rates
    keys: Keyring
    board: Board
    base_url: str = ""
    announce: Announce = _unheard
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    faults: list[str] = field(default_factory=list)
    executions: dict[str, Json] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    socket_tickets: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, world: World) -> "Workspace":
        minted, hub = Mint(world.clock), Hub()
        return cls(
            world=world,
            manifest=world.read_manifest(),
            mint=minted,
            post=Post(hub),
            hub=hub,
            rooms={channel.id: Room.of(channel) for channel in world.channels},
            people={person.id: person for person in world.people},
            views=ViewBook(minted),
            triggers=Triggers(minted, world.pace.trigger_seconds),
            links=ResponseUrls(minted, world.pace.response_url_seconds),
            codes=Codes(minted),
            files=Cabinet(minted),
            rates=Rates(world.clock, world.pace.strict_rates),
            keys=Keyring(world),
            board=Board(hub),
        )

    @property
    def bot(self) -> str:
        return self.world.app.bot_user_id

    def person(self, user: str) -> Person:
        if user not in self.people:
            raise UnknownThingError(f"there is no person {user!r}")
        return self.people[user]

    def fault(self, sentence: str) -> None:
        """Note something the bot did that Slack would not have accepted."""
        self.faults.append(sentence)
        self.hub.publish("fault", frozenset(), text=sentence)

    def dm(self, user: str) -> Room:
        """The bot's direct messages with a person; made on first use."""
        for room in self.rooms.values():
            if room.kind == "im" and room.partner == user:
                return room
        room = Room(random_id("D"), "directmessage", "im", {user, self.bot}, partner=user)
        self.rooms[room.id] = room
        return room

    def rooms_of(self, person: Person) -> Iterator[Room]:
        self.dm(person.id)
        yield from (room for room in self.rooms.values() if room.open_to(person))

    def room_seen_by(self, person: Person, channel: str) -> Room:
        """The room by id or name, if the person may see it."""
        wanted = channel.lstrip("#")
        for room in self.rooms_of(person):
            if wanted in {room.id, room.name} and (room.kind != "im" or room.id == wanted):
                return room
        raise UnknownThingError(f"{person.name} sees no channel {channel!r}")

    def room_for_bot(self, channel: str) -> Room:
        """The conversation as the bot may know it, else `channel_not_found`."""
        room = self.rooms.get(channel)
        if room is None or (room.kind != "public" and self.bot not in room.members):
            raise RefusalError("channel_not_found")
        return room

    def audience(self, room: Room) -> frozenset[str]:
        return frozenset(person.id for person in self.people.values() if room.open_to(person))
