"""Telling one of the admins something that no request's card can say."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, slackwords
from scrm_bot.usecases.stopping import admins_of

Say = Callable[[str], Awaitable[None]]


async def first_admin(workspace: Workspace, say: Say) -> datetime | None:
    """The first of them who can be told is; `/scrm status` says the same.

    Returns when to try again, where Slack has trouble of its own.
    """
    for user in dict.fromkeys(filter(None, await admins_of(workspace))):
        try:
            await say(user)
        except SlackRefusedError as refusal:
            if slackwords.passes(refusal):
                return workspace.clock.now() + cards.wait_after(refusal)
        else:
            break
    return None
