"""Lines of the audit log about what is no step of a request: posts, keys, rules, and calls."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from scrm_bot.domain import audit
from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.audit import Deed, Entry
from scrm_bot.domain.errors import (
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMError,
    SocialCRMUnreachableError,
)
from scrm_bot.domain.posts import Post, content_of
from scrm_bot.domain.rules import RULES
from scrm_bot.domain.team import Team
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace


async def note(
    workspace: Workspace,
    what: Deed,
    *,
    by: str,
    post_id: str = "",
    before: str = "",
    after: str = "",
    detail: str = "",
) -> None:
    """Something that was done to the workspace itself, or to a post whose text nobody knows any more."""
    entry = Entry(
        workspace.clock.now(),
        by,
        what,
        post_id,
        before=audit.words(before),
        after=audit.words(after),
        detail=audit.words(detail),
    )
    await workspace.audit.append(entry)


async def note_post(
    workspace: Workspace, what: Deed, post: Post, *, by: str, before: Post | None = None
) -> None:
    """Something that was done to a post: its versions are told by their hashes."""
    content_hash = content_of(post, at=post.scheduled_at).hash
    old = audit.short(content_of(before, at=before.scheduled_at).hash) if before else ""
    entry = Entry(
        workspace.clock.now(),
        by,
        what,
        post.id,
        content_hash=content_hash,
        before=old,
        after=audit.short(content_hash),
    )
    await workspace.audit.append(entry)


async def note_call(workspace: Workspace, approval: Approval, error: ScrmError | None = None) -> None:
    """A call to SocialCRM that was made for a request, and what its answer was."""
    entry = Entry(
        workspace.clock.now(),
        "",
        Deed.CALLED,
        approval.post_id,
        approval.id,
        approval.content.hash,
        after=approval.state,
        result=_result(error),
        detail=approval.action,
    )
    await workspace.audit.append(entry)


def changed_rules(before: WorkspaceSettings, after: WorkspaceSettings) -> tuple[str, str, str]:
    """The names of the rules that differ, their values before, and after."""
    old, new = asdict(before), asdict(after)
    names = [name for name in RULES if new[name] != old[name]]
    return ", ".join(names), _values(old, names), _values(new, names)


def roles_told(team: Team) -> str:
    """Who has which role, in one line."""
    lists = (("admins", team.admins), ("editors", team.editors), ("viewers", team.viewers))
    given = [f"{name}={' '.join((*held.people, *held.groups)) or 'none'}" for name, held in lists]
    return "; ".join([*given, f"everyone={team.everyone}"])


def _values(rules: Mapping[str, object], names: Iterable[str]) -> str:
    return "; ".join(f"{name}={_value(rules[name])}" for name in names)


def _value(value: object) -> str:
    return " ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def _result(error: ScrmError | None) -> str:
    match error:
        case None:
            return "accepted"
        case SocialCRMAmbiguousError():
            return "answer lost"
        case SocialCRMUnreachableError():
            return "not sent"
        case SocialCRMError() if error.code:
            return f"refused: {error.code}"
        case _:
            return f"refused: {type(error).__name__.removesuffix('Error')}"
