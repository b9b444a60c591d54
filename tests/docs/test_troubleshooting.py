"""docs/troubleshooting.md has an entry for every sentence of an error, and none for words that are gone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalError,
    ForbiddenScopeError,
    InvalidRequestError,
    NotFoundError,
    PausedError,
    RateLimitedError,
    ScrmError,
    SlackRefusedError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    UsageError,
)
from scrm_bot.usecases import reasons
from scrm_bot.views import problems, refusals
from tests.docs.test_errors import CLASSES, MADE, made

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
SLACKS_OWN = {"dispatch_failed, operation_timeout"}
READ, WRITE = "GET /posts", "POST /posts/{id}/publish"
SLACK_CODES = (
    "not_in_channel",
    "is_archived",
    "ratelimited",
    "expired_trigger_id",
    "push_limit_reached",
    "token_expired",
    "fatal_error",
)
MORE: tuple[ScrmError, ...] = (
    *(SlackRefusedError(code, method="chat.postMessage") for code in SLACK_CODES),
    SlackRefusedError("ratelimited", method="chat.postMessage", retry_in=3),
    *(SocialCRMAmbiguousError("", endpoint=endpoint) for endpoint in (READ, WRITE)),
    *(SocialCRMContractError("", endpoint=endpoint) for endpoint in (READ, WRITE)),
    SocialCRMError("teapot", endpoint=WRITE),
    NotFoundError(endpoint="GET /posts/{id}"),
    NotFoundError(endpoint="GET /accounts"),
    ForbiddenScopeError(endpoint=WRITE, scope="posts:write"),
    InvalidRequestError("no such account"),
    AlreadyDecidedError("approve", state=State.PENDING),
    AlreadyDecidedError("approve", state=State.REJECTED, by="UANA"),
    AlreadyDecidedError("approve", state=State.VOID),
    AlreadyDecidedError("reassign", state=State.PENDING),
    PausedError(by="UADA", reason="Election day"),
    ApprovalError(),
    UsageError("Which post?", verb="show"),
    ScrmError(),
)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("`", ""))


def sentences() -> list[str]:
    """What people read, for each class and for each thing that changes the words."""
    known = [*(made(each) for each in CLASSES if each is not UsageError), *MORE]
    told = [problems.sentence(error, connected_by="UADA", request_id="r1") for error in known]
    queued = problems.sentence(RateLimitedError(retry_in=3), queued=True)
    on_cards = (reasons.of_unsent(NotFoundError()), reasons.of_reading(NotFoundError()))
    return [plain(text) for text in (*told, queued, problems.TYPED_KEY_REFUSED, *on_cards)]


def entries(*parts: str) -> list[str]:
    """The headings of the parts of the page whose titles begin so."""
    found = []
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        if part.startswith(parts):
            found += [plain(heading) for heading in re.findall(r"^### (.+)$", part, re.MULTILINE)]
    return found


def constants(*paths: Path) -> Iterator[str]:
    """Every piece of text in the code but its docstrings."""
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield plain(node.value)


SENTENCES = sentences()
IN_SLACK = [entry for entry in entries("In Slack") if entry not in SLACKS_OWN]
ELSEWHERE = entries("In the terminal", "In the log")
CODE = [*constants(*(path for path in (ROOT / "scrm_bot").rglob("*.py") if "demo" not in path.parts))]


@pytest.mark.parametrize("told", SENTENCES)
def test_a_sentence_has_its_entry(told: str) -> None:
    assert [entry for entry in IN_SLACK if entry in told], "add it to docs/troubleshooting.md"


@pytest.mark.parametrize("entry", IN_SLACK)
def test_an_entry_is_about_a_sentence_that_people_read(entry: str) -> None:
    assert [told for told in SENTENCES if entry in told]


def test_every_wording_is_among_the_sentences() -> None:
    modules = (Path(str(module.__file__)) for module in (problems, refusals))
    longer = [text.strip() for text in constants(*modules) if len(text) > 30 and "`/" not in text]

    assert [text for text in longer if not any(text in told for told in SENTENCES)] == []


def test_every_class_of_errors_is_asked_for_its_sentence() -> None:
    assert set(MADE) <= set(CLASSES)
    assert len(SENTENCES) > len(CLASSES)


@pytest.mark.parametrize("entry", ELSEWHERE)
def test_a_line_of_the_terminal_or_the_log_is_one_the_program_says(entry: str) -> None:
    pieces = [piece.strip() for piece in re.split(r"…|%\w", entry) if piece.strip(" s:()")]

    assert [piece for piece in pieces if not any(piece in text for text in CODE)] == []


def test_nothing_has_two_entries() -> None:
    assert len(set(IN_SLACK + ELSEWHERE)) == len(IN_SLACK + ELSEWHERE)
