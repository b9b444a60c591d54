"""Asking the assistant, for commands and for the draft modal."""

from dataclasses import asdict
from typing import Any

from scrm_bot.domain.errors import ScrmError, UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import SocialCRM, Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reading import Subject, new_key, subject
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import answers, assist, problems
from scrm_bot.views.assist import Suggestion
from scrm_bot.views.modals import DraftForm

DEFAULT_TONE = "friendly"
EMPTY = "There is no text to work on yet."
NO_ANSWER = "The assistant's answer was empty. Try again, or say more in your text."
NO_TAGS = "No hashtags came back for this text. More words about its topic may help."


async def suggest(workspace: Workspace, verb: str, text: str, *, tone: str = "") -> Suggestion:
    """One answer of the assistant. Raises `UsageError` for an empty text or answer."""
    if not text.strip():
        raise UsageError(EMPTY, field="text", verb=verb)
    made = await _made(workspace.socialcrm, verb, text, tone)
    if not made.text.strip():  # Use would empty the draft
        raise UsageError(NO_ANSWER, verb=verb)
    return made


async def _made(api: SocialCRM, verb: str, text: str, tone: str) -> Suggestion:
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
            if not tags:
                raise UsageError(NO_TAGS, verb=verb)
            return Suggestion(verb, text, assist.tagged(text, tags), hints=tags)
        case "thread":
            parts = tuple(await api.expand_into_thread(text))
            return Suggestion(verb, text, assist.threaded(parts), parts=parts)
        case _:
            raise UsageError(f"The assistant has no {verb}.", verb=verb)


async def answer(
    workspace: Workspace,
    verb: str,
    about: Subject,
    *,
    tone: str = "",
    shared: bool = False,
    replace: bool = False,
) -> Reply:
    """The answer to a command; when the call fails, why, and the person's own text, in private."""
    try:
        suggestion = await suggest(workspace, verb, about.text, tone=tone)
    except ScrmError as error:
        return Reply(answers.given_back(problems.explain(error, verb=verb), about.text))
    key = await keep(workspace, suggestion, post_id=about.post_id)
    return Reply(assist.answer(suggestion, key=key, post_id=about.post_id), shared=shared, replace=replace)


async def on_subject(call: Invocation, workspace: Workspace, verb: str) -> Answers:
    """`/scrm VERB POST|TEXT`; without either, the draft modal, which has the same button."""
    tone = plain(call.line.flags.get("tone", ""))
    if not call.argument.strip():
        return await drafts.open_new(call.caller, workspace, DraftForm(tone=tone))
    about = await subject(call, workspace)
    return await answer(workspace, verb, about, tone=tone, shared=call.line.shared)


async def keep(workspace: Workspace, suggestion: Suggestion, *, post_id: str = "") -> str:
    """Keep an answer for the buttons under it; returns the key."""
    key = new_key()
    await workspace.memory.keep(f"answer:{key}", {**asdict(suggestion), "post_id": post_id})
    return key


async def kept(workspace: Workspace, key: str) -> dict[str, Any] | None:
    return await workspace.memory.recall(f"answer:{key}")
