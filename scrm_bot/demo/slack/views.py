"""Open modals, each person's stack of at most three, and their App Homes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scrm_bot.demo.slack import forms
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.messages import with_ids
from scrm_bot.demo.slack.mint import Mint, random_id
from scrm_bot.demo.slack.wire import Block, Json, Values
from scrm_bot.demo.slack.world import World

STACK_LIMIT = 3


@dataclass(frozen=True, slots=True)
class View:
    id: str
    user: str
    document: Json
    blocks: list[Block]
    values: Values
    hash: str
    root_id: str
    previous_id: str | None = None

    @property
    def kind(self) -> str:
        return str(self.document.get("type", ""))

    @property
    def external_id(self) -> str:
        return str(self.document.get("external_id") or "")

    @property
    def notifies(self) -> bool:
        return bool(self.document.get("notify_on_close"))

    def to_api(self, world: World) -> Json:
        given = self.document
        told: Json = {"id": self.id, "team_id": world.team_id, "type": self.kind, "blocks": self.blocks}
        for key in ("private_metadata", "callback_id", "external_id"):
            told[key] = given.get(key) or ""
        told |= {
            "state": {"values": self.values},
            "hash": self.hash,
            "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "close": given.get("close"),
            "submit": given.get("submit"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": self.notifies,
            "submit_disabled": bool(given.get("submit_disabled")),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": world.app.id,
            "app_installed_team_id": world.team_id,
            "bot_id": world.app.bot_id,
        }
        return told


@dataclass(slots=True)
class ViewBook:
    mint: Mint
    stacks: dict[str, list[View]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, View] = field(default_factory=dict)

    def everything(self) -> Iterator[View]:
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        for view in self.everything():
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise RefusalError("not_found")

    def open(self, user: str, document: Json) -> View:
        """A new modal of one view; what was open before is gone."""
        self._refuse_taken_external_id(document)
        view = self._make(user, document)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, document: Json) -> View:
        stack = self.stacks[user]
        if not stack:
            raise RefusalError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise RefusalError("push_limit_reached")
        self._refuse_taken_external_id(document)
        top = stack[-1]
        view = replace(self._make(user, document), root_id=top.root_id, previous_id=top.id)
        stack.append(view)
        return view

    def update(self, view: View, document: Json, *, given_hash: str = "") -> View:
        """The view with new contents; same block_id and action_id keep what was typed."""
        if given_hash and given_hash != view.hash:
            raise RefusalError("hash_conflict")
        if document.get("external_id") != view.document.get("external_id"):
            self._refuse_taken_external_id(document, besides=view.id)
        fresh = self._make(view.user, document, kept=view.values)
        changed = replace(fresh, id=view.id, root_id=view.root_id, previous_id=view.previous_id)
        self._put(changed)
        return changed

    def remember(self, view: View, sent: Values) -> View:
        """The view with what the person has typed so far."""
        changed = replace(view, values=forms.complete(view.blocks, sent=sent, kept=view.values))
        self._put(changed)
        return changed

    def publish(self, user: str, document: Json, *, given_hash: str = "") -> View:
        current = self.homes.get(user)
        if current is not None:
            return self.update(current, document, given_hash=given_hash)
        self._refuse_taken_external_id(document)
        self.homes[user] = self._make(user, document)
        return self.homes[user]

    def close(self, view: View) -> None:
        """Take the view, and what lies on it, off its stack."""
        stack = self.stacks[view.user]
        ids = [each.id for each in stack]
        if view.id in ids:
            del stack[ids.index(view.id) :]

    def clear(self, user: str) -> None:
        self.stacks[user] = []

    def _make(self, user: str, document: Json, *, kept: Values | None = None) -> View:
        view_id = random_id("V")
        blocks = with_ids(document.get("blocks", []))
        values = forms.complete(blocks, sent={}, kept=kept or {})
        return View(view_id, user, document, blocks, values, self.mint.hash(), root_id=view_id)

    def _put(self, view: View) -> None:
        if view.kind == "home":
            self.homes[view.user] = view
            return
        stack = self.stacks[view.user]
        stack[:] = [view if each.id == view.id else each for each in stack]

    def _refuse_taken_external_id(self, document: Json, *, besides: str = "") -> None:
        wanted = document.get("external_id")
        if wanted and any(v.external_id == wanted and v.id != besides for v in self.everything()):
            raise RefusalError("duplicate_external_id")
