"""A draft that could not be saved as one line: handed back, and one click away from its window."""

from scrm_bot.domain.errors import NotConnectedError, ScrmError, UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts, fileobjects
from scrm_bot.slack.command import Click, Invocation
from scrm_bot.slack.reading import new_key
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.slack.seen import as_seen
from scrm_bot.usecases import accounts, choosing
from scrm_bot.views import answers, networks, problems
from scrm_bot.views.draft_window import DraftForm

MARK = "line"  # what the value of the button begins with


async def handed_back(call: Invocation, workspace: Workspace, error: ScrmError) -> Reply:
    """Why, the person's own words with their flags, and the way to mend them."""
    value = "" if isinstance(error, NotConnectedError) else await _kept(call, workspace, error)
    typed = await as_seen(call.line.given, workspace)
    return Reply(answers.given_back(problems.explain(error, verb="draft"), typed, as_draft=value))


async def reopened(click: Click, workspace: Workspace, key: str) -> Answers:
    """The window with all of it that was understood, and what was not to be mended in its field."""
    kept = await workspace.memory.recall(_name(key))
    if kept is None:
        return Reply(answers.expired_text())
    known = await accounts.known_or_none(workspace)
    form = DraftForm(
        text=str(kept["text"]),
        accounts=tuple(networks.named(choosing.understood(str(kept["to"]), known), known)),
        when=str(kept["at"]),
        note=str(kept["note"]),
        problem=str(kept["problem"]),
    )
    return await drafts.open_new(click.caller, workspace, form, files=fileobjects.kept(kept["files"]))


async def _kept(call: Invocation, workspace: Workspace, error: ScrmError) -> str:
    """The value of the button, "" where nothing can be kept just now."""
    key, flags = new_key(), call.line.flags
    kept = {
        "text": await as_seen(call.argument, workspace),
        **{name: plain(flags.get(name, "")) for name in ("to", "at", "note")},
        "problem": problems.sentence(error) if isinstance(error, UsageError) else "",
        "files": [fileobjects.plain(file) for file in call.files],
    }
    try:
        await workspace.memory.keep(_name(key), kept)
    except ScrmError:
        return ""
    return f"{MARK}:{key}"


def _name(key: str) -> str:
    return f"refused:{key}"
