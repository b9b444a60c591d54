"""The brand's voice, beside what the assistant writes."""

from dataclasses import replace
from typing import Any

from scrm_bot.domain.errors import ForbiddenScopeError, StoreUnavailableError
from scrm_bot.domain.insights import Persona
from scrm_bot.usecases import voice
from tests.fakes.stores import FakeMemory
from tests.fakes.workspace import Fakes

KNOWN = Persona((("voice", ("Warm", "Plain")),))


class NoMemory(FakeMemory):
    """A store that is not there."""

    async def recall(self, name: str) -> dict[str, Any] | None:
        raise StoreUnavailableError(name)


async def test_it_is_asked_for_once_an_hour(fakes: Fakes) -> None:
    assert await voice.of(fakes.workspace) == KNOWN
    assert await voice.of(fakes.workspace) == KNOWN
    assert fakes.socialcrm.count("get_persona") == 1


async def test_it_is_only_heard_where_it_was_asked_for(fakes: Fakes) -> None:
    assert await voice.heard(fakes.workspace) == Persona()
    assert fakes.socialcrm.count("get_persona") == 0

    await voice.of(fakes.workspace)

    assert await voice.heard(fakes.workspace) == KNOWN


async def test_a_key_that_may_not_read_it_is_not_asked_again_at_once(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("get_persona", ForbiddenScopeError(scope="persona:read"))

    assert await voice.of(fakes.workspace) == Persona()
    assert await voice.of(fakes.workspace) == Persona()
    assert fakes.socialcrm.count("get_persona") == 1


async def test_nothing_fails_for_the_want_of_it(fakes: Fakes) -> None:
    forgetful = replace(fakes.workspace, memory=NoMemory())

    assert await voice.of(forgetful) == Persona()
    assert await voice.heard(forgetful) == Persona()
