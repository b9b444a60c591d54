"""What the body of an acknowledgement can carry."""

import json
from typing import Any

from scrm_bot.slack.reply import CloseModal, Reply, ShowErrors, ShowView, SubmissionAck
from scrm_bot.views.blocks import Message


def submission(ack: SubmissionAck) -> str:
    """The body that acknowledges a view_submission (docs: surfaces/modals)."""
    match ack:
        case CloseModal(all=True):
            return '{"response_action":"clear"}'
        case CloseModal():
            return ""
        case ShowErrors(errors):
            told = {name: sentence.replace("`", "") for name, sentence in errors}  # nothing is code there
            return json.dumps({"response_action": "errors", "errors": told})
        case ShowView(view):
            return json.dumps({"response_action": "update", "view": view})


def message(reply: Reply) -> str:
    """A reply inside the acknowledgement of a command."""
    return json.dumps(response(reply))


def response(reply: Reply, thread_ts: str = "") -> dict[str, Any]:
    """A reply as a response_url, or the acknowledgement of a command, takes it."""
    return {
        **({"thread_ts": thread_ts} if thread_ts and not reply.replace else {}),
        "response_type": "in_channel" if reply.shared else "ephemeral",
        "replace_original": reply.replace,
        **written(reply.message),
    }


def written(said: Message) -> dict[str, Any]:
    """A message as Slack's methods take it."""
    return {"text": said.text, "blocks": list(said.blocks)} if said.blocks else {"text": said.text}
