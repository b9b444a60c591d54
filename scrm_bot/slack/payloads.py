"""Typed readings of what Slack sends; everything else in the package sees only these."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Any

from scrm_bot.domain.grammar import mask_keys, parse
from scrm_bot.slack import events, fileobjects, holdings, marks, names, richtext, whose
from scrm_bot.slack.command import Caller, Click, Invocation, Shortcut, Submission, Suggestion
from scrm_bot.slack.readings import IGNORED, MOST_TEXT, Ignored, Reading, Received, Uninstalled

Json = Mapping[str, Any]


class UnreadableError(ValueError):
    """A payload that has not the shape Slack documents."""


class Kind(Enum):
    """What a delivery is about; one listener each."""

    COMMAND = auto()
    CLICK = auto()
    SUBMISSION = auto()
    CLOSED = auto()
    SHORTCUT = auto()
    SUGGESTION = auto()
    EVENT = auto()


_BY_TYPE = {
    "event_callback": Kind.EVENT,
    "block_actions": Kind.CLICK,
    "view_submission": Kind.SUBMISSION,
    "view_closed": Kind.CLOSED,
    "shortcut": Kind.SHORTCUT,
    "message_action": Kind.SHORTCUT,
    "block_suggestion": Kind.SUGGESTION,
}
_TS = re.compile(r"\d+\.\d+")


def kind_of(body: Json) -> Kind | None:
    """What this delivery is, or None for what the bot does not listen to."""
    if "command" in body and "type" not in body:
        return Kind.COMMAND
    kind = body.get("type")
    return _BY_TYPE.get(kind) if isinstance(kind, str) else None


def read(kind: Kind, body: Json) -> Received:
    """The typed reading of a verified body. Raises `UnreadableError`."""
    try:
        received = _READERS[kind](body)
        _check_names(received)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"not a {kind.name.lower()} as Slack documents it") from error
    return received


def _check_names(received: Received) -> None:
    match received:
        case Uninstalled():
            names.check_id(received.team_id)
        case Reading():
            names.check_caller(received.deed.caller)
        case Suggestion():
            names.check_caller(received.caller)
        case Ignored():
            pass


def _command(body: Json) -> Reading:
    text, leaked = mask_keys(body.get("text") or "")
    team_id, enterprise_id = whose.installed_team(body)
    caller = Caller(
        team_id=team_id,
        user_id=body["user_id"],
        channel=body.get("channel_id") or "",
        response_url=body.get("response_url") or "",
        trigger_id=body.get("trigger_id") or "",
        enterprise_id=enterprise_id,
    )
    call = Invocation(caller, parse(text[:MOST_TEXT]))
    return Reading(call, names.once("c", caller.trigger_id), leaked=leaked, cut=len(text) > MOST_TEXT)


def _click(body: Json) -> Received:
    action, view, container = body["actions"][0], body.get("view") or {}, body.get("container") or {}
    metadata = _metadata(view)
    state, blocks = holdings.all_of((view or body).get("state") or {})
    held = holdings.held(action)
    action_id = str(action["action_id"])
    if action.get("type") in holdings.VALUE_OF and action["type"] not in {"button", "overflow"}:
        state[action_id] = held
    state, leaked = holdings.without_keys(state)
    held = state.get(action_id, held)
    block_id, brand = marks.of_block(str(action.get("block_id") or ""))
    caller = _caller(body, metadata)
    click = Click(
        caller=caller if view else replace(caller, brand=brand),
        action_id=action_id,
        value="" if held is None or isinstance(held, list) else str(held),
        block_id=block_id,
        view_id=view.get("id") or container.get("view_id") or "",
        view_callback=view.get("callback_id") or "",
        root_view_id=view.get("root_view_id") or "",
        previous_view_id=view.get("previous_view_id") or "",
        state=state,
        blocks=blocks,
        metadata=metadata,
    )
    dedupe = names.once("a", body.get("trigger_id"), action.get("action_ts"), action_id)
    return Reading(click, dedupe, leaked=leaked)


def _submission(body: Json) -> Reading:
    view = body["view"]
    metadata = _metadata(view)
    typed, blocks = holdings.all_of(view.get("state") or {})
    state, leaked = holdings.without_keys(typed)
    submission = Submission(
        caller=_caller(body, metadata),
        callback_id=str(view["callback_id"]),
        view_id=str(view["id"]),
        root_view_id=view.get("root_view_id") or "",
        previous_view_id=view.get("previous_view_id") or "",
        state=state,
        blocks=blocks,
        metadata=metadata,
        inputs=tuple(str(each["block_id"]) for each in view.get("blocks") or () if each["type"] == "input"),
    )
    return Reading(submission, names.once("v", body.get("trigger_id"), view["id"]), leaked=leaked)


def _closed(_: Json) -> Ignored:
    return IGNORED


def _shortcut(body: Json) -> Reading:
    message = body.get("message") or {}
    rich = richtext.said(message.get("blocks") or ())
    text, leaked = mask_keys(message.get("text") or "" if rich is None else rich)
    files = fileobjects.of_message(message)
    shortcut = Shortcut(_caller(body, {}), str(body["callback_id"]), text, files, _permalink(body))
    return Reading(shortcut, names.once("s", body.get("trigger_id"), body.get("action_ts")), leaked=leaked)


def _permalink(body: Json) -> str:
    """The address of a shortcut's message, "" where the payload tells too little of it."""
    message = body.get("message") or {}
    domain, channel = (body.get("team") or {}).get("domain"), (body.get("channel") or {}).get("id")
    ts, thread = str(message.get("ts") or ""), str(message.get("thread_ts") or "")
    if not (domain and channel and _TS.fullmatch(ts)):
        return ""
    in_thread = f"?thread_ts={thread}&cid={channel}" if _TS.fullmatch(thread) and thread != ts else ""
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}{in_thread}"


def _suggestion(body: Json) -> Suggestion:
    metadata = _metadata(body.get("view") or {})
    caller = _caller(body, metadata)
    if not body.get("view"):
        caller = replace(caller, brand=marks.of_block(str(body.get("block_id") or ""))[1])
    return Suggestion(caller, str(body["action_id"]), str(body.get("value") or ""))


def _caller(body: Json, metadata: Json) -> Caller:
    """Who used a part of a message or view."""
    container, message = body.get("container") or {}, body.get("message") or {}
    team_id, enterprise_id = whose.installed_team(body)
    urls = body.get("response_urls") or [{}]
    kept = metadata.get("channel")
    return Caller(
        team_id=team_id,
        user_id=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id")
        or container.get("channel_id")
        or (kept if isinstance(kept, str) else ""),
        thread_ts=message.get("thread_ts") or container.get("thread_ts") or "",
        message_ts=message.get("ts") or body.get("message_ts") or container.get("message_ts") or "",
        response_url=body.get("response_url") or urls[0].get("response_url") or "",
        trigger_id=body.get("trigger_id") or "",
        enterprise_id=enterprise_id,
        brand=marks.of_view(metadata),
    )


def _metadata(view: Json) -> dict[str, Any]:
    """private_metadata as the JSON object it is in our own views, {} for anything else."""
    try:
        value = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


_READERS: dict[Kind, Callable[[Json], Received]] = {
    Kind.COMMAND: _command,
    Kind.CLICK: _click,
    Kind.SUBMISSION: _submission,
    Kind.CLOSED: _closed,
    Kind.SHORTCUT: _shortcut,
    Kind.SUGGESTION: _suggestion,
    Kind.EVENT: events.read,
}
