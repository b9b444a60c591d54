import pytest

from scrm_bot.domain.errors import NotPermittedError, UsageError
from scrm_bot.domain.jobs import DeadJob, Job, JobKind
from scrm_bot.usecases import repairing
from tests.builders import ADMIN, EDITOR, NOW, TEAM
from tests.fakes.workspace import Fakes

DEAD = DeadJob("dead_1", Job(JobKind.RENDER, "render:apr_1", TEAM, NOW), "SlackRefusedError: no", 10, NOW)


async def test_admins_see_what_was_given_up_and_nobody_else_does(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    assert list(await repairing.dead(fakes.workspace, by=ADMIN)) == [DEAD]
    assert list(await repairing.dead(fakes.workspace, by=EDITOR)) == []


async def test_a_job_that_is_put_back_is_due_now_and_in_the_log(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    assert await repairing.retry(fakes.workspace, "dead_1", by=ADMIN) == DEAD
    assert fakes.queue.jobs["render:apr_1"].due == fakes.clock.now()
    assert fakes.work.dead == []
    assert [(entry.who, entry.what, entry.detail) for entry in fakes.audit.entries] == [
        (ADMIN, "job_retried", "render render:apr_1")
    ]


async def test_a_job_that_is_gone_cannot_be_put_back(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="not among the dead any more"):
        await repairing.retry(fakes.workspace, "dead_1", by=ADMIN)


async def test_nobody_else_puts_a_job_back(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    with pytest.raises(NotPermittedError):
        await repairing.retry(fakes.workspace, "dead_1", by=EDITOR)
    assert fakes.queue.jobs == {}
