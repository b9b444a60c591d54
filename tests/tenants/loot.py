"""What the neighbour has, and the ways in which a stranger's payloads could name it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.bulk import sight
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.slack.notices import AGAIN
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.memory import RedisMemory
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.views.ids import Action, CardEntry, Row
from scrm_bot.views.posts import ASSISTANT
from tests.tenants.street import ANN, APPROVALS, MARKER, Json, Street, later

NEIGHBOUR = "TNEIGHBOUR"
KEPT = "k_0123456789abcdef"  # the name under which the neighbour's windows keep what they hold
EXECUTION = "Fx0NEIGHBOUR"
FILE: Json = {
    "id": "F0NEIGHBOUR",
    "name": "x.png",
    "mimetype": "image/png",
    "size": 4,
    "url_private": "https://files.slack.com/files-pri/T-F/x.png",
}
_TEXT = f"Our {MARKER} is out"


@dataclass(frozen=True, slots=True)
class Loot:
    """Everything of the neighbour's that has a name."""

    requests: tuple[Approval, ...]
    posts: tuple[str, ...]
    dead: str

    def names(self) -> tuple[str, ...]:
        return *(request.id for request in self.requests), *self.posts, KEPT, self.dead, EXECUTION, FILE["id"]

    def values(self) -> Iterator[str]:
        """What a button or a menu of the neighbour's may carry."""
        yield from self.names()
        yield from (f"{entry}:{self.requests[0].id}" for entry in CardEntry)
        yield from (f"{verb}:{self.posts[0]}" for verb in ASSISTANT)
        yield f"{self.requests[0].id}:{sight(self.requests[0])}:{KEPT}"
        yield f"{KEPT}:1"
        yield f"{self.posts[0]}:1"
        yield "posts:1"

    def again(self) -> Iterator[str]:
        """What a button that repeats a deed carries."""
        for name in self.names():
            yield json.dumps({"verb": "show", "argument": name, "flags": {"brand": NEIGHBOUR}})
            yield json.dumps({"action_id": Action.APPROVE, "value": name})

    def metadata(self, request: Approval, verb: str) -> str:
        names = ("form", "answer", "long", "files", "versions", "flags", "bulk")
        told: Json = dict.fromkeys(names, KEPT)
        told |= {"approval": request.id, "post": self.posts[0], "verb": verb, "zone": "UTC", "page": 1}
        told |= {"about": f"{request.id}:{sight(request)}:{KEPT}"}
        told |= {"chosen": "aa", "channel": APPROVALS, "parent": "V1"}
        return json.dumps(told)

    def state(self, post: str) -> Mapping[str, Json]:
        """Every input there is, filled in with what is the neighbour's."""
        texts = {
            Action.WHEN: later(20),
            Action.REASON: "no",
            Action.PROMPT: "spring",
            Action.NOTE: "note",
            Action.API_KEY: "sk_live_" + "b" * 32,
        }
        filled: dict[str, Json] = {
            name: {"type": "plain_text_input", "value": text} for name, text in texts.items()
        }
        chosen = {
            Action.POST: post,
            Action.REQUEST: post,
            f"{Action.CHOICE}:1": "approve",
            f"{Action.CHOICE}:2": "approve",
        }
        chosen |= {Action.THEN: "ask", Action.TIMEZONE: "Europe/Berlin", Action.NEEDED: "1"}
        for name, value in chosen.items():
            filled[name] = {"type": "static_select", "selected_option": {"value": value}}
        filled[Action.ALSO] = {"type": "checkboxes", "selected_options": [{"value": FILE["id"]}]}
        filled[Action.MEDIA] = {"type": "file_input", "files": [FILE]}
        filled[Action.PERSON] = {"type": "users_select", "selected_user": ANN}
        filled[Action.CHANNEL] = {"type": "conversations_select", "selected_conversation": APPROVALS}
        filled[Action.APPROVERS] = {"type": "multi_users_select", "selected_users": [ANN]}
        filled[Action.ADMINS] = {"type": "multi_users_select", "selected_users": [ANN]}
        return filled


def a_view(callback_id: str, loot: Loot, request: Approval, *, post: str, verb: str = "show") -> Json:
    values = {f"b:{name}": {name: element} for name, element in loot.state(post).items()}
    return {
        "id": "V1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": loot.metadata(request, verb),
        "state": {"values": values},
        "root_view_id": "V1",
        "previous_view_id": "V1",
    }


