"""What people do, read once from Slack's payload, and the handlers it reaches."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrm_bot.domain.grammar import Line
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.reply import Answers, SubmissionAck

Values = Mapping[str, Any]
_FLAG = re.compile(r"--([a-z-]+)")
_FREE_TEXT = re.compile(r"\b(?:TEXT|PROMPT|TOPIC)\b(?<!--note TEXT)")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who did it, where, and the ways to answer. Empty strings where Slack gave none.

    `response_url` is good for five answers in thirty minutes, `trigger_id` for one view in three seconds
    (docs: interactivity/handling-user-interaction). `brand` is that of the thing that was used; once it is
    settled what the deed is about, the deed's.
    """

    team_id: str
    user_id: str
    channel: str = ""
    thread_ts: str = ""
    message_ts: str = ""
    response_url: str = ""
    trigger_id: str = ""
    enterprise_id: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A verb, from a slash command, a message to the bot, or a button that stands for one.

    `files` are those of the message.
    """

    caller: Caller
    line: Line
    files: tuple[SlackFile, ...] = ()

    @property
    def argument(self) -> str:
        return self.line.argument


@dataclass(frozen=True, slots=True)
class Click:
    """A button, menu entry or input that was used (docs: block_actions).

    `value` is the button's value or the chosen option's value. `state` maps action_id to what the input
    holds, typed: str, list of str, int or None; what a file field holds is read by `fileobjects.kept`.
    `metadata` is the view's private_metadata, read as JSON.
    """

    caller: Caller
    action_id: str
    value: str = ""
    block_id: str = ""
    view_id: str = ""
    view_callback: str = ""
    root_view_id: str = ""
    previous_view_id: str = ""
    state: Values = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)  # action_id → block_id of the view's inputs
    metadata: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was submitted (docs: view_submission). Fields as in `Click`.

    `inputs` are the block_ids of its inputs: no other block can show an error.
    """

    caller: Caller
    callback_id: str
    view_id: str
    root_view_id: str = ""
    previous_view_id: str = ""
    state: Values = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
    metadata: Values = field(default_factory=dict)
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global or message shortcut; `text`, `files` and the address in `link` are those of its message."""

    caller: Caller
    callback_id: str
    text: str = ""
    files: tuple[SlackFile, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    caller: Caller


@dataclass(frozen=True, slots=True)
class KeySpotted:
    """A message that somebody else wrote and that held an API key; the key itself is not kept."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step of a workflow that is to be done (docs: function_executed).

    The caller is whom the workflow names as the person behind it: Slack itself does not tell.
    """

    caller: Caller
    callback_id: str
    execution_id: str
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinksShared:
    """Somebody wrote a message with links of our domain (docs: link_shared).

    `unfurl_id` and `source` name the message also while it is still being written.
    """

    caller: Caller
    urls: tuple[str, ...]
    unfurl_id: str = ""
    source: str = ""


Deed = Invocation | Click | Submission | Shortcut | HomeOpened | KeySpotted | StepRun | LinksShared


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A menu that asks for its options while somebody types (docs: block_suggestion)."""

    caller: Caller
    action_id: str
    typed: str


@dataclass(frozen=True, slots=True)
class Command:
    """One verb of `/scrm`. `usage` is its arguments as help shows them, `summary` one line.

    `role` is the least that somebody needs. `instant`: `run` reads no port and depends on the line alone;
    its one `Reply` travels inside the acknowledgement itself, and is kept for the next who asks the same.
    The flags it reads are those in `usage`, and `also` some that help does not show.
    """

    verb: str
    usage: str
    summary: str
    run: Callable[[Invocation, Workspace], Awaitable[Answers]]
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    instant: bool = False
    role: Role | None = None
    also: tuple[str, ...] = ()

    @property
    def admin_only(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def takes(self) -> tuple[str, ...]:
        """The flags it reads, besides those that go with any verb."""
        return tuple(dict.fromkeys((*_FLAG.findall(self.usage), *self.also)))

    @property
    def is_free_text(self) -> bool:
        """Whether its argument may be the text of a post, in which anything may stand."""
        return bool(_FREE_TEXT.search(self.usage))


@dataclass(frozen=True, slots=True)
class Button:
    """What runs when the thing with this action_id is used."""

    action_id: str
    run: Callable[[Click, Workspace], Awaitable[Answers]]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Modal:
    """What runs when the modal with this callback_id is submitted.

    `check` decides the acknowledgement from memory alone: it must not wait for anything. `run` does the
    work afterwards, and does not run after `ShowErrors`.
    """

    callback_id: str
    check: Callable[[Submission], SubmissionAck]
    run: Callable[[Submission, Workspace], Awaitable[Answers]]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class ShortcutHandler:
    """What runs when the shortcut with this callback_id is chosen."""

    callback_id: str
    run: Callable[[Shortcut, Workspace], Awaitable[Answers]]
    role: Role | None = None
