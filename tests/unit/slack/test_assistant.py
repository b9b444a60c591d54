"""Asking the assistant."""

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.slack import assistant
from scrm_bot.slack.reading import Subject
from tests.unit.slack.deeds import connected


async def test_what_the_assistant_cannot_do_is_said_and_not_asked() -> None:
    fakes = connected()

    with pytest.raises(UsageError, match="no sing"):
        await assistant.suggest(fakes.workspace, "sing", "la la")
    assert fakes.socialcrm.calls == []


async def test_an_answer_is_kept_under_a_name_nobody_can_guess() -> None:
    fakes = connected()
    suggestion = await assistant.suggest(fakes.workspace, "rewrite", "buy now")

    first = await assistant.keep(fakes.workspace, suggestion)
    second = await assistant.keep(fakes.workspace, suggestion, Subject("buy now", "post_1"))

    assert first != second
    kept = await assistant.kept(fakes.workspace, second)
    assert kept
    assert (kept["text"], kept["post_id"]) == ("A better text.", "post_1")
