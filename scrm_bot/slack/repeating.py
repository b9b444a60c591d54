"""A deed written onto a button, to be done by whoever clicks it, with their own right to open a window."""

import json

from scrm_bot.domain.grammar import Line
from scrm_bot.slack import fileobjects
from scrm_bot.slack.command import Click, Deed, Invocation
from scrm_bot.slack.notices import AGAIN
from scrm_bot.views.blocks import MOST_VALUE, Block, actions, button


def again(deed: Deed) -> str:
    """What a button must carry to do this once more; "" where it cannot be done by a button."""
    match deed:
        case Invocation(line=line):
            files = [{"id": file.id, "name": file.name} for file in deed.files]  # where it is, Slack tells
            return _written(line, **({"files": files} if files else {}))
        case Click(view_id="", action_id=action_id, value=value):
            return json.dumps({"action_id": action_id, "value": value})
        case _:
            return ""


def once_more(click: Click) -> Invocation | Click | None:
    """The deed that a button made by `again` stands for, with this click's trigger_id."""
    try:
        kept = json.loads(click.value)
        if "verb" in kept:
            line = Line(kept["verb"], kept["argument"], kept["flags"])
            return Invocation(click.caller, line, fileobjects.kept(kept.get("files", ())))
        return Click(click.caller, kept["action_id"], kept["value"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def offer(label: str, line: Line, *, says: str = "") -> list[Block]:
    """A button that runs this line; none where a button cannot hold it."""
    value = _written(line)
    if len(value) > MOST_VALUE:
        return []
    return [actions(button(label, AGAIN, value, style="primary", says=says))]


def _written(line: Line, **more: object) -> str:
    return json.dumps({"verb": line.verb, "argument": line.argument, "flags": dict(line.flags), **more})
