"""Channels and direct messages: who is in, what was said, what is unread."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.world import Channel, Person, World

Kind = Literal["public", "private", "im"]
EPHEMERALS_KEPT = 50


@dataclass(slots=True)
class Room:
    id: str
    name: str
    kind: Kind
    members: set[str]
    topic: str = ""
    partner: str = ""
    is_archived: bool = False
    is_general: bool = False
    messages: list[Message] = field(default_factory=list)
    whispers: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    unread: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, channel: Channel) -> "Room":
        return cls(
            id=channel.id,
            name=channel.name,
            kind="private" if channel.is_private else "public",
            members=set(channel.members),
            topic=channel.topic,
            is_archived=channel.is_archived,
            is_general=channel.is_general,
        )

    @property
    def event_type(self) -> str:
        """How the Events API names this kind of conversation."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def open_to(self, person: Person) -> bool:
        """Whether the person may look in: members, and for public channels all but guests."""
        return person.id in self.members or (self.kind == "public" and not person.is_restricted)

    def find(self, ts: str, *, reader: str = "") -> Message | None:
        everything = [*self.messages, *self.whispers.get(reader, [])]
        return next((message for message in everything if message.ts == ts), None)

    def replies(self, ts: str) -> list[Message]:
        return [message for message in self.messages if message.thread_ts == ts and message.ts != ts]

    def whisper(self, message: Message) -> None:
        mine = self.whispers[message.ephemeral_for]
        mine.append(message)
        del mine[:-EPHEMERALS_KEPT]

    def forget(self, message: Message) -> None:
        shelf = self.whispers[message.ephemeral_for] if message.ephemeral else self.messages
        shelf.remove(message)

    def to_api(self, world: World, *, bot_is: str) -> Json:
        """As conversations.info tells it to the bot."""
        told: Json = {
            "id": self.id,
            "created": 0,
            "is_archived": self.is_archived,
            "is_im": self.kind == "im",
            "is_org_shared": False,
            "context_team_id": world.team_id,
        }
        if self.kind == "im":
            return told | {"user": self.partner, "is_open": True}
        topic = {"value": self.topic, "creator": "", "last_set": 0}
        return told | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_private": self.kind == "private",
            "is_mpim": False,
            "is_general": self.is_general,
            "is_shared": False,
            "is_ext_shared": False,
            "is_member": bot_is in self.members,
            "creator": "",
            "topic": topic,
            "purpose": {**topic, "value": ""},
            "num_members": len(self.members),
        }
