from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import NotPermittedError, UnauthorizedError, UsageError
from scrm_bot.domain.rules import prints
from scrm_bot.domain.team import Role, Team
from scrm_bot.domain.workspaces import Pause, Secret, WorkspaceSettings
from scrm_bot.usecases import workspaces
from tests.builders import (
    ADMIN,
    APPROVER,
    EDITOR,
    SECOND_APPROVER,
    a_pause,
    an_approval,
    an_approved,
    some_settings,
)
from tests.fakes.workspace import Fakes, some_fakes

KEY = "sk_live_" + "a1B2" * 6


class Probe:
    """A read with a key, which works or is refused."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.tried: list[str] = []

    async def __call__(self, key: Secret) -> None:
        self.tried.append(key.reveal())
        if self.error:
            raise self.error


async def test_nobody_else_touches_key_rules_or_pause(fakes: Fakes) -> None:
    before = fakes.settings.settings
    probe = Probe()

    with pytest.raises(NotPermittedError):
        await workspaces.connect(fakes.workspace, KEY, by=EDITOR, probe=probe)
    with pytest.raises(NotPermittedError):
        await workspaces.disconnect(fakes.workspace, by=EDITOR)
    with pytest.raises(NotPermittedError):
        await workspaces.save_settings(fakes.workspace, WorkspaceSettings(), by=EDITOR)
    with pytest.raises(NotPermittedError):
        await workspaces.pause(fakes.workspace, by=EDITOR)
    with pytest.raises(NotPermittedError):
        await workspaces.unpause(fakes.workspace, by=EDITOR)
    assert fakes.settings.settings == before
    assert fakes.vault.key is None
    assert probe.tried == []


@pytest.mark.parametrize("typed", [KEY, f"  {KEY}\n", f"`{KEY}`", f'"{KEY}"'])
async def test_a_key_is_kept_once_a_read_with_it_has_worked(fakes: Fakes, typed: str) -> None:
    probe = Probe()

    connection = await workspaces.connect(fakes.workspace, typed, by=ADMIN, probe=probe)
    assert probe.tried == [KEY]
    assert fakes.vault.key == Secret(KEY)
    assert (connection.last4, connection.connected_by, connection.connected_at) == (
        KEY[-4:],
        ADMIN,
        fakes.clock.now(),
    )


async def test_a_refused_key_is_not_kept_and_the_old_one_stays(fakes: Fakes) -> None:
    await workspaces.connect(fakes.workspace, KEY, by=ADMIN, probe=Probe())

    with pytest.raises(UnauthorizedError):
        await workspaces.connect(fakes.workspace, KEY + "9", by=ADMIN, probe=Probe(UnauthorizedError()))
    assert fakes.vault.key == Secret(KEY)


@pytest.mark.parametrize(
    "typed", ["", "hello", "sk_live_", "xoxb-" + "1" * 20, KEY + " " + KEY, KEY + "é", "sk_live_" + "a" * 501]
)
async def test_what_is_no_key_is_not_tried(fakes: Fakes, typed: str) -> None:
    probe = Probe()

    with pytest.raises(UsageError) as raised:
        await workspaces.connect(fakes.workspace, typed, by=ADMIN, probe=probe)
    assert raised.value.message == "That is no SocialCRM key: one starts with `sk_live_`."
    assert raised.value.field == "api_key"
    assert probe.tried == []


async def test_a_disconnected_workspace_has_no_key(fakes: Fakes) -> None:
    await workspaces.connect(fakes.workspace, KEY, by=ADMIN, probe=Probe())

    await workspaces.disconnect(fakes.workspace, by=ADMIN)
    await workspaces.disconnect(fakes.workspace, by=ADMIN)
    assert fakes.vault.key is None
    assert [(each.what, each.before, each.after) for each in fakes.audit.entries] == [
        ("connected", "", f"key ending in {KEY[-4:]}"),
        ("disconnected", f"key ending in {KEY[-4:]}", ""),
    ]


async def test_rules_are_kept_as_saved_with_the_zone_by_its_name(fakes: Fakes) -> None:
    wanted = some_settings(approvers=(APPROVER, SECOND_APPROVER, APPROVER), needed=2, timezone="new york")

    kept = await workspaces.save_settings(fakes.workspace, wanted, by=ADMIN)
    assert kept == replace(wanted, approvers=(APPROVER, SECOND_APPROVER), timezone="America/New_York")
    assert fakes.settings.settings == kept


async def test_saving_rules_leaves_the_pause_as_it_is() -> None:
    fakes = some_fakes(settings=some_settings(pause=a_pause()))

    assert (await workspaces.save_settings(fakes.workspace, some_settings(), by=ADMIN)).pause == a_pause()
    await workspaces.unpause(fakes.workspace, by=ADMIN)
    saved = await workspaces.save_settings(fakes.workspace, some_settings(pause=a_pause()), by=ADMIN)
    assert saved.pause is None


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"timezone": "Mars"},
            "timezone",
            "“Mars” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`.",
        ),
        ({"needed": -1}, "needed", "At least one approval is needed."),
        ({"needed": 3}, "needed", "3 approvals cannot come from 2 approvers."),
        ({"needed": 2, "approvers": (APPROVER,)}, "needed", "2 approvals cannot come from 1 approver."),
        (
            {"needed": 2, "approvers": (APPROVER, APPROVER)},
            "needed",
            "2 approvals cannot come from 1 approver.",
        ),
        (
            {"due_hours": 48, "expire_hours": 24},
            "due",
            "A request would expire after 24 hours, before it is due after 2 days.",
        ),
        ({"due_hours": -1}, "due", "A time after the request cannot come before it."),
        ({"remind_hours": -1}, "due", "A time after the request cannot come before it."),
        ({"expire_hours": -1}, "due", "A time after the request cannot come before it."),
    ],
)
async def test_rules_that_cannot_work_are_not_kept(
    fakes: Fakes, changes: dict[str, object], field: str, sentence: str
) -> None:
    before = fakes.settings.settings

    with pytest.raises(UsageError) as raised:
        await workspaces.save_settings(fakes.workspace, replace(some_settings(), **changes), by=ADMIN)  # type: ignore[arg-type]
    assert (raised.value.field, raised.value.message) == (field, sentence)
    assert fakes.settings.settings == before


@pytest.mark.parametrize(
    "changes",
    [
        {"needed": 0},
        {"needed": 2},
        {"needed": 5, "approver_groups": ("S1",)},
        {"needed": 5, "approvers": ()},
        {"due_hours": 24, "expire_hours": 24},
        {"due_hours": 24, "expire_hours": 0, "remind_hours": 1, "escalate_to": (ADMIN,)},
    ],
)
async def test_rules_that_can_work_are_kept(fakes: Fakes, changes: dict[str, object]) -> None:
    wanted = replace(some_settings(), **changes)  # type: ignore[arg-type]

    assert await workspaces.save_settings(fakes.workspace, wanted, by=ADMIN) == wanted


async def test_the_log_tells_which_rules_were_changed_and_how(fakes: Fakes) -> None:
    wanted = replace(some_settings(), needed=2, approvers=(), approver_groups=("S1", "S2"))

    await workspaces.save_settings(fakes.workspace, wanted, by=ADMIN)
    await workspaces.save_settings(fakes.workspace, wanted, by=ADMIN)

    (told,) = fakes.audit.entries
    assert (told.who, told.what, told.detail) == (
        ADMIN,
        "settings_changed",
        "approvers, approver_groups, needed",
    )
    assert told.before == f"approvers={APPROVER} {SECOND_APPROVER}; approver_groups=none; needed=1"
    assert told.after == "approvers=none; approver_groups=S1 S2; needed=2"


async def test_rules_that_only_together_cannot_work_are_not_kept(fakes: Fakes) -> None:
    shown = some_settings(approvers=("U1", "U2"), needed=1)
    fakes.settings.settings = replace(shown, approvers=("U1",))

    with pytest.raises(UsageError, match="2 approvals cannot come from 1 approver"):
        await workspaces.save_settings(
            fakes.workspace, replace(shown, needed=2), by=ADMIN, shown=prints(shown)
        )
    assert fakes.settings.settings == replace(shown, approvers=("U1",))


async def test_the_log_tells_who_changed_one_of_the_rules_last(fakes: Fakes) -> None:
    fakes.people.admins |= {"UBOB"}
    await workspaces.save_settings(fakes.workspace, some_settings(needed=2, due_hours=4), by="UBOB")
    await workspaces.save_settings(fakes.workspace, some_settings(needed=2, due_hours=8), by=ADMIN)
    await workspaces.pause(fakes.workspace, by=ADMIN)

    assert await workspaces.who_changed(fakes.workspace, ("needed", "timezone")) == "UBOB"
    assert await workspaces.who_changed(fakes.workspace, ("due_hours",)) == ADMIN
    assert await workspaces.who_changed(fakes.workspace, ("timezone",)) == ""


async def test_a_pause_reaches_every_open_card_and_its_end_lets_go_what_waits(fakes: Fakes) -> None:
    now = fakes.clock.now()
    await fakes.approvals.add(an_approval())
    await fakes.approvals.add(an_approved(id="apr_2", post_id="post_2", act_at=now - timedelta(minutes=1)))
    await fakes.approvals.add(an_approved(id="apr_3", post_id="post_3", act_at=now + timedelta(seconds=5)))
    await fakes.approvals.add(an_approved(id="apr_4", post_id="post_4", act_at=None))
    await fakes.approvals.add(an_approval(id="apr_5", post_id="post_5", state=State.REJECTED))
    cards = {f"render:apr_{number}" for number in (1, 2, 3, 4)}

    await workspaces.pause(fakes.workspace, by=ADMIN, reason="Sad news")
    assert set(fakes.queue.jobs) == cards
    await workspaces.unpause(fakes.workspace, by=ADMIN)

    assert set(fakes.queue.jobs) == cards | {"act:apr_2", "act:apr_3", "act:apr_4"}
    due = {key: job.due for key, job in fakes.queue.jobs.items() if key.startswith("act:")}
    assert due == {"act:apr_2": now, "act:apr_3": now + timedelta(seconds=5), "act:apr_4": now}
    assert [(each.who, each.what, each.detail) for each in fakes.audit.entries] == [
        (ADMIN, "paused", "Sad news"),
        (ADMIN, "unpaused", ""),
    ]


async def test_a_pause_has_a_person_a_reason_and_an_end(fakes: Fakes) -> None:
    paused = await workspaces.pause(fakes.workspace, by=ADMIN, reason=" Sad news ")

    assert paused == some_settings(pause=Pause(ADMIN, "Sad news", fakes.clock.now()))
    assert fakes.settings.settings == paused
    assert (await workspaces.pause(fakes.workspace, by=ADMIN)).pause == Pause(ADMIN, "", fakes.clock.now())
    assert await workspaces.unpause(fakes.workspace, by=ADMIN) == some_settings()
    assert fakes.settings.settings == some_settings()


def stopped(settings: WorkspaceSettings) -> WorkspaceSettings:
    return replace(settings, pause=a_pause())


async def test_a_pause_that_begins_while_something_else_is_saved_holds(fakes: Fakes) -> None:
    workspace = fakes.workspace

    fakes.settings.meanwhile = stopped
    saved = await workspaces.save_settings(workspace, some_settings(needed=2), by=ADMIN)
    assert (saved.pause, saved.needed) == (a_pause(), 2)

    fakes.settings.meanwhile = lambda settings: replace(settings, pause=None)
    assert (await workspaces.save_team(workspace, Team(everyone=Role.VIEWER), by=ADMIN)).pause is None


async def test_a_pause_takes_nothing_back_that_is_saved_meanwhile(fakes: Fakes) -> None:
    fakes.settings.meanwhile = lambda settings: replace(settings, approvers=(SECOND_APPROVER,))
    assert (await workspaces.pause(fakes.workspace, by=ADMIN)).approvers == (SECOND_APPROVER,)

    fakes.settings.meanwhile = lambda settings: replace(settings, team=Team(everyone=Role.VIEWER))
    going = await workspaces.unpause(fakes.workspace, by=ADMIN)
    assert (going.pause, going.team.everyone) == (None, Role.VIEWER)


@pytest.mark.parametrize(
    ("own", "workspace", "zone"),
    [
        ("Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"),
        ("", "Europe/Berlin", "Europe/Berlin"),
        ("Mars/Olympus", "Europe/Berlin", "Europe/Berlin"),
        ("", "", "UTC"),
    ],
)
async def test_a_persons_times_are_in_their_own_zone_first(own: str, workspace: str, zone: str) -> None:
    fakes = some_fakes(settings=some_settings(timezone=workspace))
    fakes.people.set(EDITOR, timezone=own)

    assert await workspaces.zone_for(fakes.workspace, EDITOR) == zone


async def test_an_unpause_that_is_done_again_does_not_end_a_later_pause(fakes: Fakes) -> None:
    first, second = (replace(fakes.workspace, deed=name) for name in ("command-1", "command-2"))
    await workspaces.unpause(first, by=ADMIN)
    await workspaces.pause(second, by=ADMIN, reason="wait")

    again = await workspaces.unpause(first, by=ADMIN)

    assert again.pause
    assert again.pause.reason == "wait"
    assert (await fakes.settings.load()).pause == again.pause
