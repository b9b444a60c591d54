"""/scrm api [GET] PATH"""

import json
from urllib.parse import parse_qsl, urlsplit

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import answers

_READING = "GET"
_CHANGING = frozenset({"POST", "PATCH", "PUT", "DELETE"})
READABLE = (
    "/v1/posts",
    "/v1/posts/{id}",
    "/v1/posts/{id}/analytics",
    "/v1/accounts",
    "/v1/accounts/analytics",
    "/v1/persona",
    "/v1/trending",
)
_BEGINNINGS = frozenset(path.split("/")[2] for path in READABLE)


async def run(call: Invocation, workspace: Workspace) -> Answers:
    words = plain(call.argument).split(maxsplit=1)
    if words and words[0].upper() in _CHANGING:
        raise UsageError("Only reading is possible here, such as `/scrm api /v1/posts?limit=5`.", verb="api")
    path = " ".join(words[1:] if words and words[0].upper() == _READING else words).strip()
    try:
        parts = urlsplit(path)
    except ValueError:  # brackets that are no address
        parts = urlsplit("")
    if parts.path.strip("/").removeprefix("v1/").partition("/")[0] not in _BEGINNINGS:
        return Reply(answers.readable(READABLE), shared=call.line.shared)
    found = await workspace.socialcrm.read(parts.path, dict(parse_qsl(parts.query)))
    return Reply(answers.raw(path, json.dumps(found, indent=2, ensure_ascii=False)), shared=call.line.shared)


command = Command(
    "api",
    "[GET] PATH",
    "A read-only call, answered as JSON",
    run,
    examples=("/scrm api /v1/posts?limit=5", "/scrm api GET /v1/trending"),
    role=Role.EDITOR,
)
