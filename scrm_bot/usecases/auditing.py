"""Reading the audit log, and taking it along: for admins and approvers."""

from dataclasses import replace

from scrm_bot.domain.audit import Filter, Found
from scrm_bot.domain.errors import NotPermittedError, SlackRefusedError, UsageError, WhenError
from scrm_bot.domain.grammar import plain, user_id
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.when import read_duration
from scrm_bot.ports import Workspace
from scrm_bot.usecases import finding, roles
from scrm_bot.usecases.approvers import approvers_of

MOST = 1000
MOST_EXPORTED = 20_000  # about as many as are kept


async def read(workspace: Workspace, wanted: Filter, *, by: str, most: int = MOST) -> Found:
    """Raises `NotPermittedError` for everybody but admins and approvers."""
    await _check_reader(workspace, by)
    found = await workspace.audit.read(wanted, most=most + 1)
    return Found(tuple(found[:most]), more=len(found) > most)


async def export(
    workspace: Workspace, wanted: Filter, *, by: str, to: str = "", thread_ts: str = ""
) -> tuple[Found, SlackRefusedError | None]:
    """The log as a file for whoever asks, or into the channel `to`; and why there is none, if Slack refused.

    Raises `NotPermittedError` as `read` does.
    """
    found = await read(workspace, wanted, by=by, most=MOST_EXPORTED)
    if found.entries:
        try:
            await workspace.exports.audit_log(found, wanted, to=to or by, thread_ts=thread_ts)
        except SlackRefusedError as refusal:
            return found, refusal
    return found, None


async def read_filter(workspace: Workspace, typed: str, *, by: str) -> Filter:
    """`[POST|@user|7d]` in any order, each narrowing it down. Raises `UsageError`."""
    wanted = Filter()
    for word in typed.split():
        wanted = await _narrowed(workspace, wanted, word, by)
    return wanted


async def _narrowed(workspace: Workspace, wanted: Filter, word: str, by: str) -> Filter:
    if user := user_id(word):
        return replace(wanted, who=user)
    if word.startswith("@"):
        raise UsageError(f"“{plain(word)}” is nobody: pick the person from Slack's list.", verb="audit")
    try:
        return replace(wanted, since=workspace.clock.now() - read_duration(word))
    except WhenError:
        return replace(wanted, post_id=await finding.post_id(workspace, word, by=by))


async def _check_reader(workspace: Workspace, by: str) -> None:
    if await roles.is_admin(workspace, by):
        return
    settings = await workspace.settings.load()
    approvers = await approvers_of(workspace, Policy(settings.approvers, settings.approver_groups))
    person = await workspace.people.get(by)
    if by not in approvers or not person.is_member(workspace.team_id):
        raise NotPermittedError("an admin or an approver")
