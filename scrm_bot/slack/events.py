"""Events that Slack tells of, as typed readings: messages, the home tab, links, steps, goodbyes."""

from collections.abc import Callable, Mapping
from typing import Any

from scrm_bot.domain.grammar import mask_keys, parse
from scrm_bot.slack import fileobjects, happenings, names, spoken, whose
from scrm_bot.slack.command import Caller, HomeOpened, Invocation, KeySpotted
from scrm_bot.slack.readings import IGNORED, MOST_TEXT, Reading, Received, Uninstalled

Json = Mapping[str, Any]
_LATEST = 2**36  # seconds since 1970, far beyond anybody's clock


def read(body: Json) -> Received:
    """The typed reading of an event. Raises whatever a dict raises that lacks what Slack documents."""
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
    return Reading(HomeOpened(_caller(body, event)), names.short("e:" + body["event_id"]))


def _mention(body: Json, event: Json) -> Received:
    if event.get("bot_id"):
        return IGNORED  # bots that answer each other never stop
    return _spoken(body, event)


def _message(body: Json, event: Json) -> Received:
    if event.get("bot_id") or event.get("subtype") not in {None, "file_share", "thread_broadcast"}:
        return IGNORED
    _, leaked = mask_keys(str(event.get("text") or ""))
    if leaked:
        return Reading(KeySpotted(_caller(body, event)), names.short("e:" + body["event_id"]))
    return _direct(body, event)


def _direct(body: Json, event: Json) -> Received:
    """In a direct message nobody else can be meant, so no mention is needed."""
    is_empty = not (str(event.get("text") or "").strip() or event.get("files"))
    if event.get("channel_type") != "im" or event.get("edited") or event.get("hidden") or is_empty:
        return IGNORED
    return IGNORED if event.get("user") in spoken.bots(body) else _spoken(body, event)


def _spoken(body: Json, event: Json) -> Reading:
    """A line as it is typed after /scrm. Files alone are to be drafted."""
    text, leaked = mask_keys(str(event.get("text") or ""))
    said, files = spoken.line_of(text[:MOST_TEXT], spoken.bots(body)), fileobjects.of_message(event)
    line = parse(said or ("draft" if files else ""))
    call = Invocation(_caller(body, event), line, files)
    is_cut = len(text) > MOST_TEXT
    return Reading(call, names.short("e:" + body["event_id"]), leaked=leaked, cut=is_cut)


def _links(body: Json, event: Json) -> Received:
    shared = happenings.links(body, event)
    return Reading(shared, names.short("e:" + body["event_id"])) if shared else IGNORED


def _caller(body: Json, event: Json) -> Caller:
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


_EVENTS: dict[str, Callable[[Json, Json], Received]] = {
    "app_home_opened": _home,
    "app_mention": _mention,
    "message": _message,
    "function_executed": happenings.step,
    "link_shared": _links,
}
