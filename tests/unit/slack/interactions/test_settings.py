"""The window of the workspace's rules, and two people who have it open at once."""

from dataclasses import replace
from typing import Any

import pytest

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.hours import ALWAYS
from scrm_bot.domain.workspaces import Person
from scrm_bot.slack.reply import Answers, Reply, ShowView, UpdateModal
from scrm_bot.usecases import workspaces
from scrm_bot.views.blocks import View
from tests.builders import a_pause, some_settings
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_submission,
    an_update,
    checked,
    labels,
    metadata_of,
    opened,
    said,
    state_of,
    submit,
)


async def test_settings_saved_untouched_stay_as_they_are(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")

    assert isinstance(checked(a_submission(view)), ShowView)
    answers = await submit(fakes, view, by="UADMIN")

    assert fakes.settings.settings == some_settings()
    assert isinstance(answers, list)
    update, reply = answers
    assert isinstance(update, UpdateModal)
    assert isinstance(reply, Reply)
    assert "Settings saved" in said(update)
    assert said(reply).startswith("✅ *Settings saved*")


async def test_settings_are_kept_as_chosen(fakes: Fakes) -> None:
    await submit(
        fakes,
        await opened(fakes, "settings", by="UADMIN"),
        by="UADMIN",
        channel="CNEW",
        approvers=["U1", "U2"],
        approver_groups=["S1"],
        needed="0",
        self_approval="yes",
        timezone="new york",
    )

    kept = fakes.settings.settings
    assert (kept.approvals_channel, kept.approvers, kept.approver_groups) == ("CNEW", ("U1", "U2"), ("S1",))
    assert (kept.needed, kept.self_approval, kept.timezone) == (0, True, "America/New_York")


async def test_rules_that_cannot_be_met_are_kept_with_a_warning(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")

    told = await submit(fakes, view, by="UADMIN", approvers=["UAPPROVER"])
    assert "Mind the posts that an approver (<@UAPPROVER>) writes or asks for" in said(told)
    assert fakes.settings.settings.approvers == ("UAPPROVER",)


async def test_rules_are_kept_where_slack_does_not_say_who_people_are(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")

    async def refuse(user_id: str) -> Person:
        raise SlackRefusedError(f"fatal_error {user_id}", method="users.info")

    fakes.people.get = refuse  # type: ignore[method-assign]
    told = await submit(fakes, view, by="UADMIN", approvers=["UAPPROVER"])
    assert "Settings saved" in said(told)
    assert fakes.settings.settings.approvers == ("UAPPROVER",)


async def test_how_long_a_request_waits_is_kept_as_chosen(fakes: Fakes) -> None:
    await submit(
        fakes,
        await opened(fakes, "settings", by="UADMIN"),
        by="UADMIN",
        due="24",
        remind="8",
        working_hours="00:00-24:00 daily",
        expire="168",
        escalate=["UBOSS"],
    )

    kept = fakes.settings.settings
    assert (kept.due_hours, kept.remind_hours, kept.expire_hours) == (24, 8, 168)
    assert (kept.working_hours, kept.escalate_to) == (ALWAYS, ("UBOSS",))


async def test_a_form_without_those_fields_changes_none_of_them(fakes: Fakes) -> None:
    before = some_settings(due_hours=4, remind_hours=2, expire_hours=48, working_hours=ALWAYS)
    fakes.settings.settings = before
    view = await opened(fakes, "settings", by="UADMIN")

    await submit(fakes, view, by="UADMIN", due=None, remind=None, expire=None, working_hours=None)

    assert fakes.settings.settings == before


async def test_settings_without_a_number_need_one_approval(fakes: Fakes) -> None:
    await submit(fakes, await opened(fakes, "settings", by="UADMIN"), by="UADMIN", needed=None, timezone=None)

    assert (fakes.settings.settings.needed, fakes.settings.settings.timezone) == (1, "Europe/Berlin")


@pytest.mark.parametrize("groups", [(), ("S1",)])
async def test_a_refused_setting_comes_back_with_the_rest(fakes: Fakes, groups: tuple[str, ...]) -> None:
    fakes.people.members = {"S1": frozenset()}

    update = an_update(
        await submit(
            fakes,
            await opened(fakes, "settings", by="UADMIN"),
            by="UADMIN",
            channel="CNEW",
            approver_groups=list(groups),
            timezone="Atlantis",
        )
    )

    assert "“Atlantis” is no time zone" in said(update)
    assert state_of(update.view)["channel"] == "CNEW"
    assert state_of(update.view)["approver_groups"] == list(groups)
    assert fakes.settings.settings == some_settings()
    assert labels(update.view) == []


async def test_a_refused_setting_comes_back_where_slack_does_not_name_the_groups(fakes: Fakes) -> None:
    fakes.people.unlisted = "plan_upgrade_required"
    view = await opened(fakes, "settings", by="UADMIN")

    told = await submit(fakes, view, by="UADMIN", approver_groups=["S1"], timezone="Atlantis")

    assert "“Atlantis” is no time zone" in said(told)
    assert state_of(an_update(told).view)["approver_groups"] == ["S1"]


async def bob_saves(fakes: Fakes, **changes: Any) -> None:
    fakes.people.admins |= {"UBOB"}
    await workspaces.save_settings(fakes.workspace, replace(fakes.settings.settings, **changes), by="UBOB")


async def saved_by_ana(fakes: Fakes, view: View, **typed: Any) -> Answers:
    return await submit(fakes, view, by="UADMIN", **typed)


async def test_two_people_change_different_rules_and_both_hold(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    await bob_saves(fakes, needed=2, expire_hours=48)

    told = await saved_by_ana(fakes, view, timezone="new york")
    assert "Settings saved" in said(told)
    kept = fakes.settings.settings
    assert (kept.needed, kept.expire_hours, kept.timezone) == (2, 48, "America/New_York")


async def test_saving_an_old_window_untouched_takes_nothing_back(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    await bob_saves(fakes, approvers=("UAPPROVER",), self_approval=True)
    after = fakes.settings.settings

    await saved_by_ana(fakes, view)
    assert fakes.settings.settings == after


async def test_a_pause_that_began_meanwhile_holds(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    fakes.settings.settings = replace(fakes.settings.settings, pause=a_pause())

    await saved_by_ana(fakes, view, needed="2")
    assert (fakes.settings.settings.pause, fakes.settings.settings.needed) == (a_pause(), 2)


async def test_what_somebody_else_changed_too_is_shown_and_nothing_is_saved(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    await bob_saves(fakes, needed=2)
    held = fakes.settings.settings

    update = an_update(await saved_by_ana(fakes, view, needed="0", timezone="new york"))
    assert fakes.settings.settings == held
    assert "<@UBOB> changed this meanwhile" in said(update)
    assert said(update).count("changed this meanwhile") == 1
    assert (state_of(update.view)["needed"], state_of(update.view)["timezone"]) == ("2", "America/New_York")


async def test_saving_once_more_after_having_seen_it_is_an_answer_to_it(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    await bob_saves(fakes, needed=2)
    again = an_update(await saved_by_ana(fakes, view, needed="0", timezone="new york")).view

    await saved_by_ana(fakes, again, needed="0")
    kept = fakes.settings.settings
    assert (kept.needed, kept.timezone) == (0, "America/New_York")


async def test_what_was_left_as_bob_has_it_stays_and_the_rest_is_saved(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    await bob_saves(fakes, needed=2)
    again = an_update(await saved_by_ana(fakes, view, needed="0", timezone="new york")).view

    await saved_by_ana(fakes, again)
    kept = fakes.settings.settings
    assert (kept.needed, kept.timezone) == (2, "America/New_York")


async def test_where_the_log_does_not_tell_it_was_somebody(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")
    fakes.settings.settings = replace(fakes.settings.settings, needed=2)

    update = an_update(await saved_by_ana(fakes, view, needed="0"))
    assert "Somebody else changed this meanwhile" in said(update)


async def test_a_refused_form_still_knows_what_it_was_opened_on(fakes: Fakes) -> None:
    view = await opened(fakes, "settings", by="UADMIN")

    update = an_update(await saved_by_ana(fakes, view, timezone="Atlantis"))
    assert metadata_of(update.view) == metadata_of(view)
    assert len(str(view["private_metadata"])) < 600


async def test_a_window_of_another_version_is_saved_as_it_is_filled_in(fakes: Fakes) -> None:
    view = {**await opened(fakes, "settings", by="UADMIN"), "private_metadata": "{}"}
    await bob_saves(fakes, needed=2)

    await saved_by_ana(fakes, view)
    assert fakes.settings.settings.needed == 1
