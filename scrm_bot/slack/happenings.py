"""Events that no person's click or word is behind: a workflow's step, and links in a message."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.grammar import mask_keys
from scrm_bot.slack import names, whose
from scrm_bot.slack.command import Caller, LinksShared, StepRun
from scrm_bot.slack.readings import MOST_TEXT, Reading

Json = Mapping[str, Any]
_MOST_INPUTS = 20
_MOST_LINKS = 10
_WHO = "user"  # the input of every step that names the person behind it


def step(body: Json, event: Json) -> Reading:
    """A function_executed. Its token is not kept: nothing needs it."""
    given, leaked, is_cut = {}, False, False
    for name, value in list((event.get("inputs") or {}).items())[:_MOST_INPUTS]:
        if isinstance(value, str | int):
            text, spotted = mask_keys(str(value))
            given[str(name)] = text[:MOST_TEXT]
            leaked, is_cut = leaked or spotted, is_cut or len(text) > MOST_TEXT
    team_id, enterprise_id = whose.installed_team(body)
    caller = Caller(team_id, given.get(_WHO, ""), enterprise_id=enterprise_id)
    callback, run = str(event["function"]["callback_id"]), str(event["function_execution_id"])
    deed = StepRun(caller, callback, run, given)
    return Reading(deed, names.short(f"f:{run}"), leaked=leaked, cut=is_cut)


def links(body: Json, event: Json) -> LinksShared | None:
    """A link_shared; nothing for a channel that another company reads, too."""
    if body.get("is_ext_shared_channel"):
        return None
    found = dict.fromkeys(str(link["url"]) for link in event["links"][:_MOST_LINKS])
    team_id, enterprise_id = whose.installed_team(body)
    caller = Caller(
        team_id,
        event["user"],
        channel=event.get("channel") or "",
        thread_ts=event.get("thread_ts") or "",
        message_ts=event.get("message_ts") or "",
        enterprise_id=enterprise_id,
    )
    return LinksShared(caller, tuple(found), event.get("unfurl_id") or "", event.get("source") or "")
