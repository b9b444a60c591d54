"""Whatever is typed, whatever accounts there are, whatever the API says: an answer that Slack takes."""

import inspect
import re
from collections.abc import AsyncGenerator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrm_bot.demo.slack import blockkit, contents
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    ScrmError,
    SocialCRMError,
    StoreUnavailableError,
    VaultError,
)
from scrm_bot.domain.grammar import parse
from scrm_bot.domain.insights import Account
from scrm_bot.ports import SocialCRM
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.reply import Answer, OpenModal, Post, Reply
from scrm_bot.views import problems
from scrm_bot.views.blocks import Message, View
from tests.builders import ADMIN, a_post
from tests.fakes.workspace import Fakes
from tests.goldens.cases.problems import ERRORS
from tests.unit.slack.deeds import ROUTER, a_caller, connected
from tests.unit.views.test_hostile_text import HOSTILE, TEXTS

METHODS = [name for name, _ in inspect.getmembers(SocialCRM, inspect.isfunction) if not name.startswith("_")]
VERBS = [command.verb for command in COMMANDS]
WORDS = st.one_of(TEXTS, st.sampled_from(("post_123", "last", "1", "all", "acct_1", "mine", "tomorrow 9am")))
FLAGS = st.sampled_from(
    ("", " --to all", " --at tomorrow 09:00", " --note x", " --share", " --dry-run", " -- ")
)
ACCOUNTS = st.lists(st.builds(Account, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS), max_size=60)
# A way on: something to press, a command to type, an input to fill, or words. A quiet day asks for nothing.
WAY_ON = re.compile(
    r"/scrm|again|reconnect|invite|ask |choose|pick |which |connect |check |write |try |look like |quiet day",
    re.IGNORECASE,
)
# What the client may raise, and a fault of our own.
OF_THE_API = (SocialCRMError, NotConnectedError, BudgetExhaustedError, StoreUnavailableError, VaultError)
TROUBLES = {n: e for n, e in ERRORS.items() if isinstance(e, OF_THE_API) or not isinstance(e, ScrmError)}


async def answers_to(fakes: Fakes, typed: str) -> list[Answer]:
    """What the surface would send: the handler's answers, or the sentence for what it raised."""
    found = ROUTER.command(parse(typed))
    assert found
    command, line = found
    try:
        given = await command.run(Invocation(a_caller(ADMIN), line), fakes.workspace)
        if isinstance(given, AsyncGenerator):
            return [each async for each in given]
        answers = list(given) if isinstance(given, Sequence) else [given]
        return [await filled(each) for each in answers]
    except Exception as error:  # noqa: BLE001 - as the performer does
        return [Reply(problems.explain(error, request_id="r1", verb=line.verb))]


async def filled(answer: Answer) -> Answer:
    if isinstance(answer, OpenModal) and answer.fill:
        return OpenModal(await answer.fill())
    return answer


def complaints(answer: Answer) -> list[str]:
    match answer:
        case Reply(message) | Post(_, message):
            return _of_message(message)
        case OpenModal(view):
            return [str(each) for each in blockkit.problems(view, "modal")] + _without_way_on(view)
        case _:
            return []


def _of_message(message: Message) -> list[str]:
    blocks = list(message.blocks)
    found = [str(each) for each in blockkit.problems(blocks, "message")] if blocks else []
    if contents.text_length(blocks) > contents.BLOCKS_TEXT_LIMIT:
        found.append("longer than Slack takes")
    if not message.text.strip():
        found.append("no text")
    return found + _without_way_on(message)


def _without_way_on(shown: Message | View) -> list[str]:
    blocks = list(shown.blocks) if isinstance(shown, Message) else shown["blocks"]
    kinds = {block["type"] for block in blocks}
    pressed = kinds & {"actions", "input"} or any("accessory" in block for block in blocks)
    said = shown.text if isinstance(shown, Message) else str(blocks)
    return [] if pressed or WAY_ON.search(said) else [f"no way on: {said[:200]!r}"]


def a_world(accounts: Sequence[Account], error: Exception | None) -> Fakes:
    fakes = connected(a_post(), a_post(id="post_2", status="scheduled"))
    fakes.socialcrm.accounts = list(accounts)
    if error:
        for method in METHODS:
            fakes.socialcrm.refuse(method, error, times=20)
    return fakes


@pytest.mark.parametrize("verb", VERBS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_any_text_and_accounts_and_error_get_an_answer_with_a_way_on(
    verb: str, data: st.DataObject
) -> None:
    error = data.draw(st.sampled_from([None, *TROUBLES.values()]))
    fakes = a_world(data.draw(ACCOUNTS), error)
    typed = f"{verb} {data.draw(WORDS)}{data.draw(FLAGS)}"

    for answer in await answers_to(fakes, typed):
        assert complaints(answer) == [], (typed[:80], error)


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("verb", VERBS)
async def test_each_error_of_the_api_is_answered_by_each_verb(verb: str, name: str) -> None:
    fakes = a_world([Account("acct_1", "instagram", "acme")], TROUBLES[name])

    for answer in await answers_to(fakes, f"{verb} post_123 tomorrow 09:00"):
        assert complaints(answer) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_text_that_is_no_verb_is_answered_with_verbs(text: str) -> None:
    for answer in await answers_to(a_world([], None), text):
        assert complaints(answer) == []
