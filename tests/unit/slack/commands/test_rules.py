"""/scrm connect, disconnect, status, settings, pause, unpause"""

import pytest

from scrm_bot.domain.errors import NotConnectedError, NotPermittedError, UnauthorizedError
from scrm_bot.slack.commands import COMMANDS
from tests.builders import some_settings
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import field, labels, metadata_of, opened, said, say, state_of, told

ADMINS_ONLY = {"connect", "disconnect", "settings", "pause", "unpause"}


def test_what_changes_the_workspace_is_for_admins() -> None:
    assert {command.verb for command in COMMANDS if command.admin_only} == ADMINS_ONLY


async def test_connecting_asks_for_the_key_in_a_modal() -> None:
    view = await opened(some_fakes(), "connect", by="UADMIN")

    assert field(view, "api_key")["label"]["text"] == "API key"
    assert view["submit"]["text"] == "Connect"
    assert metadata_of(view) == {"channel": "CSOCIAL"}


async def test_connecting_again_tells_of_the_key_that_is_there(fakes: Fakes) -> None:
    assert "9f3c" in said(await opened(fakes, "connect", by="UADMIN"))


async def test_disconnecting_asks_first(fakes: Fakes) -> None:
    view = await opened(fakes, "disconnect", by="UADMIN")

    assert "Disconnect SocialCRM?" in said(view)
    assert fakes.vault.known


async def test_without_a_key_there_is_nothing_to_disconnect() -> None:
    with pytest.raises(NotConnectedError):
        await say(some_fakes(), "disconnect", by="UADMIN")


async def test_settings_open_as_they_are(fakes: Fakes) -> None:
    fakes.people.members = {"S1": frozenset({"UAPPROVER"})}
    fakes.settings.settings = some_settings(approver_groups=("S1",), needed=2)

    view = await opened(fakes, "settings", by="UADMIN")

    assert "Group S1" in said(view)
    assert state_of(view) == {
        "channel": "CAPPROVALS",
        "approvers": ["UAPPROVER", "USECOND"],
        "approver_groups": ["S1"],
        "needed": "2",
        "self_approval": "no",
        "timezone": "Europe/Berlin",
        "due": "0",
        "remind": "0",
        "working_hours": "09:00-18:00 weekdays",
        "expire": "0",
        "escalate": [],
    }


@pytest.mark.parametrize("code", ["missing_scope", "plan_upgrade_required"])
async def test_settings_open_where_slack_does_not_name_the_groups(fakes: Fakes, code: str) -> None:
    fakes.people.unlisted = code
    fakes.settings.settings = some_settings(approver_groups=("S1",))

    view = await opened(fakes, "settings", by="UADMIN")

    assert state_of(view)["approver_groups"] == ["S1"]
    assert field(view, "approver_groups")["element"]["initial_options"][0]["text"]["text"] == "S1"


async def test_status_says_that_the_key_has_just_worked(fakes: Fakes) -> None:
    answer = await told(fakes, "status --share")

    assert "has just worked" in said(answer)
    assert "<#CAPPROVALS>" in said(answer)
    assert labels(answer) == []
    assert answer.shared


async def test_admins_get_the_way_to_change_it(fakes: Fakes) -> None:
    assert labels(await told(fakes, "status", by="UADMIN")) == ["Connect another key", "Settings"]


async def test_status_says_why_the_key_does_not_work(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_posts", UnauthorizedError())

    assert "refused this workspace's key" in said(await told(fakes, "status"))


async def test_status_without_a_key_asks_socialcrm_nothing() -> None:
    fakes = some_fakes()

    assert "Not connected" in said(await told(fakes, "status"))
    assert fakes.socialcrm.calls == []


async def test_a_pause_has_a_reason_and_an_end(fakes: Fakes) -> None:
    paused = await told(fakes, "pause sad news &amp; grief --share", by="UADMIN")
    pause = fakes.settings.settings.pause
    ended = await told(fakes, "unpause --share", by="UADMIN")

    assert "sad news &amp; grief" in said(paused)
    assert pause
    assert pause.reason == "sad news & grief"
    assert "on again" in said(ended)
    assert fakes.settings.settings.pause is None
    assert paused.shared
    assert ended.shared


@pytest.mark.parametrize("verb", ["pause", "unpause"])
async def test_nobody_else_stops_or_starts_publishing(fakes: Fakes, verb: str) -> None:
    with pytest.raises(NotPermittedError):
        await say(fakes, verb)
