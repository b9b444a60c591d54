"""The calendar's buttons: other days, more of them, and a longer look."""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import calendars
from scrm_bot.slack.command import Button, Click
from scrm_bot.slack.reply import Answers
from scrm_bot.views.ids import Action


async def turn(click: Click, workspace: Workspace) -> Answers:
    return await calendars.turn(click.caller, workspace, click.value)


BUTTONS = (Button(Action.CALENDAR, turn, role=Role.VIEWER),)
