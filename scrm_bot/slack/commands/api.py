"""/scrm api GET PATH"""

import json
from urllib.parse import parse_qsl, urlsplit

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    method, _, path = plain(call.argument).strip().partition(" ")
    if method.upper() != "GET" or not path.strip():
        raise UsageError("Only reading is possible here: `/scrm api GET /v1/posts?limit=5`.", verb="api")
    parts = urlsplit(path.strip())
    found = await workspace.socialcrm.read(parts.path, dict(parse_qsl(parts.query)))
    return Reply(
        answers.raw(path.strip(), json.dumps(found, indent=2, ensure_ascii=False)), shared=call.line.shared
    )


command = Command(
    "api",
    "GET PATH",
    "A read-only call, answered as JSON",
    run,
    examples=("/scrm api GET /v1/posts?limit=5", "/scrm api GET /v1/trending"),
    role=Role.EDITOR,
)
