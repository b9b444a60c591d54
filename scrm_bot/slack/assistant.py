"""Asking the assistant, for commands and for the draft modal."""

from dataclasses import asdict
from typing import Any

from scrm_bot.domain.errors import ScrmError, UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reading import Subject, new_key, subject
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import assist, problems
from scrm_bot.views.assist import Suggestion

DEFAULT_TONE = "friendly"
EMPTY = "There is no text to work on yet."


async def suggest(workspace: Workspace, verb: str, text: str, *, tone: str = "") -> Suggestion:
    """One answer of the assistant. Raises `UsageError` for an empty text."""
    if not text.strip():
        raise UsageError(EMPTY, field="text", verb=verb)
    api = workspace.socialcrm
    match verb:
        case "rewrite":
            chosen = tone or DEFAULT_TONE
            return Suggestion(verb, text, await api.rewrite(text, tone=chosen), chosen)
        case "compose":
            return Suggestion(verb, text, await api.compose(text, tone=tone), tone)
        case "optimise":
            better = await api.optimise(text)
            return Suggestion(verb, text, better.text, hints=tuple(better.suggestions))
        case "hashtags":
            tags = tuple(await api.suggest_hashtags(text))
            return Suggestion(verb, text, assist.tagged(text, tags), hints=tags)
        case "thread":
            parts = tuple(await api.expand_into_thread(text))
            return Suggestion(verb, text, assist.threaded(parts), parts=parts)
        case _:
            raise UsageError(f"The assistant has no {verb}.", verb=verb)


async def answer(
    workspace: Workspace, verb: str, about: Subject, *, tone: str = "", shared: bool = False
) -> Reply:
    """The answer to a command; when the call fails, why, and the person's own text."""
    try:
        suggestion = await suggest(workspace, verb, about.text, tone=tone)
    except UsageError:
        raise
    except ScrmError as error:
        return Reply(assist.failed(about.text, problem=problems.sentence(error, verb=verb)))
    key = await keep(workspace, suggestion, post_id=about.post_id)
    return Reply(assist.answer(suggestion, key=key, post_id=about.post_id), shared=shared)


async def on_subject(call: Invocation, workspace: Workspace, verb: str) -> Answers:
    """`/scrm VERB POST|TEXT`; without either, the draft modal, which has the same button."""
    if not call.argument.strip():
        return await drafts.open_new(call.caller, workspace)
    about = await subject(call, workspace)
    tone = plain(call.line.flags.get("tone", ""))
    return await answer(workspace, verb, about, tone=tone, shared=call.line.shared)


async def keep(workspace: Workspace, suggestion: Suggestion, *, post_id: str = "") -> str:
    """Keep an answer for the buttons under it; returns the key."""
    key = new_key()
    await workspace.memory.keep(f"answer:{key}", {**asdict(suggestion), "post_id": post_id})
    return key


async def kept(workspace: Workspace, key: str) -> dict[str, Any] | None:
    return await workspace.memory.recall(f"answer:{key}")
