"""What handlers read of a line or a modal, the same way everywhere."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Invocation
from scrm_bot.usecases import finding


@dataclass(frozen=True, slots=True)
class Subject:
    """The text a verb is about, and the post it stands in, if any, with where that goes."""

    text: str
    post_id: str = ""
    account_ids: tuple[str, ...] = ()


async def subject(call: Invocation, workspace: Workspace) -> Subject:
    """`POST|TEXT`: a post's body, or the words themselves."""
    word = call.argument.strip()
    if finding.is_post_word(word):
        post = await finding.find_post(workspace, word, by=call.caller.user_id)
        return Subject(post.body, post.id, post.account_ids)
    return Subject(plain(word))


def new_key() -> str:
    """A name to keep something under that nobody can guess."""
    return f"k_{secrets.token_hex(8)}"


def metadata(**values: str | int | Mapping[str, str]) -> str:
    """A view's private_metadata."""
    return json.dumps(values, separators=(",", ":"))


def words(state: Mapping[str, Any], name: str) -> str:
    """A text field's content, without surrounding space."""
    return str(state.get(name) or "").strip()


def several(state: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What a menu for several things holds."""
    return tuple(str(value) for value in state.get(name) or ())
