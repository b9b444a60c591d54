"""What answers a deed tells which brand it is about: to people by name, to ourselves by a mark."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from scrm_bot.domain.brands import Brands
from scrm_bot.domain.grammar import plain
from scrm_bot.slack import marks
from scrm_bot.slack.command import Click, Deed, Invocation, Submission
from scrm_bot.slack.reply import Answer, Answers, OpenModal, Post, Progress, PublishHome, Reply, UpdateModal
from scrm_bot.views import brands as views
from scrm_bot.views.blocks import Message, View
from scrm_bot.views.ids import Action, Callback

_TEAM_VERBS = frozenset({"connect", "settings", "team", "pause", "unpause", "audit", "help", "brands"})
_NAMING = frozenset({"connect"})  # its brand may be a new one
_TEAM_CALLBACKS = frozenset({Callback.CONNECT, Callback.SETTINGS, Callback.TEAM})
_TEAM_ACTIONS = frozenset(
    {Action.CONNECT, Action.SHOW_SETTINGS, Action.CHANGE_TEAM, Action.SHOW_HELP, Action.RETRY_JOB}
)


@dataclass(frozen=True, slots=True)
class Marking:
    """What is put on all that answers one deed: the brand's id, and its name where it tells something."""

    brand: str = ""
    label: str = ""

    def message(self, said: Message) -> Message:
        shown = views.labelled(said, self.label) if self.label else said
        return marks.marked(shown, self.brand)

    def view(self, view: View) -> View:
        shown = views.labelled_view(view, self.label) if self.label else view
        return marks.marked_view(shown, self.brand)

    def answers(self, given: Answers) -> Answers:
        """All of them, those of a generator as they come."""
        if not (self.brand or self.label):
            return given
        if isinstance(given, AsyncGenerator):
            return self._each(given)
        if isinstance(given, Sequence):
            return [self._one(each) for each in given]
        return self._one(given)

    async def _each(self, given: AsyncGenerator[Answer, None]) -> AsyncGenerator[Answer, None]:
        async with aclosing(given):
            async for each in given:
                yield self._one(each)

    def _one(self, given: Answer) -> Answer:
        match given:
            case Reply() | Post():
                return replace(given, message=self.message(given.message))
            case OpenModal() | UpdateModal():
                fill = self._filled(given.fill) if given.fill else None
                return replace(given, view=self.view(given.view), fill=fill)
            case Progress() | PublishHome():
                return replace(given, view=self.view(given.view))
            case _:
                return given

    def _filled(self, fill: Callable[[], Awaitable[View]]) -> Callable[[], Awaitable[View]]:
        async def filled() -> View:
            return self.view(await fill())

        return filled


def which(deed: Deed, brands: Brands) -> str:
    """The id of the brand that a deed is about. Raises `UsageError` for one that is not there.

    What was used in Slack belongs to one. What was typed: `--brand`, else the channel's, else the default.
    """
    caller = deed.caller
    match deed:
        case Click() | Submission():
            return brands.still(caller.brand)
        case Invocation() if "brand" in deed.line.flags and deed.line.verb not in _NAMING:
            return brands.named(plain(deed.line.flags["brand"])).id
        case _:
            return brands.at(caller.channel)


def is_of_team(deed: Deed) -> bool:
    """Whether it is about the whole workspace: a brand's name beside it would mislead."""
    match deed:
        case Invocation():
            return deed.line.verb in _TEAM_VERBS
        case Submission():
            return deed.callback_id in _TEAM_CALLBACKS
        case Click():
            return deed.action_id in _TEAM_ACTIONS
        case _:
            return False
