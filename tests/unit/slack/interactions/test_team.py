"""Giving roles, and what a role opens."""

import pytest

from scrm_bot.domain.team import Holders, Role, Team
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS, menus
from scrm_bot.slack.reply import Reply, ShowView, UpdateModal
from tests.builders import some_settings
from tests.docs.test_ids import SHOWN
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import a_modal, a_submission, checked, click, labels, said, state_of, submit, told

NAMED = Team(admins=Holders(("UBOSS",), ("S1",)), viewers=Holders(("UVIC",)), everyone=Role.NOBODY)
HANDLERS = [*COMMANDS, *BUTTONS, *MODALS, *SHORTCUTS]


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda each: f"{type(each).__name__} {each}"[:60])
def test_every_handler_declares_the_role_it_needs(handler: object) -> None:
    assert isinstance(getattr(handler, "role", None), Role)


def test_every_menu_that_asks_for_its_entries_declares_the_role_it_needs() -> None:
    asking = {"external_select", "multi_external_select"}

    assert {part["action_id"] for part in SHOWN if part.get("type") in asking} == {*menus.ROLES}
    assert all(isinstance(role, Role) for role in menus.ROLES.values())


async def test_everyone_reads_who_may_do_what_and_admins_change_it(fakes: Fakes) -> None:
    fakes.settings.settings = some_settings(team=NAMED)

    by_member, by_admin = await told(fakes, "team"), await told(fakes, "team --share", by="UADMIN")

    assert "<@UBOSS>" in said(by_member)
    assert "You have none of these" in said(by_member)
    assert labels(by_member) == []
    assert labels(by_admin) == ["Change roles"]
    assert by_admin.shared


async def test_the_modal_shows_the_roles_as_they_are(fakes: Fakes) -> None:
    fakes.people.members = {"S1": frozenset()}
    fakes.settings.settings = some_settings(team=NAMED)

    view = a_modal(await click(fakes, "change_team", by="UADMIN")).view

    assert "Group S1" in said(view)
    assert state_of(view) == {
        "admins": ["UBOSS"],
        "admin_groups": ["S1"],
        "editors": [],
        "editor_groups": [],
        "viewers": ["UVIC"],
        "viewer_groups": [],
        "everyone": "nobody",
    }


async def test_the_modal_opens_where_slack_does_not_name_the_groups(fakes: Fakes) -> None:
    fakes.people.unlisted = "missing_scope"
    fakes.settings.settings = some_settings(team=NAMED)

    view = a_modal(await click(fakes, "change_team", by="UADMIN")).view

    assert state_of(view)["admin_groups"] == ["S1"]


async def test_saving_says_what_holds_from_now_on(fakes: Fakes) -> None:
    view = a_modal(await click(fakes, "change_team", by="UADMIN")).view

    waiting = checked(a_submission(view))
    answers = await submit(
        fakes, view, by="UADMIN", editors=["UANN"], editor_groups=["S2"], everyone="viewer"
    )

    assert isinstance(waiting, ShowView)
    assert isinstance(answers, list)
    assert [type(answer) for answer in answers] == [UpdateModal, Reply]
    assert "Roles saved" in said(answers[1])
    expected = Team(editors=Holders(("UANN",), ("S2",)), everyone=Role.VIEWER)
    assert fakes.settings.settings.team == expected


async def test_a_choice_that_nobody_offered_means_the_usual(fakes: Fakes) -> None:
    view = a_modal(await click(fakes, "change_team", by="UADMIN")).view

    await submit(fakes, view, by="UADMIN", everyone="owner")

    assert fakes.settings.settings.team.everyone is Role.EDITOR
