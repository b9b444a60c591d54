"""Ideas, kept for the buttons beside them."""

from dataclasses import asdict

from scrm_bot.ports import Workspace
from scrm_bot.slack.reading import new_key
from scrm_bot.slack.reply import Reply
from scrm_bot.views import assist

COUNT = 5


async def ideas(workspace: Workspace, topic: str, *, shared: bool = False, replace: bool = False) -> Reply:
    found = tuple(await workspace.socialcrm.generate_ideas(topic, count=COUNT))
    key = new_key()
    await workspace.memory.keep(f"ideas:{key}", {"topic": topic, "ideas": [asdict(idea) for idea in found]})
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
