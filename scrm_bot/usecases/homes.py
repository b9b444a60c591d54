"""What App Home tells: the same for everybody of a workspace, and each person's own."""

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from scrm_bot.domain import traces
from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.insights import Account, Metrics, summed
from scrm_bot.domain.limits import Limits
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import accounts, approvals, bulk, live, roles, workspaces

_WEEK = timedelta(days=7)
_PAGE = 50
_NUMBERS = "home:numbers"
_NUMBERS_SECONDS = 60
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Facts:
    """What everybody of a workspace sees. `missing` names what could not be read just now.

    `looked` is how many of the newest posts were looked at, 0 where those were all.
    """

    failed: Sequence[Post] = ()
    blocked: Sequence[Approval] = ()
    upcoming: Sequence[Post] = ()
    numbers: Metrics | None = None
    accounts: Sequence[Account] = ()
    limits: Limits | None = None
    missing: Sequence[str] = ()
    looked: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """What one person sees besides. `to_decide` of the requests wait for their own word.

    `withdrawable` are the ids of those that they may withdraw.
    """

    waiting: Sequence[Approval] = ()
    to_decide: int = 0
    withdrawable: frozenset[str] = frozenset()
    zone: str = "UTC"
    admin: bool = False
    new: bool = False
    missing: Sequence[str] = ()


class _Sources:
    """Asks, and remembers what did not answer."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    async def ask(self, name: str, asked: Awaitable[Found], otherwise: Found) -> Found:
        try:
            return await asked
        except ScrmError:
            self.missing.append(name)
            return otherwise


async def look(workspace: Workspace) -> Facts:
    """Read it once, for however many will see it."""
    sources = _Sources()
    posts = await sources.ask("posts", workspace.socialcrm.list_posts(limit=_PAGE), ())
    requests = await sources.ask("approvals", workspace.approvals.open(), ())
    scheduled = await sources.ask("scheduled posts", workspace.approvals.scheduled(), ())
    return Facts(
        failed=[post for post in posts if traces.word(post) == "failed"],
        blocked=[request for request in requests if _is_blocked(request)],
        upcoming=_upcoming(workspace, posts, scheduled),
        numbers=await sources.ask("numbers", _numbers(workspace), None),
        accounts=await accounts.known_or_none(workspace),
        limits=await sources.ask("requests and quota", workspace.limits.state(), None),
        missing=tuple(sources.missing),
        looked=len(posts) if len(posts) >= _PAGE else 0,
    )


async def own(workspace: Workspace, by: str, facts: Facts) -> Own:
    """What waits for this person, the requests for their word first. What is blocked is shown once."""
    sources = _Sources()
    home_zone = (await workspace.settings.load()).timezone
    blocked = {request.id for request in facts.blocked}
    every = await sources.ask("approvals", approvals.waiting(workspace, by=by), ())
    waiting = [request for request in every if request.id not in blocked]
    decide = await sources.ask("approvals", _decidable(workspace, waiting, by), _of_others(waiting, by))
    others = [request for request in waiting if request not in decide]
    steered = await sources.ask("approvals", _steerable(workspace, others, by), _of(others, by))
    return Own(
        waiting=[*decide, *others],
        to_decide=len(decide),
        withdrawable=frozenset(request.id for request in steered),
        zone=await sources.ask("your time zone", workspaces.zone_for(workspace, by), home_zone),
        admin=await sources.ask("who you are", roles.is_admin(workspace, by), otherwise=False),
        new=await live.is_new(workspace, by),
        missing=tuple(dict.fromkeys(sources.missing)),
    )


async def _decidable(workspace: Workspace, waiting: Sequence[Approval], by: str) -> Sequence[Approval]:
    return await bulk.decidable(workspace, waiting, by=by)


async def _steerable(workspace: Workspace, others: Sequence[Approval], by: str) -> Sequence[Approval]:
    return await bulk.steerable(workspace, others, by=by)


def _of_others(waiting: Sequence[Approval], by: str) -> Sequence[Approval]:
    """Those that wait for this person as far as is known without Slack, which alone tells who is a guest."""
    theirs = (request for request in waiting if by not in {request.author, request.requested_by})
    return [each for each in theirs if each.state is State.PENDING and by not in each.approved_by]


def _of(waiting: Sequence[Approval], by: str) -> Sequence[Approval]:
    return [request for request in waiting if by in {request.author, request.requested_by}]


def _is_blocked(request: Approval) -> bool:
    """It goes nowhere until somebody does something about it."""
    return request.state is State.ON_HOLD or request.needs_person


def _upcoming(workspace: Workspace, posts: Iterable[Post], scheduled: Iterable[Approval]) -> list[Post]:
    """The next seven days: what SocialCRM listed, and what the bot handed over before that."""
    now = workspace.clock.now()
    known = {request.post_id: _handed_over(request) for request in scheduled}
    known |= {post.id: post for post in posts}
    soon = [post for post in known.values() if post.scheduled_at and now <= post.scheduled_at <= now + _WEEK]
    return sorted(soon, key=lambda post: post.scheduled_at or now)


def _handed_over(request: Approval) -> Post:
    content = request.content
    return Post(
        request.post_id,
        "scheduled",
        content.body,
        content.account_ids,
        content.media_ids,
        content.at,
        accounts_told=content.accounts_told,
    )


async def _numbers(workspace: Workspace) -> Metrics | None:
    """All accounts together, at most a minute old."""
    kept = await workspace.memory.recall(_NUMBERS)
    if kept is None:
        found = summed(await workspace.socialcrm.get_account_analytics())
        kept = {"values": [list(pair) for pair in found.values] if found else []}
        await workspace.memory.keep(_NUMBERS, kept, seconds=_NUMBERS_SECONDS)
    values = tuple((str(name), float(value)) for name, value in kept["values"])
    return Metrics(values) if values else None
