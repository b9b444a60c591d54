"""Installations by workspace, and by organisation."""

import asyncio

import pytest

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack import installed
from scrm_bot.slack.installed import Installations, NotInstalledError

ORG = Installation("E1", Secret("xoxb-org"), enterprise_id="E1")


async def only_the_organisation(team_id: str) -> Installation | None:
    return ORG if team_id == "E1" else None


async def test_a_workspace_uses_what_its_organisation_installed() -> None:
    installations = Installations(only_the_organisation)
    with pytest.raises(NotInstalledError):
        await installations.get("T1")

    assert installations.met("T1", "E1")
    assert not installations.met("T2", "")
    assert not installations.met("E1", "E1")

    assert await installations.get("T1") == ORG
    assert installations.cached("T1") == ORG


async def test_an_organisation_is_news_until_it_is_kept_and_again_after_the_bot_was_removed() -> None:
    installations = Installations(only_the_organisation)

    assert installations.met("T1", "E1")
    assert installations.met("T1", "E1")
    installations.kept("T1", "E1")
    assert not installations.met("T1", "E1")
    assert installations.met("T1", "E2")
    installations.drop("T1")
    assert installations.met("T1", "E1")


class Slow:
    """A store that answers when it is let."""

    def __init__(self) -> None:
        self.reads = 0
        self.may_answer = asyncio.Event()
        self.answer: Installation | None = ORG

    async def load(self, _: str) -> Installation | None:
        self.reads += 1
        await self.may_answer.wait()
        return self.answer


async def test_however_many_ask_at_once_it_is_read_once() -> None:
    store = Slow()
    installations = Installations(store.load)
    asking = [asyncio.create_task(installations.get("E1")) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()  # who gives up does not give up for the others
    store.may_answer.set()

    assert await asyncio.gather(*asking[1:]) == [ORG] * 19
    assert store.reads == 1
    assert installations.cached("E1") == ORG


async def test_what_was_dropped_while_it_was_read_is_not_remembered() -> None:
    store = Slow()
    installations = Installations(store.load)
    asking = asyncio.create_task(installations.get("E1"))
    await asyncio.sleep(0)
    installations.drop("E1")
    store.may_answer.set()

    assert await asking == ORG
    assert installations.cached("E1") is None


async def test_what_was_not_found_is_looked_for_again() -> None:
    store = Slow()
    store.may_answer.set()
    store.answer = None
    installations = Installations(store.load)
    with pytest.raises(NotInstalledError):
        await installations.get("E1")

    store.answer = ORG
    assert await installations.get("E1") == ORG


async def test_many_workspaces_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_MOST", 2)
    installations = Installations(only_the_organisation)

    assert [installations.met(f"T{number}", "E1") for number in range(5)] == [True] * 5
    assert await installations.get("T4") == ORG
