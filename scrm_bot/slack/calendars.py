"""The calendar, a day or a week at a time."""

from datetime import date

from scrm_bot.domain.calendar import Span
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts, calendar, workspaces
from scrm_bot.views import calendar as views

DAY, WEEK = 1, 7
_YEARS = range(2000, 3000)


async def begin(caller: Caller, workspace: Workspace, days: int, *, shared: bool = False) -> Reply:
    """From today on, as it is where the person is."""
    zone = await workspaces.zone_for(workspace, caller.user_id)
    found = await calendar.look(workspace, Span(calendar.today(workspace, zone), days, zone))
    shown = views.calendar(found, accounts=await accounts.known_or_none(workspace))
    return Reply(shown, shared=shared)


async def turn(caller: Caller, workspace: Workspace, place: str) -> Reply:
    """Where a button of the calendar leads, in its place; today's where that means nothing."""
    days, first, skip, key, further = (*place.split(":"), *[""] * 5)[:5]
    zone = await workspaces.zone_for(workspace, caller.user_id)
    span = Span(_date(first) or calendar.today(workspace, zone), DAY if days == str(DAY) else WEEK, zone)
    number = int(skip[:6]) if skip.isdecimal() else 0
    found = await calendar.look(workspace, span, skip=number, key=key, further=bool(further))
    shown = views.calendar(found, accounts=await accounts.known_or_none(workspace))
    return Reply(shown, replace=True)


def _date(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.year in _YEARS else None
