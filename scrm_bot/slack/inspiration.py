"""Ideas, kept for the buttons beside them."""

from collections.abc import Sequence
from dataclasses import asdict

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.insights import Idea
from scrm_bot.ports import Workspace
from scrm_bot.slack.assistant import PASSING
from scrm_bot.slack.reading import new_key
from scrm_bot.slack.reply import Reply
from scrm_bot.views import answers, assist, problems

COUNT = 5


async def ideas(workspace: Workspace, topic: str, *, shared: bool = False, replace: bool = False) -> Reply:
    """Ideas on the topic; when the call fails, why, and the person's own topic, in private."""
    try:
        found = tuple(await workspace.socialcrm.generate_ideas(topic, count=COUNT))
    except ScrmError as error:
        again = await _again(workspace, error, topic)
        return Reply(answers.given_back(problems.explain(error, verb="ideas"), topic, again=again))
    key = await _kept(workspace, topic, found)
    return Reply(assist.ideas(found, topic=topic, key=key), shared=shared, replace=replace)


async def kept_idea(workspace: Workspace, value: str) -> str | None:
    """The text of `key:number`, or None when it is not kept any more."""
    key, _, number = value.partition(":")
    kept = await workspace.memory.recall(f"ideas:{key}")
    if kept is None or not number.isdecimal() or not 1 <= int(number) <= len(kept["ideas"]):
        return None
    idea = kept["ideas"][int(number) - 1]
    return str(idea["text"] or idea["title"])


async def again(workspace: Workspace, key: str) -> Reply | None:
    """Other ideas on the same topic in the place of these, None when the key stands for no ideas."""
    kept = await workspace.memory.recall(f"ideas:{key}")
    return await ideas(workspace, str(kept["topic"]), replace=True) if kept else None


async def _again(workspace: Workspace, error: ScrmError, topic: str) -> str:
    """The key for another try, where one may end better; "" elsewhere."""
    try:
        return await _kept(workspace, topic) if isinstance(error, PASSING) else ""
    except ScrmError:
        return ""


async def _kept(workspace: Workspace, topic: str, found: Sequence[Idea] = ()) -> str:
    key = new_key()
    await workspace.memory.keep(f"ideas:{key}", {"topic": topic, "ideas": [asdict(idea) for idea in found]})
    return key
