"""What people do in Slack, as handlers get it, and what they see of the answers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    UnauthorizedError,
)
from scrm_bot.domain.grammar import parse
from scrm_bot.slack.command import Caller, Click, Invocation, Shortcut, Submission
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS
from scrm_bot.slack.reply import Answers, OpenModal, Post, PublishHome, Reply, SubmissionAck, UpdateModal
from scrm_bot.slack.router import Router
from scrm_bot.views.blocks import Message, View
from tests.builders import ADMIN, EDITOR, TEAM, a_connection, a_person
from tests.fakes.workspace import Fakes, some_fakes

CHANNEL = "CSOCIAL"
ROUTER = Router(COMMANDS, buttons=BUTTONS, modals=MODALS, shortcuts=SHORTCUTS)

# What SocialCRM may say to a new draft, and some of what people read then.
REFUSED_DRAFTS = (
    (UnauthorizedError(), "refused this workspace's key"),
    (ForbiddenScopeError(scope="posts:write"), "posts:write"),
    (PaymentRequiredError(endpoint="POST /posts"), "paid plan"),
    (QuotaExceededError(endpoint="POST /posts"), "quota"),
    (RateLimitedError(retry_in=7), "7 seconds"),
    (NotFoundError(), "does not have this"),
    (InvalidRequestError("The body is too long."), "The body is too long"),
)

Values = dict[str, Any]


def connected(*posts: Any, **how: Any) -> Fakes:
    """A workspace with a key and rules; its people's clocks are in Berlin."""
    fakes = some_fakes(*posts, **how)
    fakes.vault.known = a_connection()
    for person in (a_person(), a_person(ADMIN), a_person("UAPPROVER")):
        fakes.people.people[person.id] = person
    return fakes


def a_caller(by: str = EDITOR, **changes: str) -> Caller:
    parts = {"channel": CHANNEL, "trigger_id": "1.1"} | changes
    return Caller(TEAM, by, **parts)


async def say(fakes: Fakes, text: str, *, by: str = EDITOR, **caller: str) -> Answers:
    """Type `/scrm` and this."""
    found = ROUTER.command(parse(text))
    assert found
    command, line = found
    return await command.run(Invocation(a_caller(by, **caller), line), fakes.workspace)


async def told(fakes: Fakes, text: str, *, by: str = EDITOR, **caller: str) -> Reply:
    """The one reply to what was typed."""
    return a_reply(await say(fakes, text, by=by, **caller))


async def opened(fakes: Fakes, text: str, *, by: str = EDITOR, **caller: str) -> View:
    """The modal that what was typed opens."""
    return a_modal(await say(fakes, text, by=by, **caller)).view


async def click(
    fakes: Fakes,
    action_id: str,
    value: str = "",
    *,
    by: str = EDITOR,
    view: View | None = None,
    state: Mapping[str, Any] | None = None,
    caller: Mapping[str, str] | None = None,
    block_id: str = "",
) -> Answers:
    """Use a button or a menu: in a message or, with `view`, in a modal that is open as `V2`."""
    button = ROUTER.button(action_id)
    assert button, f"nothing handles {action_id}"
    used = Click(
        a_caller(by, **(caller or {})),
        action_id,
        value,
        block_id=block_id,
        view_id="V2" if view else "",
        view_callback=view.get("callback_id", "") if view else "",
        previous_view_id="V1" if view else "",
        state=dict(state) if state is not None else state_of(view),
        metadata=metadata_of(view),
    )
    return await button.run(used, fakes.workspace)


def a_submission(view: View, *, by: str = EDITOR, under: str = "", **typed: Any) -> Submission:
    """The modal sent off with these values typed into it; `under` is the view it lies on."""
    blocks = {
        block["element"]["action_id"]: block["block_id"] for block in view["blocks"] if "element" in block
    }
    metadata = metadata_of(view)
    return Submission(
        a_caller(by, channel=str(metadata.get("channel", ""))),
        view["callback_id"],
        "V2",
        previous_view_id=under,
        state=state_of(view) | typed,
        blocks=blocks,
        metadata=metadata,
    )


