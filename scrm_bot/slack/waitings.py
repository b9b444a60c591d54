"""The list of requests that wait, a page at a time."""

from scrm_bot.domain.approvals import State
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts, bulk, queueing, sights
from scrm_bot.views import approval_lists
from scrm_bot.views.approval_lists import PAGE, Waiting


async def page(
    caller: Caller,
    workspace: Workspace,
    *,
    everyone: bool,
    start: int = 1,
    shared: bool = False,
    replace: bool = False,
) -> Reply:
    """The page that begins with this number. What somebody sees here in full they may approve by command.

    Decisions are offered to those who may take them: one that is `shared` is read by more than who asked.
    """
    by = caller.user_id
    waiting = await queueing.listed_before(workspace, by=by, everyone=everyone) if start > 1 else None
    if waiting is None:
        waiting = await queueing.listed(workspace, by=by, everyone=everyone)
    known = await accounts.known_or_none(workspace)
    shown = waiting[start - 1 : start - 1 + PAGE]
    seen = [each for each in shown if approval_lists.is_whole_in_row(each, accounts=known)]
    await sights.note(workspace, [each for each in seen if each.state is State.PENDING], by=by)
    decides = await bulk.decidable(workspace, waiting, by=by)
    listing = approval_lists.listing(
        Waiting(
            shown,
            start,
            len(waiting),
            all=everyone,
            decides=None if shared else {each.id for each in decides},
            withdraws={each.id for each in await bulk.steerable(workspace, shown, by=by)},
        ),
        accounts=known,
        paused=(await workspace.settings.load()).pause,
        several=len(decides) > 1,
    )
    return Reply(listing, shared=shared, replace=replace)
