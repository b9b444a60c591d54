"""Asking the assistant, for commands and for the draft modal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import SocialCRM, Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reading import Subject, new_key, several, subject
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, voice
from scrm_bot.views import answers, assist, insights, networks, problems
from scrm_bot.views.assist import Beside, Suggestion
from scrm_bot.views.draft_window import DraftForm
from scrm_bot.views.ids import Action

DEFAULT_TONE = "friendly"
EMPTY = "There is no text to work on yet."
NO_ANSWER = "The assistant's answer was empty. Try again, or say more in your text."
NO_TAGS = "No hashtags came back for this text. More words about its topic may help."
NO_NEW_TAGS = "Your text has every hashtag that was suggested, or no room for more."
PASSING = (BudgetExhaustedError, RateLimitedError, SocialCRMAmbiguousError, SocialCRMUnreachableError)


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
            return _tagged(verb, text, await api.suggest_hashtags(text))
        case "thread":
            parts = tuple(await api.expand_into_thread(text))
            return Suggestion(verb, text, assist.threaded(parts), parts=parts)
        case _:
            raise UsageError(f"The assistant has no {verb}.", verb=verb)


def _tagged(verb: str, text: str, found: Sequence[str]) -> Suggestion:
    tags = assist.fresh_tags(text, found)
    if not tags:
        raise UsageError(NO_NEW_TAGS if found else NO_TAGS, verb=verb)
    return Suggestion(verb, text, assist.tagged(text, tags), hints=tags)


async def beside(workspace: Workspace, *, account_ids: Sequence[str] = ()) -> Beside:
    """What stands beside an answer: counts for these accounts, else for all there are, and the voice."""
    known = await accounts.known_or_none(workspace)
    meant = networks.named(account_ids, known) if account_ids else known
    return Beside(tuple(meant), insights.voice(await voice.of(workspace)))


def text_of(kept: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    """The text that Use means: of hashtags, only those that are ticked."""
    if kept["verb"] == "hashtags" and Action.TAGS in state:
        ticked = several(state, Action.TAGS)
        return assist.tagged(str(kept["original"]), ticked) if ticked else str(kept["original"])
    return str(kept["text"])


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
        again = await _again(workspace, error, Suggestion(verb, about.text, "", tone), about)
        return Reply(answers.given_back(problems.explain(error, verb=verb), about.text, again=again))
    key = await keep(workspace, suggestion, about)
    judged = await beside(workspace, account_ids=about.account_ids)
    shown = assist.answer(suggestion, key=key, post_id=about.post_id, beside=judged)
    return Reply(shown, shared=shared, replace=replace)


async def _again(workspace: Workspace, error: ScrmError, asked: Suggestion, about: Subject) -> str:
    """The key for another try, where one may end better; "" elsewhere."""
    try:
        return await keep(workspace, asked, about) if isinstance(error, PASSING) else ""
    except ScrmError:
        return ""


async def on_subject(call: Invocation, workspace: Workspace, verb: str) -> Answers:
    """`/scrm VERB POST|TEXT`; without either, the draft modal, which has the same button."""
    tone = plain(call.line.flags.get("tone", ""))
    if not call.argument.strip():
        return await drafts.open_new(call.caller, workspace, DraftForm(tone=tone))
    about = await subject(call, workspace)
    return await answer(workspace, verb, about, tone=tone, shared=call.line.shared)


async def keep(workspace: Workspace, suggestion: Suggestion, about: Subject | None = None) -> str:
    """Keep an answer, with the post it is about, for the buttons under it; returns the key."""
    key = new_key()
    where = {"post_id": about.post_id if about else "", "account_ids": about.account_ids if about else ()}
    await workspace.memory.keep(f"answer:{key}", {**asdict(suggestion), **where})
    return key


async def kept(workspace: Workspace, key: str) -> dict[str, Any] | None:
    return await workspace.memory.recall(f"answer:{key}")
