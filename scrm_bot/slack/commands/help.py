"""/scrm help [VERB]"""

from collections.abc import Mapping, Sequence

from scrm_bot.domain.grammar import Line, plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import repeating, synonyms
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import help as views
from scrm_bot.views.blocks import Message

_OURS = frozenset({"unknown", "nearest", "words"})  # the router's


async def run(call: Invocation, _: Workspace) -> Answers:
    from scrm_bot.slack.commands import COMMANDS  # noqa: PLC0415  help is one of the commands it lists

    verbs = [known for known in COMMANDS if known.verb]
    by_name = {name: known for known in verbs for name in (known.verb, *known.aliases)}
    if call.line.flags.get("unknown"):
        return Reply(_unknown(call.line, by_name, verbs))
    asked = plain(call.argument).strip().lower().removeprefix("/scrm").strip()
    if asked and asked not in by_name:
        guess = synonyms.meant(asked, by_name) or ""
        known = by_name.get(guess.partition(" ")[0])
        return Reply(views.unknown(asked, known, verbs, missing=synonyms.missing(asked)))
    return Reply(views.one(by_name[asked]) if asked else views.overview(verbs))


def _unknown(line: Line, by_name: Mapping[str, Command], verbs: Sequence[Command]) -> Message:
    """The words as they were typed, and a button that says them with the verb that was meant."""
    unknown, words = plain(line.flags["unknown"]), line.flags.get("words", "")
    verb, _, more = line.flags.get("nearest", "").partition(" ")
    known, rest = by_name.get(verb), " ".join(words.split(maxsplit=1)[1:])
    argument = f"{more} {rest}".strip()
    flags = {name: value for name, value in line.flags.items() if name not in _OURS}
    button = f"Run /scrm {verb} {more}".rstrip()
    offered = repeating.offer(button, Line(verb, argument, flags)) if known and (rest or more) else []
    return views.unknown(
        unknown,
        known,
        verbs,
        words=plain(words),
        rest=plain(rest),
        instead=plain(" ".join([f"/scrm {verb}", *([argument] if argument else []), *_typed(flags)])),
        offered=offered,
        missing=synonyms.missing(unknown),
    )


def _typed(flags: Mapping[str, str]) -> list[str]:
    return [f"--{name} {value}".rstrip() for name, value in flags.items()]


command = Command(
    "help",
    "[VERB]",
    "What /scrm can do",
    run,
    examples=("/scrm help", "/scrm help draft"),
    instant=True,
    role=Role.NOBODY,
)
