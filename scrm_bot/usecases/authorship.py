"""Who wrote a post: everybody who changed its text through the bot, and who did so last."""

from scrm_bot.ports import Workspace

_LIFE = 180 * 86_400


async def author_of(workspace: Workspace, post_id: str) -> str:
    """Who last changed the text through the bot, "" where nobody did."""
    kept = await workspace.memory.recall(_name(post_id))
    return str(kept["user"]) if kept else ""


async def writers_of(workspace: Workspace, post_id: str) -> tuple[str, ...]:
    """All who changed the text through the bot: none of them judges it as somebody else's."""
    kept = await workspace.memory.recall(_name(post_id))
    if kept is None:
        return ()
    return tuple(dict.fromkeys([*map(str, kept.get("users", ())), str(kept["user"])]))


async def add_writer(workspace: Workspace, post_id: str, by: str) -> None:
    """From here on the text is theirs, too."""
    users = dict.fromkeys([*await writers_of(workspace, post_id), by])
    await workspace.memory.keep(_name(post_id), {"user": by, "users": [*users]}, seconds=_LIFE)


def _name(post_id: str) -> str:
    return f"author:{post_id}"
