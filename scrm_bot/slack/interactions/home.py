"""App Home, drawn anew each time somebody opens it."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import HomeOpened
from scrm_bot.slack.reply import Answers, PublishHome
from scrm_bot.usecases import accounts, approvals, bulk, workspaces
from scrm_bot.views.home import Desk, home
from scrm_bot.views.status import Standing

_WEEK = timedelta(days=7)
_PAGE = 50
Found = TypeVar("Found")


async def run(opened: HomeOpened, workspace: Workspace) -> Answers:
    by = opened.caller.user_id
    connection, settings = await workspace.vault.connection(), await workspace.settings.load()
    standing = Standing(connection, settings)
    if connection is None:
        return PublishHome(by, home(Desk(standing)))
    missing: list[str] = []
    posts = await _or_missing("posts", workspace.socialcrm.list_posts(limit=_PAGE), missing, otherwise=())
    limits = await _or_missing("requests and quota", workspace.limits.state(), missing, otherwise=None)
    waiting = await _or_missing("approvals", approvals.waiting(workspace, by=by), missing, otherwise=())
    desk = Desk(
        replace(standing, limits=limits),
        waiting=waiting,
        to_decide=await _or_missing("approvals", _to_decide(workspace, waiting, by), missing, otherwise=0),
        failed=[post for post in posts if post.status == "failed"],
        upcoming=_upcoming(posts, workspace),
        accounts=await accounts.known_or_none(workspace),
        zone=await _or_missing(
            "your time zone", workspaces.zone_for(workspace, by), missing, otherwise=settings.timezone
        ),
        admin=await _or_missing("who you are", workspace.people.is_admin(by), missing, otherwise=False),
        missing=missing,
    )
    return PublishHome(by, home(desk))


async def _to_decide(workspace: Workspace, waiting: Sequence[Approval], by: str) -> int:
    return len(await bulk.decidable(workspace, waiting, by=by))


def _upcoming(posts: Sequence[Post], workspace: Workspace) -> list[Post]:
    now = workspace.clock.now()
    soon = [post for post in posts if post.scheduled_at and now <= post.scheduled_at <= now + _WEEK]
    return sorted(soon, key=lambda post: post.scheduled_at or now)


async def _or_missing(name: str, asked: Awaitable[Found], missing: list[str], *, otherwise: Found) -> Found:
    """What was asked for; else its name goes among what could not be read, and Home shows the rest."""
    try:
        return await asked
    except ScrmError:
        missing.append(name)
        return otherwise
