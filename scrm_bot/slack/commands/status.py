"""/scrm status"""

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    PaymentRequiredError,
    ScrmError,
    UnauthorizedError,
    VaultError,
)
from scrm_bot.domain.limits import Limits
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import brands, repairing
from scrm_bot.views import problems, status
from scrm_bot.views.status import Standing

_OF_THE_KEY = (UnauthorizedError, ForbiddenScopeError, PaymentRequiredError, VaultError)


async def run(call: Invocation, workspace: Workspace) -> Answers:
    connection, settings = await workspace.vault.connection(), await workspace.settings.load()
    works, problem = None, ""
    if connection:
        try:
            await workspace.socialcrm.list_posts(limit=1)
            works = True
        except ScrmError as error:
            works = False if isinstance(error, _OF_THE_KEY) else None
            problem = problems.sentence(error, connected_by=connection.connected_by)
    limits = await _limits(workspace) if connection else None
    standing = Standing(connection, settings, works=works, problem=problem, limits=limits)
    by = call.caller.user_id
    admin, dead = await workspace.people.is_admin(by), await repairing.dead(workspace, by=by)
    listed = await brands.listed(workspace)
    told = status.status(standing, admin=admin, dead=dead, brands=listed)
    return Reply(told, shared=call.line.shared)


async def _limits(workspace: Workspace) -> Limits | None:
    """None where they cannot be read just now: status shows the rest."""
    try:
        return await workspace.limits.state()
    except ScrmError:
        return None


command = Command(
    "status",
    "",
    "Whether everything is set up and works",
    run,
    examples=("/scrm status", "/scrm status --share"),
    role=Role.VIEWER,
)