def clicks(action_id: str, loot: Loot) -> Iterator[Json]:
    """A part of a message with each value, and of a view where everything else is the neighbour's, too."""
    action: Json = {"type": "button", "action_id": action_id, "action_ts": "1.1"}
    message: Json = {"type": "message", "ts": "5.5"}
    place: Json = {"type": "message", "message_ts": "5.5", "channel_id": APPROVALS}
    about = {"type": "block_actions", "channel": {"id": APPROVALS}, "message": message, "container": place}
    for value in loot.again() if action_id == AGAIN else loot.values():
        yield about | {"actions": [{**action, "block_id": Row.CARD, "value": value}]}
    for request in loot.requests:
        view = a_view("draft", loot, request, post=loot.posts[0])
        held = {**action, "block_id": "b", "value": request.id}
        yield {"type": "block_actions", "view": view, "container": {"type": "view"}, "actions": [held]}


def submissions(callback_id: str, loot: Loot, verbs: tuple[str, ...]) -> Iterator[Json]:
    """The modal with every combination of the neighbour's names in its metadata and its inputs."""
    for request in loot.requests:
        for post in loot.posts:
            view = a_view(callback_id, loot, request, post=post)
            yield {"type": "view_submission", "view": view}
    for verb in verbs:
        view = a_view(callback_id, loot, loot.requests[0], post=loot.posts[0], verb=verb)
        yield {"type": "view_submission", "view": view}


async def furnish(street: Street) -> Loot:
    """The neighbour's house: posts, requests, windows, a digest, a dead job, a workflow's step."""
    await street.join(NEIGHBOUR, neighbour=True)
    posts = street.sandboxes[True].sandbox.posts
    for number in range(60):  # so that no stranger's post has the same id
        posts.create(body=f"{_TEXT}, part {number}", account_ids=("acct_1",), media_ids=())
    made = [
        posts.create(body=f"{_TEXT} {word}", account_ids=("acct_1",), media_ids=()).id
        for word in ("today", "soon")
    ]
    await street.command(NEIGHBOUR, f"publish {made[0]}")
    await street.command(NEIGHBOUR, f"schedule {made[1]} {later(10)}")
    await street.settled(NEIGHBOUR, "act", "render")
    requests = tuple(await RedisApprovalStore(street.database, NEIGHBOUR).open())
    assert len(requests) == 2
    await _remember(street, requests, made)
    await _plan(street)
    return Loot(requests, tuple(made), await _bury(street, requests[0]))


async def _remember(street: Street, requests: tuple[Approval, ...], posts: list[str]) -> None:
    """What windows of every sort keep, all under one name that a stranger knows."""
    memory = RedisMemory(street.database, NEIGHBOUR)
    answer: Json = {"verb": "rewrite", "original": _TEXT, "text": _TEXT, "tone": "", "post_id": posts[0]}
    kept: dict[str, Json] = {
        "form": {"state": {"text": _TEXT}, "about": {}, "verb": "rewrite", "text": _TEXT},
        "answer": {**answer, "account_ids": ["acct_1"], "notes": []},
        "ideas": {"topic": _TEXT, "ideas": [{"title": _TEXT, "text": _TEXT}]},
        "long": {"text": _TEXT},
        "files": {"files": [{"id": FILE["id"], "name": FILE["name"]}]},
        "versions": {"texts": [_TEXT, f"{_TEXT}!"], "at": 0},
        "flags": {"note": _TEXT},
        "bulk": {"requests": [(each.id, sight(each)) for each in requests], "pages": [2], "left": 0},
    }
    for name, value in kept.items():
        await memory.keep(f"{name}:{KEPT}", value)
    await memory.remember_post(ANN, posts[0])
    await memory.remember_list(ANN, posts)


async def _plan(street: Street) -> None:
    schedule = DigestSchedule(APPROVALS, "09:00", "Europe/Berlin", created_by=ANN, problem=MARKER)
    await RedisScheduleStore(street.database, NEIGHBOUR).save(schedule)


async def _bury(street: Street, request: Approval) -> str:
    """A job that was given up; its name."""
    work, now = RedisWorkQueue(street.database), datetime.now(UTC)
    about = {"approval": request.id, "why": MARKER}
    job = Job(JobKind.RENDER, f"dead:{MARKER}", NEIGHBOUR, now, about)
    claim = await work.accept(job, dedupe="dead", lease=60.0)
    assert claim
    assert await work.bury(claim, reason=f"because of {MARKER}")
    (found,) = await RedisJobQueue(street.database, NEIGHBOUR).dead()
    return found.id
