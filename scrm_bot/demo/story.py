"""The main job, played by people at the page: over real HTTP, step by step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.screen import NotSeenError, RefusedError
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.wire import Json

LAUNCH = "Launch day is here. Our new espresso blend is roasted, packed and on its way to you"
THANKS = "A big thank you to everyone who came to the tasting yesterday!"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    editor: Person
    approver: Person
    admin: Person
    key: str


Scene = Callable[[Cast], Awaitable[str]]


async def connect(cast: Cast) -> str:
    await cast.admin.command("/scrm connect")
    await cast.admin.fill({"API key": cast.key})
    await cast.admin.submit()
    told = await cast.admin.wait_for_modal(containing="connected")
    await cast.admin.close(clear=True)
    return _words(told)


async def settings(cast: Cast) -> str:
    await cast.admin.command("/scrm settings")
    await cast.admin.fill(
        {"Approvals channel": "approvals", "Approvers": [cast.approver.id], "Time zone": "Europe/Berlin"}
    )
    await cast.admin.submit()
    return _words(await cast.admin.wait_for_message("saved"))


async def draft(cast: Cast) -> str:
    await cast.editor.command("/scrm draft")
    await cast.editor.fill({"Text": LAUNCH, "Accounts": ["Instagram"]})
    return _words(await cast.editor.wait_for_modal())


async def rewrite(cast: Cast) -> str:
    await cast.editor.click("Rewrite")
    answer = await cast.editor.wait_for_modal(containing=LAUNCH[:40])
    await cast.editor.submit()
    await cast.editor.wait_for_modal("New social post")
    return _words(answer)


async def save(cast: Cast) -> str:
    await cast.editor.submit()
    told = await cast.editor.wait_for_message("draft", channel="#social")
    if await cast.editor.modal():
        await cast.editor.close(clear=True)
    return _words(told)


async def ask(cast: Cast) -> str:
    await cast.editor.command("/scrm schedule last tomorrow 09:00")
    return _words(await cast.approver.wait_for_message("Approve", channel="#approvals"))


async def approve(cast: Cast) -> str:
    await cast.approver.click("Approve", channel="#approvals")
    return _words(await cast.approver.wait_for_message("Scheduled", channel="#approvals"))


async def publish(cast: Cast) -> str:
    await cast.editor.command(f"/scrm draft {THANKS} --to all")
    await cast.editor.wait_for_message(THANKS[:30], channel="#social")
    await cast.editor.command("/scrm publish last")
    await cast.approver.click("Approve", channel="#approvals", containing=THANKS[:30])
    return _words(await cast.approver.wait_for_message("Published", channel="#approvals"))


async def digest(cast: Cast) -> str:
    await cast.editor.command("/scrm digest preview")
    return _words(await cast.editor.wait_for_message("Daily digest", channel="#social"))


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


def _cast(slack: RunningSlack, key: str) -> Cast:
    return Cast(slack.person("editor"), slack.person("approver"), slack.person("admin"), key)


async def set_up(slack: RunningSlack, *, key: str) -> None:
    """Connect and set the rules, as the admin would, so that a newcomer can start drafting."""
    cast = _cast(slack, key)
    await connect(cast)
    await settings(cast)


async def play(slack: RunningSlack, *, key: str, tell: Callable[[str], None]) -> int:
    """Play every scene and tell what came back. Returns 0, or 1 with the step that failed."""
    cast = _cast(slack, key)
    for number, (title, scene) in enumerate(SCENES, start=1):
        tell(f"{number}. {title}")
        try:
            came_back = await scene(cast)
        except (NotSeenError, RefusedError, LookupError, aiohttp.ClientError) as error:
            tell(f"   FAILED at step {number}, {title}:\n   {error}")
            return 1
        tell(f"   → {came_back}")
    tell(f"All {len(SCENES)} steps done.")
    return 0


def _words(seen: Json) -> str:
    """The first words of what a person saw, on one line."""
    return labels.clip(labels.said(seen), limit=160)