def checked(submission: Submission) -> SubmissionAck:
    modal = ROUTER.modal(submission.callback_id)
    assert modal, f"nothing handles {submission.callback_id}"
    return modal.check(submission)


async def submit(fakes: Fakes, view: View, *, by: str = EDITOR, under: str = "", **typed: Any) -> Answers:
    submission = a_submission(view, by=by, under=under, **typed)
    modal = ROUTER.modal(submission.callback_id)
    assert modal, f"nothing handles {submission.callback_id}"
    return await modal.run(submission, fakes.workspace)


async def choose_shortcut(fakes: Fakes, callback_id: str, text: str = "") -> Answers:
    shortcut = ROUTER.shortcut(callback_id)
    assert shortcut
    return await shortcut.run(Shortcut(a_caller(), callback_id, text), fakes.workspace)


def a_reply(answers: Answers) -> Reply:
    assert isinstance(answers, Reply), answers
    return answers


def a_modal(answers: Answers) -> OpenModal:
    assert isinstance(answers, OpenModal), answers
    return answers


def an_update(answers: Answers) -> UpdateModal:
    assert isinstance(answers, UpdateModal), answers
    return answers


async def filled(answer: OpenModal | UpdateModal) -> View:
    """What the modal shows once the slow part is there."""
    assert answer.fill
    return await answer.fill()


def said(shown: Answers | Message | View) -> str:
    """Every word a person sees."""
    match shown:
        case Reply(message) | Post(_, message):
            return said(message)
        case OpenModal(view) | UpdateModal(view) | PublishHome(_, view):
            return said(view)
        case Message(text, blocks):
            return "\n".join([text, *(_words(block) for block in blocks)])
        case dict():
            return _words(shown)
        case Sequence():
            return "\n".join(said(each) for each in shown)
        case _:
            return ""


def labels(shown: Reply | Message | View) -> list[str]:
    """The labels of the buttons, in order."""
    message = shown.message if isinstance(shown, Reply) else shown
    blocks = message.blocks if isinstance(message, Message) else message["blocks"]
    elements = [
        each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    return [str(each["text"]["text"]) for each in elements if each.get("type") == "button"]


def value_of(shown: Reply | View, label: str) -> str:
    """The value of the button with this label."""
    blocks = shown.message.blocks if isinstance(shown, Reply) else shown["blocks"]
    for block in blocks:
        for each in (*block.get("elements", ()), block.get("accessory") or {}):
            if each.get("type") == "button" and each["text"]["text"] == label:
                return str(each.get("value", ""))
    raise AssertionError(f"no button {label}")


def field(view: View, action_id: str) -> dict[str, Any]:
    """The input block that holds this element."""
    (block,) = [each for each in view["blocks"] if each.get("element", {}).get("action_id") == action_id]
    return dict(block)


def metadata_of(view: View | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((view or {}).get("private_metadata") or "{}")
    return found


def state_of(view: View | None) -> Values:
    """What Slack would send of a modal nobody touched: every input's initial value."""
    elements = [
        element
        for block in (view or {}).get("blocks", ())
        for element in (block.get("element"), *block.get("elements", ()))
        if element and element.get("type") not in {"button", "mrkdwn", "plain_text"}
    ]
    return {element["action_id"]: _held(element) for element in elements}


def _held(element: Mapping[str, Any]) -> Any:
    if element["type"].startswith("multi_") or element["type"] in {"checkboxes", "file_input"}:
        chosen = element.get("initial_options") or element.get("initial_users") or []
        return [each["value"] if isinstance(each, dict) else each for each in chosen]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    return element.get("initial_value") or element.get("initial_conversation")


def _words(part: Any) -> str:
    if isinstance(part, dict):
        return "\n".join(
            str(value) if isinstance(value, str) and name in {"text", "initial_value"} else _words(value)
            for name, value in part.items()
        )
    if isinstance(part, (list, tuple)):
        return "\n".join(_words(each) for each in part)
    return ""
