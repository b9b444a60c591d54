"""Who is who, asked once and remembered."""

import asyncio

import pytest

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.people import PeopleCache, SlackPeople
from tests.unit.slack.rig import TEAM, Rig, a_rig

ANN = {
    "id": "UANN",
    "name": "ann",
    "team_id": TEAM,
    "tz": "Europe/Berlin",
    "is_admin": False,
    "is_restricted": True,
    "profile": {"display_name": "Ann"},
}


def people(rig: Rig, *, ask_slack: bool = False, cache: PeopleCache | None = None) -> SlackPeople:
    return SlackPeople(
        TEAM,
        messenger=rig.messenger,
        installations=rig.installations,
        cache=cache or PeopleCache(),
        ask_slack=ask_slack,
    )


async def test_a_person_is_asked_for_once() -> None:
    async with a_rig() as rig:
        rig.slack.answers["users.info"] = {"user": ANN}
        asked = people(rig)
        first, again = await asked.get("UANN"), await asked.get("UANN")

        assert first == again
        assert (first.name, first.timezone, first.is_guest, first.is_admin) == (
            "Ann",
            "Europe/Berlin",
            True,
            False,
        )
        assert [call["user"] for call in rig.slack.of("users.info")] == ["UANN"]


@pytest.mark.parametrize(
    ("more", "is_member"),
    [
        ({}, True),
        ({"team_id": "TELSEWHERE"}, False),
        ({"team_id": "TELSEWHERE", "enterprise_user": {"teams": [TEAM, "TELSEWHERE"]}}, True),
        ({"team_id": "TELSEWHERE", "enterprise_user": {"teams": ["TELSEWHERE"]}}, False),
        ({"team_id": "TELSEWHERE", "enterprise_user": None}, False),
        ({"is_restricted": True}, False),
        ({"is_ultra_restricted": True}, False),
        ({"is_bot": True}, False),
        ({"deleted": True}, False),
    ],
)
async def test_who_is_a_full_member_of_this_workspace(*, more: dict[str, object], is_member: bool) -> None:
    async with a_rig() as rig:
        rig.slack.answers["users.info"] = {"user": ANN | {"is_restricted": False} | more}

        assert (await people(rig).get("UANN")).is_member(TEAM) == is_member


async def test_what_is_remembered_runs_out() -> None:
    now = [0.0]
    async with a_rig() as rig:
        rig.slack.answers["users.info"] = {"user": ANN}
        asked = people(rig, cache=PeopleCache(monotonic=lambda: now[0]))
        await asked.get("UANN")
        now[0] = 301.0
        await asked.get("UANN")

        assert len(rig.slack.of("users.info")) == 2


async def test_of_many_who_ask_at_once_one_asks_slack() -> None:
    async with a_rig() as rig:
        rig.slack.answers["users.info"] = {"user": ANN}
        asked = people(rig)
        impatient = asyncio.create_task(asked.get("UANN"))
        others = asyncio.gather(*(asked.get("UANN") for _ in range(50)))
        await asyncio.sleep(0)
        impatient.cancel()

        assert {person.name for person in await others} == {"Ann"}
        assert impatient.cancelled()
        assert len(rig.slack.of("users.info")) == 1


async def test_a_refusal_is_told_to_all_who_asked_and_is_not_remembered() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("users.info", "fatal_error")
        rig.slack.answers["users.info"] = {"user": ANN}
        asked = people(rig)

        told = await asyncio.gather(*(asked.get("UANN") for _ in range(3)), return_exceptions=True)

        assert [str(refusal) for refusal in told] == [str(told[0])] * 3
        assert isinstance(told[0], SlackRefusedError)
        assert (await asked.get("UANN")).name == "Ann"


async def test_the_installer_is_an_admin_and_slacks_admins_only_where_they_count() -> None:
    async with a_rig() as rig:
        rig.slack.answers["users.info"] = {"user": ANN | {"is_owner": True}}

        assert await people(rig).is_admin("UADMIN")
        assert not await people(rig).is_admin("UANN")
        assert await people(rig, ask_slack=True).is_admin("UANN")


async def test_the_members_of_a_group_are_asked_for_once() -> None:
    async with a_rig() as rig:
        rig.slack.answers["usergroups.users.list"] = {"users": ["U1", "U2"]}
        asked = people(rig)

        found = [await asked.group_members("S1") for _ in range(2)]
        assert found == [frozenset({"U1", "U2"})] * 2
        assert len(rig.slack.of("usergroups.users.list")) == 1


@pytest.mark.parametrize("code", ["no_such_subteam", "missing_scope", "plan_upgrade_required"])
async def test_nobody_can_say_who_is_in_a_group_that_cannot_be_read(code: str) -> None:
    async with a_rig() as rig:
        rig.slack.refuse("usergroups.users.list", code)
        rig.slack.refuse("usergroups.users.list", "fatal_error")

        assert await people(rig).group_members("S1") is None
        with pytest.raises(SlackRefusedError, match="fatal_error"):
            await people(rig).group_members("S1")


@pytest.mark.parametrize("code", ["user_not_found", "user_not_visible"])
async def test_whom_slack_does_not_know_here_counts_as_gone(code: str) -> None:
    async with a_rig() as rig:
        rig.slack.refuse("users.info", code)

        assert (await people(rig).get("UWHO")).is_gone


async def test_groups_are_named_by_their_handles() -> None:
    async with a_rig() as rig:
        rig.slack.answers["usergroups.list"] = {
            "usergroups": [{"id": "S1", "handle": "legal"}, {"id": "S2", "name": "Press"}]
        }
        asked = people(rig)

        assert await asked.groups() == await asked.groups() == {"S1": "legal", "S2": "Press"}
        assert len(rig.slack.of("usergroups.list")) == 1
