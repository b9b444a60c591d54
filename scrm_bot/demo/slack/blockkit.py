"""Slack's rules for Block Kit, checked on plain dicts."""

from collections.abc import Sequence

from scrm_bot.demo.slack.blockkit_blocks import BLOCKS, ON
from scrm_bot.demo.slack.blockkit_objects import plain, suggestions
from scrm_bot.demo.slack.blockkit_schema import (
    Check,
    Problem,
    Problems,
    Surface,
    Walk,
    boolean,
    choice,
    kinds,
    listing,
    record,
    string,
)
from scrm_bot.demo.slack.wire import Block, Json, as_list, as_object

MOST = {"message": 50, "modal": 100, "home": 100}


def problems(content: Sequence[Block] | Json, surface: Surface) -> list[Problem]:
    """Everything Slack would refuse: in a message's blocks, or in a whole view."""
    walk = Walk(surface)
    if surface == "message":
        return list(_blocks(content, "/blocks", walk))
    return list(_view(content, walk))


def option_problems(answer: Json) -> list[Problem]:
    """What is wrong with the options a bot answered to block_suggestion."""
    given = [name for name in suggestions if name in answer]
    if len(given) != 1:
        return [Problem("", "must define either `options` or `option_groups`")]
    return list(record(optional=suggestions, typed=False)(answer, "", Walk("modal")))


def _one_block(value: object, at: str, walk: Walk) -> Problems:
    """A block of a type that may stand here, with an id nobody else has."""
    walk.action_ids = set()
    yield from kinds(BLOCKS, allowed=ON[walk.surface])(value, at, walk)
    block_id = as_object(value).get("block_id")
    if isinstance(block_id, str):
        if block_id in walk.block_ids:
            yield Problem(f"{at}/block_id", f'`block_id` "{block_id}" already exists for another block')
        walk.block_ids.add(block_id)


def _blocks(value: object, at: str, walk: Walk) -> Problems:
    yield from listing(_one_block, least=0, most=MOST[walk.surface])(value, at, walk)


_common: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_modal = record(
    {"type": choice("modal"), "title": plain(24), "blocks": _blocks},
    {
        **_common,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_home = record({"type": choice("home"), "blocks": _blocks}, _common)


def _view(content: object, walk: Walk) -> Problems:
    view = as_object(content)
    if walk.surface == "home":
        yield from _home(content, "/view", walk)
        return
    yield from _modal(content, "/view", walk)
    has_input = any(as_object(block).get("type") == "input" for block in as_list(view.get("blocks")))
    if has_input and not view.get("submit"):
        yield Problem("/view", "must define `submit` to use an `input` block in modals")
