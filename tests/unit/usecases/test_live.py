"""Home is drawn anew for those who look, and not more often than they can read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.usecases import approvals, live, workspaces
from tests.builders import ADMIN, APPROVER, EDITOR, some_settings
from tests.fakes.surroundings import FakeViewers
from tests.fakes.workspace import Fakes, some_fakes


@pytest.fixture
def fakes() -> Fakes:
    return some_fakes()


def planned(fakes: Fakes) -> list[Job]:
    return [job for job in fakes.queue.jobs.values() if job.kind is JobKind.HOME]


async def test_where_nobody_looks_nothing_is_drawn(fakes: Fakes) -> None:
    await live.changed(fakes.workspace)

    assert planned(fakes) == []


async def test_all_changes_of_some_seconds_are_one_drawing(fakes: Fakes) -> None:
    await live.opened(fakes.workspace, EDITOR)

    for _ in range(20):
        await live.changed(fakes.workspace)

    (job,) = planned(fakes)
    assert fakes.clock.now() < job.due <= fakes.clock.now() + live.EVERY


async def test_a_later_change_is_a_drawing_of_its_own(fakes: Fakes) -> None:
    await live.opened(fakes.workspace, EDITOR)
    await live.changed(fakes.workspace)
    fakes.clock.at += live.EVERY

    await live.changed(fakes.workspace)

    first, second = sorted(job.due for job in planned(fakes))
    assert second - first == live.EVERY


async def test_whoever_looked_long_ago_looks_no_more(fakes: Fakes) -> None:
    await live.opened(fakes.workspace, EDITOR)
    fakes.clock.at += live.OPEN_FOR + timedelta(seconds=1)

    await live.changed(fakes.workspace)

    assert planned(fakes) == []


class LostViewers(FakeViewers):
    async def since(self, at: datetime) -> Sequence[str]:
        raise StoreUnavailableError("gone")


async def test_a_change_stands_where_home_cannot_be_drawn(fakes: Fakes) -> None:
    await live.changed(replace(fakes.workspace, viewers=LostViewers()))

    assert planned(fakes) == []


async def test_a_request_a_decision_and_a_rule_are_changes(fakes: Fakes) -> None:
    async def fresh() -> int:
        count = len(planned(fakes))
        fakes.clock.at += live.EVERY
        return count

    await live.opened(fakes.workspace, EDITOR)
    asked = await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key="1")
    assert await fresh() == 1
    await approvals.approve(fakes.workspace, asked.id, by=APPROVER)
    assert await fresh() == 2
    await workspaces.save_settings(fakes.workspace, some_settings(needed=2), by=ADMIN)
    assert await fresh() == 3
    await workspaces.pause(fakes.workspace, by=ADMIN)
    assert await fresh() == 4
    await workspaces.disconnect(fakes.workspace, by=ADMIN)
    assert await fresh() == 5


async def test_somebody_is_new_for_their_first_hour(fakes: Fakes) -> None:
    assert await live.is_new(fakes.workspace, EDITOR)
    assert await live.is_new(fakes.workspace, EDITOR)
    fakes.clock.at += timedelta(hours=1)

    assert not await live.is_new(fakes.workspace, EDITOR)
    assert await live.is_new(fakes.workspace, APPROVER)
