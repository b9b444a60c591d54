"""/scrm brands [#channel NAME|none] [default NAME] [rename NAME NEW] [remove NAME]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import channel_id, plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import brands
from scrm_bot.views import brands as views
from scrm_bot.views.blocks import Message


async def run(call: Invocation, workspace: Workspace) -> Answers:
    words, by = call.argument.split(), call.caller.user_id
    told = await _changed(workspace, words, by=by) if words else views.brands(await brands.listed(workspace))
    return Reply(told, shared=call.line.shared)


async def _changed(workspace: Workspace, words: list[str], *, by: str) -> Message:
    channel = channel_id(words[0])
    match [words[0].casefold(), *map(plain, words[1:])]:
        case ["default", name]:
            return views.made_default(await brands.set_default(workspace, name, by=by))
        case ["rename", name, new]:
            return views.renamed(await brands.rename(workspace, name, new, by=by), name)
        case ["remove", name]:
            return views.removed(await brands.remove(workspace, name, by=by))
        case [_, name] if channel:
            return views.mapped(channel, await brands.map_channel(workspace, channel, name, by=by))
        case _:
            raise UsageError(
                "Say `#channel NAME`, `#channel none`, `default NAME`, `rename NAME NEW` or `remove NAME`.",
                verb="brands",
            )


command = Command(
    "brands",
    "[#channel NAME|default NAME|rename NAME NEW|remove NAME]",
    "Several SocialCRM keys in one workspace; `--brand NAME` works on any verb",
    run,
    examples=("/scrm brands", "/scrm brands #acme-social Acme", "/scrm brands default Acme"),
    role=Role.VIEWER,
)
