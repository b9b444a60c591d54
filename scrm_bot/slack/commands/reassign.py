"""/scrm reassign POST @user"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import plain, user_id
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal, Reply
from scrm_bot.usecases import queueing, reassigning
from scrm_bot.views import answers, request_windows


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    word, *rest = call.argument.split(maxsplit=1) or [""]
    if not word:
        return await picking.ask(call, workspace, requested=True)
    request = await queueing.meant(workspace, word, by=by)
    if not rest:
        await reassigning.check_reassignable(workspace, request, by=by)
        told = metadata(approval=request.id, channel=call.caller.channel)
        return OpenModal(request_windows.reassign(request, metadata=told))
    to = user_id(rest[0].strip())
    if to is None:
        raise UsageError(
            f"Whom is “{plain(rest[0]).strip()}”? Name one person, such as `@ana`.", field="person"
        )
    handed = await reassigning.reassign(workspace, request.id, to=to, by=by)
    return Reply(answers.handed_over(handed, to), shared=call.line.shared)


command = Command(
    "reassign",
    "POST @user",
    "Let somebody else decide",
    run,
    examples=("/scrm reassign 2 @ana", "/scrm reassign post_123 @ana"),
    role=Role.NOBODY,
)
