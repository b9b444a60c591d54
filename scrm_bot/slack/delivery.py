"""Sends what handlers return: by response_url, in a thread, in a direct message, as a modal."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from scrm_bot import log as logs
from scrm_bot.domain.errors import ScrmError, SlackRefusedError
from scrm_bot.slack import acks, notices
from scrm_bot.slack.command import Caller, Click, Deed, HomeOpened, Invocation, LinksShared
from scrm_bot.slack.marks import marked
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.queueing import QueueNote
from scrm_bot.slack.repeating import again
from scrm_bot.slack.reply import (
    Answer,
    Answers,
    OpenModal,
    Post,
    Progress,
    PublishHome,
    Reply,
    Unfurl,
    UpdateModal,
)
from scrm_bot.views import problems
from scrm_bot.views.blocks import Message

log = logging.getLogger(__name__)

# Slack's own code, and the spelling its guides use
_TRIGGER_ENDED = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)
_DIRECT = "D"  # how the id of a direct message begins


class Delivery:
    """Where an answer goes is decided here and nowhere else."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._filling: dict[int, str] = {}  # deed → the modal that waits for its slow part

    async def send(self, deed: Deed, answers: Answers, note: QueueNote) -> None:
        """Send every answer, in order. Raises what Slack refuses, and what a generator of answers raises."""
        if isinstance(answers, AsyncGenerator):
            async with aclosing(answers):
                async for answer in answers:
                    await self._one(deed, answer, note)
            return
        for answer in answers if isinstance(answers, Sequence) else (answers,):
            await self._one(deed, answer, note)

    async def tell(self, caller: Caller, told: Message, *, replace: bool = False) -> None:
        """Tell the person privately, by whichever way still works."""
        await self._reply(caller, Reply(told, replace=replace))

    async def tell_queued(self, deed: Deed, seconds: float) -> bool:
        """Say that the request waits for its turn, where its answer will be seen.

        Returns whether the answer can take this note's place.
        """
        told = notices.queued(seconds)
        try:
            if view_id := self._filling.get(id(deed)):
                await self._messenger.update_view(deed.caller.team_id, view_id, notices.shown(told))
            elif not isinstance(deed, HomeOpened) and not (isinstance(deed, Click) and deed.view_id):
                await self.tell(deed.caller, told)
                # only a slash command's response_url has no other message that it would replace
                return isinstance(deed, Invocation) and not deed.caller.message_ts
        except ScrmError as error:
            log.info("nobody is told of the wait: %s", type(error).__name__)
        return False

    async def _one(self, deed: Deed, answer: Answer, note: QueueNote) -> None:
        team = deed.caller.team_id
        match answer:
            case Reply():
                instead = await note.settled() and not answer.shared
                await self._reply(deed.caller, replace(answer, replace=True) if instead else answer)
            case OpenModal():
                await self._open(deed, answer, note)
            case UpdateModal():
                await note.settled()
                await self._messenger.update_view(team, answer.view_id, answer.view)
                await self._fill(deed, answer, answer.view_id, note)
            case Progress():
                await self._show(team, answer)
            case Post():
                await self._messenger.post(team, answer.channel, answer.message, thread_ts=answer.thread_ts)
            case PublishHome():
                await self._messenger.publish_home(team, answer.user_id, answer.view)
            case Unfurl() if isinstance(deed, LinksShared):
                await self._unfurl(deed, answer)
            case _:  # Silence
                pass

    async def _unfurl(self, shared: LinksShared, answer: Unfurl) -> None:
        where = {"unfurl_id": shared.unfurl_id, "source": shared.source}
        if not all(where.values()):
            where = {"channel": shared.caller.channel, "ts": shared.caller.message_ts}
        previews = {url: {"blocks": list(blocks)} for url, blocks in answer.previews.items()}
        team = shared.caller.team_id
        try:
            await self._messenger.call(team, "chat.unfurl", {**where, "unfurls": previews})
        except SlackRefusedError as refusal:
            log.info("links stay as they are: %s", refusal.code)

    async def _reply(self, caller: Caller, reply: Reply) -> None:
        if caller.response_url:
            try:
                await self._messenger.respond(caller.response_url, acks.response(reply, _thread(caller)))
            except SlackRefusedError as refusal:
                log.warning("a response_url did not take an answer: %s", refusal.code)
            else:
                return
        await self._without_url(caller, reply)

    async def _without_url(self, caller: Caller, reply: Reply) -> None:
        """In the thread it came from, else in a direct message, where it stays to be read again."""
        team, thread = caller.team_id, caller.thread_ts
        alone = caller.channel.startswith(_DIRECT) and caller.message_ts
        if caller.channel and (reply.shared or alone):
            await self._messenger.post(team, caller.channel, reply.message, thread_ts=thread)
            return
        if caller.channel:
            try:
                await self._messenger.whisper(
                    team,
                    channel=caller.channel,
                    user_id=caller.user_id,
                    message=reply.message,
                    thread_ts=thread,
                )
            except SlackRefusedError as refusal:
                log.info("not in the channel, told in a direct message: %s", refusal.code)
            else:
                return
        await self._messenger.post(team, caller.user_id, reply.message)

    async def _open(self, deed: Deed, answer: OpenModal, note: QueueNote) -> None:
        team, trigger = deed.caller.team_id, deed.caller.trigger_id
        if not trigger:  # a mention gives none
            await self.tell(deed.caller, marked(notices.to_open(again(deed)), deed.caller.brand))
            return
        try:
            view_id = await self._messenger.open_view(team, trigger, answer.view, push=answer.push)
        except SlackRefusedError as refusal:
            if refusal.code not in _TRIGGER_ENDED:
                raise
            await self.tell(deed.caller, marked(notices.expired(again(deed)), deed.caller.brand))
            return
        await self._fill(deed, answer, view_id, note)

    async def _show(self, team: str, progress: Progress) -> None:
        try:
            await self._messenger.update_view(team, progress.view_id, progress.view)
        except SlackRefusedError as refusal:
            log.info("nobody is told how far it is: %s", refusal.code)

    async def _fill(self, deed: Deed, answer: OpenModal | UpdateModal, view_id: str, note: QueueNote) -> None:
        """Put the slow part into the modal that is open; a problem too, so that it never waits for ever."""
        if answer.fill is None:
            return
        self._filling[id(deed)] = view_id
        try:
            view = await answer.fill()
        except Exception as error:
            if not isinstance(error, ScrmError):
                log.exception("a modal could not be filled")
            view = notices.shown(problems.explain(error, request_id=logs.request_id.get()))
        finally:
            del self._filling[id(deed)]
        await note.settled()
        await self._messenger.update_view(deed.caller.team_id, view_id, view)


def _thread(caller: Caller) -> str:
    """The thread to answer in: that of the message, unless it is the one that the thread hangs from."""
    return caller.thread_ts if caller.thread_ts != caller.message_ts else ""
