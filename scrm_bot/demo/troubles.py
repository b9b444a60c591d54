"""What goes wrong in real life, played on request by people at the page against the unmodified bot."""

import asyncio
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import aiohttp

from scrm_bot.demo import story
from scrm_bot.demo.clock import MovableClock
from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.board import NotPlayedError, Play, Sight, Tell, Trouble
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.screen import NotSeenError, channel_in
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.socialcrm.server import RunningSandbox
from scrm_bot.demo.watch import BadNewsError, Watch, told

OFFICE = range(9, 17)  # hours at which the approvers' working hours are on, whatever the minute
REMIND_AFTER = timedelta(hours=8, minutes=1)  # as the workspace's rules have it
A_WEEKEND = 5
SILENCE = 4.0  # seconds without an answer to any read
TEXTS = (  # and what somebody makes of a part of it, in SocialCRM
    ("Brewing for beginners, part {}: start with water just off the boil.", "just off", "well before"),
    ("Farm visit no. {}: three days in Huila, and what we brought home.", "three days", "five days"),
    ("Roaster's choice no. {}: a washed Ethiopian that tastes of apricot.", "apricot", "cough drops"),
)
_POST = re.compile(r"post_\w+")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a trouble is played on. `outage` is how long SocialCRM is away, in seconds."""

    slack: RunningSlack
    sandbox: RunningSandbox
    clock: MovableClock
    outage: float
    patience: float = 40.0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def person(self, role: str) -> Person:
        return replace(self.slack.person(role), patience=self.patience)

    def move_to(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self.slack.tell_time()

    def text(self) -> tuple[str, str]:
        """One that nobody has asked about before, and the same as edited."""
        number = next(self.numbers)
        text, before, after = TEXTS[number % len(TEXTS)]
        return text.format(number), text.format(number).replace(before, after)


@dataclass(frozen=True, slots=True)
class Request:
    """A post that waits for its approval."""

    post_id: str
    text: str
    edited: str
    sight: Sight


def offer(stage: Stage, *, time_moves: bool) -> Sequence[Trouble]:
    """Every trouble. Those that need the clock say so where Redis keeps a time of its own."""
    still = (
        ""
        if time_moves
        else "It needs the embedded Redis, whose clock can be moved: start without REDIS_URL."
    )
    offered = (
        Trouble(
            "edited",
            "Edit it in SocialCRM",
            "An approved post is edited before it is out. The approval is void; the card shows what changed.",
            partial(edited, stage),
        ),
        Trouble(
            "lost",
            "Lose the answer",
            "SocialCRM publishes a post, and the line dies. The card says Checking, then Published: once.",
            partial(lost, stage),
        ),
        Trouble(
            "down",
            "SocialCRM is down",
            f"It answers 503 for {stage.outage:g} seconds. People are told, and approved posts go out later.",
            partial(down, stage),
        ),
        Trouble(
            "revoked",
            "Somebody revokes the key",
            "SocialCRM refuses the workspace's key. Ed is told what to do, and Ada connects a new one.",
            partial(revoked, stage),
        ),
        Trouble(
            "reminder",
            "A reminder",
            "Nobody decides. The clock is moved to Ana's next working hours, and she is reminded.",
            partial(reminder, stage),
            still,
        ),
        Trouble(
            "expiry",
            "An expiry",
            "A request for two hours from now is left alone. The clock is moved past its time: it expires.",
            partial(expiry, stage),
            still,
        ),
    )
    return [replace(each, play=partial(_told, each.play)) for each in offered]


async def _told(play: Play, tell: Tell) -> None:
    """What people saw instead becomes the last step."""
    try:
        await play(tell)
    except story.TROUBLES as error:
        raise NotPlayedError(f"It could not be played to its end: {labels.clip(str(error))}") from error


async def edited(stage: Stage, tell: Tell) -> None:
    request = await _request(stage, tell, "/scrm publish {}")
    await _approve(stage, tell, request)
    await _settings(stage, "PATCH", f"posts/{request.post_id}", {"body": request.edited})
    tell("Somebody edits the text in SocialCRM.")
    await _card(stage, request, "The post was changed")
    tell("The approval is void and nothing was sent. The card shows what changed.")


async def lost(stage: Stage, tell: Tell) -> None:
    request = await _request(stage, tell, "/scrm publish {}")
    sandbox = stage.sandbox.sandbox
    path = f"/v1/posts/{request.post_id}/publish"
    sandbox.faults.add("drop_after", method="POST", path=path, seconds=SILENCE)
    await _approve(stage, tell, request)
    await _card(stage, request, "Checking")
    tell("SocialCRM published it, but its answer was lost. The bot reads the post, and sends nothing.")
    await _card(stage, request, "Published")
    times, calls = sandbox.went_out[request.post_id], sandbox.publish_calls(request.post_id)
    if (times, calls) != (1, 1):
        raise NotPlayedError(f"It went out {times} times, with {calls} calls: this should never happen.")
    tell("Published: SocialCRM counts one call, and the post went out once.")


async def down(stage: Stage, tell: Tell) -> None:
    request = await _request(stage, tell, "/scrm publish {}")
    faults, ed = stage.sandbox.sandbox.faults, stage.person("editor")
    away = faults.add("503", path="/v1/*", times=None)
    try:
        tell("SocialCRM is down.")
        await _approve(stage, tell, request)
        answer = await _answer(ed, "/scrm posts")
        tell(f"Ed asks for the posts and is told: {told(answer, await ed.state(), limit=110)}")
        await asyncio.sleep(stage.outage)
    finally:
        faults.remove(away)
    tell("SocialCRM is back.")
    await _card(stage, request, "Published")
    tell("What was approved went out by itself. Nothing was lost.")


async def revoked(stage: Stage, tell: Tell) -> None:
    ed = stage.person("editor")
    listed = await _settings(stage, "GET", "api-keys")
    for key in listed["data"]:
        await _settings(stage, "DELETE", f"api-keys/{key['id']}")
    tell("Somebody revokes every key in SocialCRM.")
    refused = await _answer(ed, "/scrm posts")
    room = channel_in(await ed.state(), "#social")
    tell("Ed asks for the posts and is told what to do.", Sight(room["id"], refused["ts"], ed.id))
    await _connect(stage)
    tell("Ada connects a new key with /scrm connect.")
    await _answer(ed, "/scrm posts", "Posts")
    tell("Ed's list is back. Drafts, requests and schedules were never touched.")


async def reminder(stage: Stage, tell: Tell) -> None:
    request = await _request(stage, tell, "/scrm publish {}")
    ana = stage.person("approver")
    watch = await Watch.begin(ana)
    zone = next(each.tz for each in stage.slack.world.people if each.id == ana.id)
    stage.move_to(next_office_hour(stage.clock.now() + REMIND_AFTER, ZoneInfo(zone)))
    tell(f"Nobody decides, and the clock is moved to {_wall_time(stage, zone)}.")
    room = channel_in(await ana.state(), "dm")
    message = await watch.any_message(request.text, channel=room["name"])
    tell("Ana is reminded, in her own working hours.", Sight(room["id"], message["ts"], ana.id))


async def expiry(stage: Stage, tell: Tell) -> None:
    request = await _request(stage, tell, "/scrm schedule {} in 2 hours")
    stage.move_to(stage.clock.now() + timedelta(hours=2, minutes=1))
    tell("Nobody decides, and the clock is moved on by two hours.")
    await _card(stage, request, "Expired")
    tell("The request expired: nothing goes out late. The draft is kept, and can be asked for again.")


def next_office_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the next full hour on a working day."""
    local = moment.astimezone(zone)
    while local.hour not in OFFICE or local.weekday() >= A_WEEKEND:
        local = (local + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return local


# How people do it


async def _request(stage: Stage, tell: Tell, command: str) -> Request:
    """Ed drafts a post and asks for its approval; what stands in the way is put right first."""
    try:
        return await _ask(stage, tell, command)
    except story.TROUBLES:
        await _put_right(stage, tell)
        return await _ask(stage, tell, command)


async def _ask(stage: Stage, tell: Tell, command: str) -> Request:
    ed = stage.person("editor")
    text, changed = stage.text()
    saved = await _answer(ed, f"/scrm draft {text} --to instagram", "Draft saved", text)
    found = _POST.search(labels.said(saved))
    if found is None:
        raise NotSeenError(f"no post id in: {labels.said(saved)}")
    watch = await Watch.begin(stage.person("approver"))
    await _answer(ed, command.format(found[0]), "Asked for approval")
    card = await watch.any_message("Waiting for approval", text, channel="#approvals")
    room = channel_in(await stage.person("approver").state(), "#approvals")
    request = Request(found[0], text, changed, Sight(room["id"], card["ts"], ed.id))
    tell("Ed drafts a post and asks for its approval.", request.sight)
    return request


async def _put_right(stage: Stage, tell: Tell) -> None:
    """The workspace as a newcomer finds it: connected, with its rules, not paused."""
    tell("Ada makes the workspace ready first.")
    admin = stage.person("admin")
    await _answer(admin, "/scrm unpause")
    await _connect(stage)
    await story.settings(_cast(stage, ""))


async def _connect(stage: Stage) -> None:
    made = await _settings(stage, "POST", "api-keys", {"name": "Acme Social"})
    await story.connect(_cast(stage, made["key"]))


async def _approve(stage: Stage, tell: Tell, request: Request) -> None:
    ana = stage.person("approver")
    await ana.click("Approve", containing=request.text, channel="#approvals")
    await _card(stage, request, "Approved")
    tell("Ana approves it; it goes out in a moment.")


async def _answer(person: Person, command: str, *words: str) -> Json:
    """What the person is told. Raises `BadNewsError` where that has not these words."""
    before = {message["ts"] for message in await person.messages("#social")}
    await person.command(command)

    def find(state: Json) -> Json | None:
        room = channel_in(state, "#social")
        return next((m for m in room["messages"] if m["ephemeral"] and m["ts"] not in before), None)

    answer = await person.wait_for(find, what=f"an answer to {command}")
    if all(labels.says(answer, each) for each in words):
        return answer
    raise BadNewsError(f"{command} is answered: {told(answer, await person.state())}")


async def _card(stage: Stage, request: Request, words: str) -> None:
    """Wait until the request's card says so."""

    def find(state: Json) -> bool:
        room = channel_in(state, request.sight.channel)
        return any(m["ts"] == request.sight.ts and labels.says(m, words) for m in room["messages"])

    await stage.person("approver").wait_for(find, what=f"a card with {words!r}")


async def _settings(stage: Stage, method: str, path: str, body: Json | None = None) -> Json:
    """What a person does in SocialCRM's own pages."""
    url = f"{stage.sandbox.url}/settings/{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, json=body) as answer:
        answer.raise_for_status()
        told: Json = await answer.json() if answer.content_length else {}
        return told


def _cast(stage: Stage, key: str) -> story.Cast:
    return story.Cast(stage.person("editor"), stage.person("approver"), stage.person("admin"), key)


def _wall_time(stage: Stage, zone: str) -> str:
    return f"{stage.clock.now().astimezone(ZoneInfo(zone)):%A, %H:%M}"
