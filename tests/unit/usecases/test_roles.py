from dataclasses import replace

import pytest

from scrm_bot.domain.errors import NotPermittedError
from scrm_bot.domain.team import Holders, Role, Team
from scrm_bot.usecases import roles, workspaces
from tests.builders import ADMIN, APPROVER, EDITOR
from tests.fakes.workspace import Fakes

NAMED = Team(
    admins=Holders(("UBOSS",)),
    editors=Holders(("UANN", "UGUEST", "UGONE"), ("SWRITERS",)),
    viewers=Holders(("UVIC", "UOUTSIDE")),
    everyone=Role.VIEWER,
)


@pytest.fixture
def team(fakes: Fakes) -> Fakes:
    fakes.settings.settings = replace(
        fakes.settings.settings, team=NAMED, approvers=("UAPPROVER", "UBOSS", "UGUESTAPPROVER")
    )
    fakes.people.members = {"SWRITERS": frozenset({"UWRITER"}), "SDECIDERS": frozenset({"UDECIDER"})}
    for guest in ("UGUEST", "UGUESTAPPROVER", "USTRANGER"):
        fakes.people.set(guest, is_guest=True)
    fakes.people.set("UOUTSIDE", team_id="TELSEWHERE")
    fakes.people.set("UGONE", is_gone=True)
    fakes.people.set("UBOT", is_bot=True)
    return fakes


@pytest.mark.parametrize(
    ("user", "role"),
    [
        (ADMIN, Role.ADMIN),
        ("UBOSS", Role.ADMIN),
        (APPROVER, Role.APPROVER),
        ("UANN", Role.EDITOR),
        ("UWRITER", Role.EDITOR),
        ("UVIC", Role.VIEWER),
        ("UANYBODY", Role.VIEWER),
        ("UGUEST", Role.EDITOR),
        ("UGUESTAPPROVER", Role.NOBODY),
        ("UOUTSIDE", Role.VIEWER),
        ("USTRANGER", Role.NOBODY),
        ("UGONE", Role.NOBODY),
        ("UBOT", Role.NOBODY),
    ],
)
async def test_a_role_is_given_by_name_or_group_else_to_every_member(
    team: Fakes, user: str, role: Role
) -> None:
    assert await roles.role_of(team.workspace, user) is role


async def test_a_group_of_approvers_are_approvers(team: Fakes) -> None:
    team.settings.settings = replace(team.settings.settings, approver_groups=("SDECIDERS",))

    assert await roles.role_of(team.workspace, "UDECIDER") is Role.APPROVER


async def test_until_settings_say_otherwise_members_edit_and_guests_do_nothing(fakes: Fakes) -> None:
    fakes.people.set("UGUEST", is_guest=True)

    assert await roles.role_of(fakes.workspace, EDITOR) is Role.EDITOR
    assert await roles.role_of(fakes.workspace, "UGUEST") is Role.NOBODY


@pytest.mark.parametrize(
    ("needed", "told"), [(Role.ADMIN, "admin"), (Role.APPROVER, "approver"), (Role.EDITOR, "editor")]
)
async def test_who_has_less_is_told_what_it_takes(team: Fakes, needed: Role, told: str) -> None:
    with pytest.raises(NotPermittedError, match=told):
        await roles.require(team.workspace, "UVIC", needed)


async def test_guests_hear_who_gives_roles(team: Fakes) -> None:
    with pytest.raises(NotPermittedError, match="/scrm team"):
        await roles.require(team.workspace, "USTRANGER", Role.VIEWER)


async def test_what_needs_no_role_is_open_to_all(team: Fakes) -> None:
    await roles.require(team.workspace, "USTRANGER", Role.NOBODY)
    await roles.require(team.workspace, "UVIC", Role.VIEWER)
    await roles.require_admin(team.workspace, "UBOSS")

    assert not await roles.is_admin(team.workspace, "UVIC")


async def test_only_admins_give_roles_and_the_log_tells_of_it(team: Fakes) -> None:
    with pytest.raises(NotPermittedError):
        await workspaces.save_team(team.workspace, Team(), by="UANN")

    saved = await workspaces.save_team(team.workspace, Team(), by="UBOSS")
    await workspaces.save_team(team.workspace, Team(), by=ADMIN)

    assert saved == team.settings.settings
    assert saved.team == Team()
    (entry,) = team.audit.entries
    assert entry.who == "UBOSS"
    assert "editors=UANN UGUEST UGONE SWRITERS" in entry.before
    assert "everyone=editor" in entry.after


async def test_saved_rules_leave_the_roles_as_they_are(team: Fakes) -> None:
    changed = replace(team.settings.settings, needed=2, team=Team())

    saved = await workspaces.save_settings(team.workspace, changed, by="UBOSS")

    assert saved.team == NAMED
    assert saved.needed == 2
