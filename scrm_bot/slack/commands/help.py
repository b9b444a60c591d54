"""/scrm help [VERB]"""

from scrm_bot.domain.grammar import nearest, plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import help as views


async def run(call: Invocation, _: Workspace) -> Answers:
    from scrm_bot.slack.commands import COMMANDS  # noqa: PLC0415  help is one of the commands it lists

    verbs = [known for known in COMMANDS if known.verb]
    by_name = {name: known for known in verbs for name in (known.verb, *known.aliases)}
    flags = call.line.flags
    if flags.get("unknown"):
        known = by_name.get(flags.get("nearest", ""))
        return Reply(views.unknown(flags["unknown"], known, verbs, words=plain(flags.get("words", ""))))
    asked = call.argument.strip().lower().removeprefix("/scrm").strip()
    if asked and asked not in by_name:
        return Reply(views.unknown(asked, by_name.get(nearest(asked, by_name) or ""), verbs))
    return Reply(views.one(by_name[asked]) if asked else views.overview(verbs))


command = Command(
    "help",
    "[VERB]",
    "What /scrm can do",
    run,
    examples=("/scrm help", "/scrm help draft"),
    instant=True,
    role=Role.NOBODY,
)
