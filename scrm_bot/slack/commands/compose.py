"""/scrm compose [PROMPT] [--tone T]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant, reading
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.views import modals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    prompt, tone = plain(call.argument).strip(), plain(call.line.flags.get("tone", ""))
    if not prompt:
        return OpenModal(modals.compose(tone=tone, metadata=reading.metadata(channel=call.caller.channel)))
    about = reading.Subject(prompt)
    return await assistant.answer(workspace, "compose", about, tone=tone, shared=call.line.shared)


command = Command(
    "compose",
    "[PROMPT] [--tone T]",
    "Let the assistant write a post",
    run,
    examples=(
        "/scrm compose our spring sale starts on Friday",
        "/scrm compose new opening hours --tone concise",
    ),
    role=Role.EDITOR,
)
