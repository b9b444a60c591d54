"""Installations by workspace, and by organisation."""

import pytest

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.installed import Installations, NotInstalledError

ORG = Installation("E1", Secret("xoxb-org"), enterprise_id="E1")


async def only_the_organisation(team_id: str) -> Installation | None:
    return ORG if team_id == "E1" else None


async def test_a_workspace_uses_what_its_organisation_installed() -> None:
    installations = Installations(only_the_organisation)
    with pytest.raises(NotInstalledError):
        await installations.get("T1")

    assert installations.met("T1", "E1")
    assert not installations.met("T1", "E1")
    assert not installations.met("T2", "")
    assert not installations.met("E1", "E1")

    assert await installations.get("T1") == ORG
    assert installations.cached("T1") == ORG
