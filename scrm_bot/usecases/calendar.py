"""Reading the calendar: a bounded look at the posts, and everything the bot itself has a time for."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.calendar import (
    AROUND,
    SHOWN,
    Calendar,
    Entry,
    Span,
    Stand,
    marks,
    of_post,
    of_request,
)
from scrm_bot.domain.lists import WINDOW
from scrm_bot.ports import Workspace

_CALL = 50  # as many posts as SocialCRM gives at once
_MOST_KEPT = 500
_KEPT_SECONDS = 3600
_SURE = frozenset({Stand.SCHEDULED, Stand.PUBLISHING, Stand.PUBLISHED})
_ASKED = frozenset({Stand.WAITING, Stand.HELD, Stand.APPROVED})


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found in and around a span among the newest `looked` posts."""

    entries: tuple[Entry, ...] = ()
    looked: int = 0
    is_all: bool = False
    untimed: int = 0


def today(workspace: Workspace, zone: str) -> date:
    return workspace.clock.now().astimezone(ZoneInfo(zone)).date()


async def look(
    workspace: Workspace, span: Span, *, skip: int = 0, key: str = "", further: bool = False
) -> Calendar:
    """A page of the span. `key` is an earlier look, which `further` carries on where it ended."""
    kept = await _kept(workspace, key) if key else None
    if kept is None or further:
        kept = await _looked(workspace, span, kept or _Look())
        key = f"k_{secrets.token_hex(8)}"
        await workspace.memory.keep(_name(key), _written(kept), seconds=_KEPT_SECONDS)
    inside = sorted((each for each in kept.entries if span.holds(each.at)), key=lambda each: each.at)
    return Calendar(
        span,
        today(workspace, span.zone),
        tuple(inside[skip : skip + SHOWN]),
        marks(kept.entries),
        len(inside),
        skip,
        kept.looked,
        kept.is_all,
        kept.untimed,
        key,
    )


async def _looked(workspace: Workspace, span: Span, before: _Look) -> _Look:
    """One more window of posts. What the bot scheduled or was asked for is known wherever its post is."""
    requests = await workspace.approvals.open()
    asked = _by_post(requests)
    untimed = sum(request.is_open and request.content.at is None for request in requests)
    earlier = {each.post_id: each for each in before.entries if each.stand not in _ASKED}
    posts = earlier if before.looked else _by_post(await workspace.approvals.scheduled())
    looked, is_all = 0, before.is_all
    while looked < WINDOW and not is_all:
        told = await workspace.socialcrm.list_posts(limit=_CALL, offset=before.looked + looked)
        for post in told:
            posts.pop(post.id, None)  # what SocialCRM says now, counts
            entry = of_post(post)
            if entry and span.holds(entry.at, around=AROUND):
                posts[post.id] = entry
        looked, is_all = looked + len(told), len(told) < _CALL
    sure = {post_id for post_id, entry in posts.items() if entry.stand in _SURE}
    merged = {**posts, **{post_id: entry for post_id, entry in asked.items() if post_id not in sure}}
    return _Look(_nearest(merged.values(), span), before.looked + looked, is_all, untimed)


def _by_post(requests: Iterable[Approval]) -> dict[str, Entry]:
    return {entry.post_id: entry for entry in map(of_request, requests) if entry}


def _nearest(entries: Iterable[Entry], span: Span) -> tuple[Entry, ...]:
    """Those of the span first, then those around it: never more than can be kept."""

    def distance(entry: Entry) -> tuple[timedelta, datetime]:
        outside = max(span.begins - entry.at, entry.at - span.ends, timedelta())
        return outside, entry.at

    near = [entry for entry in entries if span.holds(entry.at, around=AROUND)]
    return tuple(sorted(near, key=distance)[:_MOST_KEPT])


def _written(found: _Look) -> dict[str, Any]:
    entries = [asdict(entry) | {"at": entry.at.isoformat()} for entry in found.entries]
    return asdict(found) | {"entries": entries}


async def _kept(workspace: Workspace, key: str) -> _Look | None:
    kept = await workspace.memory.recall(_name(key))
    if kept is None:
        return None
    entries = tuple(_entry(each) for each in kept["entries"])
    return _Look(entries, int(kept["looked"]), bool(kept["is_all"]), int(kept["untimed"]))


def _entry(kept: Mapping[str, Any]) -> Entry:
    return Entry(
        kept["post_id"],
        datetime.fromisoformat(kept["at"]),
        Stand(kept["stand"]),
        kept["text"],
        kept["words"],
        tuple(kept["account_ids"]),
        bool(kept.get("accounts_told", True)),
    )


def _name(key: str) -> str:
    return f"calendar:{key}"
