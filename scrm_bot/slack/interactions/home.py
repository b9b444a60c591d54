"""App Home: drawn when somebody opens it, and again while it may be open."""

import logging
from collections.abc import Awaitable, Callable

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import HomeOpened
from scrm_bot.slack.reply import Answers, PublishHome
from scrm_bot.usecases import homes, live, roles
from scrm_bot.usecases.homes import Facts
from scrm_bot.views.blocks import View
from scrm_bot.views.home import Desk, closed, home, unsure, welcome
from scrm_bot.views.status import Standing

log = logging.getLogger(__name__)

Publish = Callable[[str, View], Awaitable[None]]


async def run(opened: HomeOpened, workspace: Workspace) -> Answers:
    by = opened.caller.user_id
    await live.opened(workspace, by)
    try:
        role = await roles.role_of(workspace, by)
    except ScrmError as error:
        log.warning("a Home stays shut: %s", type(error).__name__)
        return PublishHome(by, unsure())  # who it is decides what they may see
    return PublishHome(by, await _drawn(workspace, by, role, await _facts(workspace)))


async def refresh(workspace: Workspace, publish: Publish) -> None:
    """The job behind live Home: what all see is read once, and nobody's trouble keeps it from the others."""
    people = await live.viewers(workspace)
    facts = await _facts(workspace) if people else None
    for person in people:
        try:
            role = await roles.role_of(workspace, person)
            await publish(person, await _drawn(workspace, person, role, facts))
        except ScrmError as error:
            log.info("one Home stays as it was: %s", type(error).__name__)


async def _facts(workspace: Workspace) -> Facts | None:
    """None for a workspace without a key."""
    return await homes.look(workspace) if await workspace.vault.connection() else None


async def _drawn(workspace: Workspace, by: str, role: Role, facts: Facts | None) -> View:
    if role is Role.NOBODY:
        return closed()
    connection, settings = await workspace.vault.connection(), await workspace.settings.load()
    if connection is None or facts is None:
        return welcome(admin=role is Role.ADMIN)
    own = await homes.own(workspace, by, facts)
    standing = Standing(connection, settings, limits=facts.limits)
    return home(
        Desk(
            standing,
            waiting=own.waiting,
            failed=facts.failed,
            upcoming=facts.upcoming,
            accounts=facts.accounts,
            zone=own.zone,
            admin=own.admin,
            missing=tuple(dict.fromkeys((*facts.missing, *own.missing))),
            to_decide=own.to_decide,
            withdrawable=own.withdrawable,
            blocked=facts.blocked,
            numbers=facts.numbers,
            new=own.new,
            looked=facts.looked,
        )
    )
