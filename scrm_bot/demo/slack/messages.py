"""A message as the workspace keeps it, and as it is told to others."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrm_bot.demo.slack.mint import random_block_id
from scrm_bot.demo.slack.wire import Block, Json, as_object, as_text
from scrm_bot.demo.slack.world import World

EARLIER_KEPT = 10


@dataclass(slots=True)
class Content:
    """What a caller may say in a message."""

    text: str = ""
    blocks: list[Block] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    username: str = ""

    @property
    def all_blocks(self) -> list[Block]:
        """Its blocks, and those of its attachments."""
        inner = [block for part in self.attachments or [] for block in part.get("blocks", [])]
        return [*(self.blocks or []), *inner]


@dataclass(slots=True)
class Message:
    ts: str
    user: str
    content: Content
    by_bot: bool = False
    thread_ts: str = ""
    files: list[Json] = field(default_factory=list)
    edited_ts: str = ""
    subtype: str = ""
    ephemeral_for: str = ""
    unfurls: Json = field(default_factory=dict)
    earlier: deque[Content] = field(default_factory=lambda: deque(maxlen=EARLIER_KEPT))

    @property
    def versions(self) -> list[Content]:
        """What it says and, as somebody may still look at that, what it said before; the newest first."""
        return [self.content, *reversed(self.earlier)]

    @property
    def ephemeral(self) -> bool:
        return bool(self.ephemeral_for)

    def to_api(self, world: World, *, with_metadata: bool = False) -> Json:
        """As the Web API and payloads show it."""
        told: Json = {"type": "message", "user": self.user, "ts": self.ts, "team": world.team_id}
        is_silent = self.files and not self.content.blocks  # files may come without a word
        told["text"] = self.content.text or ("" if is_silent else fallback(self.content.blocks or []))
        if self.subtype:
            told["subtype"] = self.subtype
        if self.by_bot:
            told |= _bot_fields(world)
        if self.content.username:
            told["username"] = self.content.username
        for key, value in self._optional(with_metadata=with_metadata).items():
            if value:
                told[key] = value
        return told

    def _optional(self, *, with_metadata: bool) -> Json:
        return {
            "blocks": self.content.blocks,
            "attachments": [*(self.content.attachments or []), *self.unfurls.values()],
            "files": self.files,
            "thread_ts": self.thread_ts,
            "edited": {"user": self.user, "ts": self.edited_ts} if self.edited_ts else None,
            "metadata": self.content.metadata if with_metadata else None,
        }


def _bot_fields(world: World) -> Json:
    app = world.app
    profile = {
        "id": app.bot_id,
        "deleted": False,
        "name": world.read_manifest().name,
        "updated": 0,
        "app_id": app.id,
        "icons": {},
        "team_id": world.team_id,
    }
    return {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile}


def fallback(blocks: Sequence[Block]) -> str:
    """The text Slack makes for a message that has blocks and no text."""
    texts = [as_text(as_object(block.get("text")).get("text")) for block in blocks if isinstance(block, dict)]
    return " ".join(text for text in texts if text) or "This content can't be displayed."


def with_ids(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with an id on every block and interactive element, as Slack echoes them."""
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Block) -> Block:
    told = {**block}
    told.setdefault("block_id", random_block_id())
    if block.get("type") in {"actions", "context_actions"}:
        told["elements"] = [_with_action_id(each) for each in block.get("elements", [])]
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            told[key] = _with_action_id(block[key])
    return told


def _with_action_id(element: Json) -> Json:
    if element.get("type") in {"image", "workflow_button"} or "action_id" in element:
        return element
    return {**element, "action_id": random_block_id()}
