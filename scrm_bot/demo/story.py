"""The main job, played by people at the page: over real HTTP, step by step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.screen import NotSeenError, RefusedError
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.watch import BadNewsError, Watch, told

LAUNCH = "Launch day is here. Our new espresso blend is roasted, packed and on its way to you"
THANKS = "A big thank you to everyone who came to the tasting yesterday!"
WAITING = "Cupping on Friday at seven: five coffees, one table, and the first cup is on us."
TROUBLES = (BadNewsError, NotSeenError, RefusedError, LookupError, aiohttp.ClientError)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    editor: Person
    approver: Person
    admin: Person
    key: str


Scene = Callable[[Cast], Awaitable[Json]]


class NotSetUpError(Exception):
    """The workspace could not be made ready for newcomers; the message says what was seen instead."""


async def connect(cast: Cast) -> Json:
    watch = await Watch.begin(cast.admin)
    await cast.admin.command("/scrm connect")
    await watch.modal("API key")
    await cast.admin.fill({"API key": cast.key})
    await cast.admin.submit()
    answer = await watch.modal("Connected")
    await cast.admin.close(clear=True)
    return answer


async def settings(cast: Cast) -> Json:
    watch = await Watch.begin(cast.admin)
    await cast.admin.command("/scrm settings")
    await watch.modal("Approvals channel")
    await cast.admin.fill(
        {"Approvals channel": "approvals", "Approvers": [cast.approver.id], "Time zone": "Europe/Berlin"}
    )
    await cast.admin.submit()
    saved = await watch.message("Settings saved")
    await cast.admin.close(clear=True)  # the form says so, too; whoever becomes the admin should not meet it
    return saved


async def draft(cast: Cast) -> Json:
    watch = await Watch.begin(cast.editor)
    await cast.editor.command("/scrm draft")
    await watch.modal("New social post")
    await cast.editor.fill({"Text": LAUNCH, "Accounts": ["Instagram"]})
    return await watch.modal("New social post")


async def rewrite(cast: Cast) -> Json:
    watch = await Watch.begin(cast.editor)
    await cast.editor.click("Rewrite")
    answer = await watch.modal(LAUNCH[:40], submit="Use")
    await cast.editor.submit()
    form = await watch.modal("New social post")
    text = _text_in(form)
    if text == LAUNCH or text not in labels.said(answer):
        raise NotSeenError(f"the form does not hold the assistant's answer but {text!r}")
    return answer


async def save(cast: Cast) -> Json:
    watch = await Watch.begin(cast.editor)
    await cast.editor.submit()
    return await watch.message("Draft saved")


async def ask(cast: Cast) -> Json:
    own, others = await Watch.begin(cast.editor), await Watch.begin(cast.approver)
    await cast.editor.command("/scrm schedule last tomorrow 09:00")
    await own.message("Asked for approval")
    return await others.message("Waiting for approval", channel="#approvals")


async def approve(cast: Cast) -> Json:
    watch = await Watch.begin(cast.approver)
    await cast.approver.click("Approve", channel="#approvals")
    return await watch.message("Scheduled", "as read back", channel="#approvals")


async def publish(cast: Cast) -> Json:
    drafting = await Watch.begin(cast.editor)
    await cast.editor.command(f"/scrm draft {THANKS} --to all")
    await drafting.message("Draft saved", THANKS)
    own, others = await Watch.begin(cast.editor), await Watch.begin(cast.approver)
    await cast.editor.command("/scrm publish last")
    await own.message("Asked for approval")
    await others.message("Waiting for approval", THANKS, channel="#approvals")
    await cast.approver.click("Approve", channel="#approvals", containing=THANKS)
    return await others.message("Published", "as read back", channel="#approvals")


async def digest(cast: Cast) -> Json:
    watch = await Watch.begin(cast.editor)
    await cast.editor.command("/scrm digest preview")
    return await watch.message("digest", "impressions")


SCENES: tuple[tuple[str, Scene], ...] = (
    ("Ada connects SocialCRM", connect),
    ("Ada says who approves, and where", settings),
    ("Ed drafts a post", draft),
    ("Ed lets the assistant rewrite it and uses the answer", rewrite),
    ("Ed saves the draft", save),
    ("Ed asks for approval to schedule it", ask),
    ("Ana approves, and it is scheduled", approve),
    ("A second post is approved and published", publish),
    ("Ed reads today's digest", digest),
)


async def set_up(slack: RunningSlack, *, key: str) -> None:
    """Connect and set the rules, as the admin would, and leave a draft: a newcomer can try anything."""
    cast = _cast(slack, key)
    try:
        await connect(cast)
        await settings(cast)
        watch = await Watch.begin(cast.editor)
        await cast.editor.command(f"/scrm draft {WAITING} --to instagram,facebook")
        await watch.message("Draft saved")
    except TROUBLES as error:
        raise NotSetUpError(str(error)) from error


async def play(slack: RunningSlack, *, key: str, tell: Callable[[str], None]) -> int:
    """Play every scene and tell what came back. Returns 0, or 1 with the step that failed."""
    cast = _cast(slack, key)
    for number, (title, scene) in enumerate(SCENES, start=1):
        tell(f"{number}. {title}")
        try:
            came_back = await scene(cast)
        except TROUBLES as error:
            tell(f"   FAILED at step {number}, {title}:\n   {error}")
            return 1
        tell(f"   → {told(came_back, await cast.admin.state(), limit=160)}")
    tell(f"All {len(SCENES)} steps done.")
    return 0


def _cast(slack: RunningSlack, key: str) -> Cast:
    return Cast(slack.person("editor"), slack.person("approver"), slack.person("admin"), key)


def _text_in(form: Json) -> str:
    """What the form's field "Text" holds."""
    field = labels.best(labels.inputs(form["blocks"]), "Text")
    return str(field.element.get("initial_value", "")) if field else ""
