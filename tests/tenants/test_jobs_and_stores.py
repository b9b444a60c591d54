"""Below Slack: jobs with another team's names, and every store of one team asked for another's."""

from base64 import b64encode
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scrm_bot.domain.audit import Filter
from scrm_bot.domain.errors import ApprovalNotFoundError, VaultError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.runs import Run
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace
from scrm_bot.store import keys
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.audit import RedisAudit
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.memory import RedisMemory
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.snapshots import RedisNumbers
from scrm_bot.store.viewers import RedisViewers
from tests.tenants.conftest import Case
from tests.tenants.loot import EXECUTION, KEPT, NEIGHBOUR
from tests.tenants.street import ANN, APPROVALS, MARKER

DAY = "2026-11-30"
STORES = {"vault", "settings", "approvals", "memory", "jobs", "schedules", "audit", "numbers", "viewers"}
# each with its own team's token
SLACKS = {"people", "announcer", "files", "newsdesk", "charts", "exports", "steps"}
KEYS = {"socialcrm", "with_key", "limits"}  # each with its own team's key


@pytest.mark.parametrize("kind", JobKind)
async def test_a_job_with_another_teams_names_finds_nothing(case: Case, kind: JobKind) -> None:
    street, team, before = case.street, await case.stranger(), await case.look()
    request, place = case.loot.requests[0], {"channel": APPROVALS, "at": f"{DAY}T08:00:00+00:00"}
    sealed = street.ring.seal(f'{{"text": "{MARKER}"}}'.encode(), team=NEIGHBOUR, field="work")
    args = place | {"approval": request.id, "execution": EXECUTION, "sealed": b64encode(sealed).decode()}
    args |= {"post": request.post_id, "team": NEIGHBOUR, "status": "published"}
    args |= {"ts": "5.5", "metric": "Reach", "name": "Acme", "points": "2026-11-29=1.0 2026-11-30=2.0"}
    job = Job(kind, f"forged:{kind}", team, datetime.now(UTC), args)
    await RedisJobQueue(street.database, team).put(job)
    await street.attempted(team, job.key)

    await case.nothing_crossed(team, before)


async def test_what_one_team_sealed_another_cannot_open(case: Case) -> None:
    street, team = case.street, await case.stranger()
    sealed = street.ring.seal(b"what was typed", team=NEIGHBOUR, field="work")
    moved = await street.database.do("GET", keys.api_key(NEIGHBOUR))
    await street.database.do("SET", keys.api_key(team), moved)

    with pytest.raises(VaultError):
        street.ring.open(sealed, team=team, field="work")
    with pytest.raises(VaultError):
        await street.vault(team).reveal()


def test_every_port_is_somebodys() -> None:
    """A new port says here how it is kept apart, and is tried below."""
    plain = {"team_id", "clock", "undo", "settle", "name", "brand", "deed", "of_brand"}

    assert {each.name for each in fields(Workspace)} == STORES | SLACKS | KEYS | plain


async def test_a_store_reads_nothing_of_another_teams(case: Case) -> None:
    database, team = case.street.database, "TNOBODY"
    memory, schedules = RedisMemory(database, team), RedisScheduleStore(database, team)
    approvals, numbers = RedisApprovalStore(database, team), RedisNumbers(database, team)
    for request in case.loot.requests:
        with pytest.raises(ApprovalNotFoundError):
            await approvals.get(request.id)
        assert await approvals.latest_for(request.post_id) is None
    found: list[Any] = [
        *await approvals.open(),
        *await approvals.scheduled(),
        *await schedules.all(),
        *await RedisAudit(database, team).read(Filter(), most=100),
        *await RedisViewers(database, team).since(datetime(2020, 1, 1, tzinfo=UTC)),
        *await RedisJobQueue(database, team).dead(),
        *await numbers.read([date.fromisoformat(DAY)]),
        await memory.last_post(ANN),
        await memory.listed_post(ANN, 1),
        await memory.recall(f"answer:{KEPT}"),
        await schedules.get(APPROVALS),
        await numbers.facts(),
        await case.street.vault(team).connection(),
    ]

    assert not any(found)
    assert await schedules.run_of(APPROVALS, DAY) == Run()
    assert await RedisSettingsStore(database, team).load() == WorkspaceSettings()


async def test_a_store_changes_nothing_of_another_teams(case: Case) -> None:
    database, team, before = case.street.database, await case.stranger(), await case.look()
    queue, memory = RedisJobQueue(database, team), RedisMemory(database, team)
    (dead,) = await RedisJobQueue(database, NEIGHBOUR).dead()

    assert not await queue.revive(dead, due=datetime.now(UTC))
    for key in (dead.job.key, f"remind:{case.loot.requests[0].id}", f"expire:{case.loot.requests[0].id}"):
        await queue.cancel(key)
    await memory.forget(f"answer:{KEPT}")
    await memory.keep(f"form:{KEPT}", {"text": "mine"})
    await RedisScheduleStore(database, team).remove(APPROVALS)
    await RedisNumbers(database, team).add(date.fromisoformat(DAY), Snapshot(datetime.now(UTC), (), ()))
    await RedisViewers(database, team).note(ANN, at=datetime.now(UTC))
    await case.street.vault(team).forget()
    with pytest.raises(ValueError, match="was put by"):
        await queue.put(Job(JobKind.ACT, "act:forged", NEIGHBOUR, datetime.now(UTC), {"approval": MARKER}))

    assert await case.look() == before
