"""Text of Slack's as its readers see it: people and groups by their names."""

import asyncio
import re
from collections.abc import Collection, Mapping
from contextlib import suppress

from scrm_bot.domain.errors import ScrmError, SlackRefusedError
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)>")
_WITHIN = 1.0  # of the three seconds in which a window can be opened
_MOST = 20
_UNSAFE = str.maketrans({"<": "", ">": "", "|": "", "&": "&amp;"})


async def as_seen(text: str, workspace: Workspace) -> str:
    """`plain`, with the names that Slack left out; what nobody tells in time stays an id."""
    people, groups = set(_PERSON.findall(text)), set(_GROUP.findall(text))
    names = await _names(workspace, sorted(people)[:_MOST], groups=bool(groups)) if people or groups else {}

    def named(match: re.Match[str]) -> str:
        name = names.get(match[1], "").translate(_UNSAFE).strip()
        return f"{match[0][:-1]}|@{name}>" if name else f"@{match[1]}"

    return plain(_GROUP.sub(named, _PERSON.sub(named, text)))


async def group_names(workspace: Workspace, groups: Collection[str]) -> Mapping[str, str]:
    """Names for a form with these groups; none where Slack refuses: the form is where one is taken out."""
    if groups:
        with suppress(SlackRefusedError):
            return await workspace.people.groups()
    return {}


async def _names(workspace: Workspace, people: list[str], *, groups: bool) -> Mapping[str, str]:
    found: dict[str, str] = {}

    async def of_person(user_id: str) -> None:
        found[user_id] = (await workspace.people.get(user_id)).name

    async def of_groups() -> None:
        found.update(await workspace.people.groups())

    asked = [*(of_person(user_id) for user_id in people), *([of_groups()] if groups else [])]
    try:
        async with asyncio.timeout(_WITHIN):
            told = await asyncio.gather(*asked, return_exceptions=True)
    except TimeoutError:
        return found
    for error in told:
        if isinstance(error, BaseException) and not isinstance(error, ScrmError):
            raise error
    return found
