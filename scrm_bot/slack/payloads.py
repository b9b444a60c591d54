"""Typed readings of what Slack sends; everything else in the package sees only these."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from scrm_bot.domain.grammar import mask_keys, parse
from scrm_bot.slack import fileobjects, happenings, holdings, marks, names, richtext, spoken, whose
from scrm_bot.slack.command import (
    Caller,
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    Shortcut,
    Submission,
    Suggestion,
)

Json = Mapping[str, Any]
_MOST_TYPED = 8_000  # a slash command carries no more, and a message seldom does


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody did, ready to be recorded.

    `dedupe` is equal for every delivery of the same thing. `leaked` says that an API key was masked in it.
    """

    deed: Deed
    dedupe: str
    leaked: bool = False


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The bot was removed from a workspace, or its token revoked (docs: app_uninstalled, tokens_revoked)."""

    team_id: str
    at: int = 0  # seconds since 1970, 0 where Slack did not say


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do."""


Received = Reading | Suggestion | Uninstalled | Ignored
IGNORED = Ignored()

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
_LATEST = 2**36  # seconds since 1970, far beyond anybody's clock


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
    return Reading(Invocation(caller, parse(text)), names.once("c", caller.trigger_id), leaked=leaked)


def _click(body: Json) -> Received:
    action, view, container = body["actions"][0], body.get("view") or {}, body.get("container") or {}
    metadata = _metadata(view)
    state, blocks = holdings.all_of((view or body).get("state") or {})
    held = holdings.held(action)
    action_id = str(action["action_id"])
    if action.get("type") in holdings.VALUE_OF and action["type"] not in {"button", "overflow"}:
        state[action_id] = held
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
    return Reading(click, names.once("a", body.get("trigger_id"), action.get("action_ts"), action_id))


def _submission(body: Json) -> Reading:
    view = body["view"]
    metadata = _metadata(view)
    state, blocks = holdings.all_of(view.get("state") or {})
    submission = Submission(
        caller=_caller(body, metadata),
        callback_id=str(view["callback_id"]),
        view_id=str(view["id"]),
        root_view_id=view.get("root_view_id") or "",
        previous_view_id=view.get("previous_view_id") or "",
        state=state,
        blocks=blocks,
        metadata=metadata,
    )
    return Reading(submission, names.once("v", body.get("trigger_id"), view["id"]))


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


def _event(body: Json) -> Received:
    event = body["event"]
    kind = event["type"]
    if kind in {"app_uninstalled", "tokens_revoked"}:
        revoked = event.get("tokens")
        if kind == "tokens_revoked" and revoked and not revoked.get("bot"):
            return IGNORED  # a person's token, which the bot does not hold
        at = body.get("event_time")
        return Uninstalled(whose.removed_team(body), at if isinstance(at, int) and 0 < at < _LATEST else 0)
    reader = _EVENTS.get(kind)
    return reader(body, event) if reader else IGNORED


def _home(body: Json, event: Json) -> Received:
    if event.get("tab", "home") != "home":
        return IGNORED
    return Reading(HomeOpened(_event_caller(body, event)), names.short("e:" + body["event_id"]))


def _mention(body: Json, event: Json) -> Received:
    if event.get("bot_id"):
        return IGNORED  # bots that answer each other never stop
    return _spoken(body, event)


def _message(body: Json, event: Json) -> Received:
    if event.get("bot_id") or event.get("subtype") not in {None, "file_share", "thread_broadcast"}:
        return IGNORED
    _, leaked = mask_keys(str(event.get("text") or ""))
    if leaked:
        return Reading(KeySpotted(_event_caller(body, event)), names.short("e:" + body["event_id"]))
    return _direct(body, event)


def _direct(body: Json, event: Json) -> Received:
    """In a direct message nobody else can be meant, so no mention is needed."""
    is_empty = not (str(event.get("text") or "").strip() or event.get("files"))
    if event.get("channel_type") != "im" or event.get("edited") or event.get("hidden") or is_empty:
        return IGNORED
    return IGNORED if event.get("user") in spoken.bots(body) else _spoken(body, event)


def _spoken(body: Json, event: Json) -> Reading:
    """A line as it is typed after /scrm. Files alone are to be drafted."""
    text, leaked = mask_keys(str(event.get("text") or "")[:_MOST_TYPED])
    said, files = spoken.line_of(text, spoken.bots(body)), fileobjects.of_message(event)
    line = parse(said or ("draft" if files else ""))
    call = Invocation(_event_caller(body, event), line, files)
    return Reading(call, names.short("e:" + body["event_id"]), leaked=leaked)


def _step(body: Json, event: Json) -> Reading:
    run, leaked = happenings.step(body, event)
    return Reading(run, names.short(f"f:{run.execution_id}"), leaked=leaked)


def _links(body: Json, event: Json) -> Received:
    shared = happenings.links(body, event)
    return Reading(shared, names.short("e:" + body["event_id"])) if shared else IGNORED


def _event_caller(body: Json, event: Json) -> Caller:
    team_id, enterprise_id = whose.installed_team(body)
    ts = event.get("ts") or ""
    return Caller(
        team_id=team_id,
        user_id=event["user"],
        channel=event.get("channel") or "",
        thread_ts=event.get("thread_ts") or "",
        message_ts=ts,
        enterprise_id=enterprise_id,
    )


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
    Kind.EVENT: _event,
}
_EVENTS: dict[str, Callable[[Json, Json], Received]] = {
    "app_home_opened": _home,
    "app_mention": _mention,
    "message": _message,
    "function_executed": _step,
    "link_shared": _links,
}
