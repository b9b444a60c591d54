"""Jobs that were given up, under /scrm status."""

import pytest

from scrm_bot.domain.errors import NotPermittedError
from scrm_bot.domain.jobs import DeadJob, Job, JobKind
from tests.builders import ADMIN, EDITOR, NOW, TEAM
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import a_reply, click, connected, labels, said, told, value_of

DEAD = DeadJob("dead_1", Job(JobKind.DIGEST, "digest:C1", TEAM, NOW), "SlackRefusedError: no", 10, NOW)


@pytest.fixture
def broken() -> Fakes:
    """A workspace with a job that was given up."""
    fakes = connected()
    fakes.work.dead.append(DEAD)
    return fakes


async def test_an_admin_sees_what_was_given_up_and_puts_it_back(broken: Fakes) -> None:
    status = await told(broken, "status", by=ADMIN)
    assert "A digest `digest:C1`" in said(status)

    reply = a_reply(await click(broken, "retry_job", value_of(status, "Retry"), by=ADMIN))

    assert "Trying again:* A digest" in said(reply)
    assert list(broken.queue.jobs) == ["digest:C1"]
    assert "Retry" not in labels(await told(broken, "status", by=ADMIN))


async def test_nobody_else_sees_it_or_puts_it_back(broken: Fakes) -> None:
    assert "Given up" not in said(await told(broken, "status", by=EDITOR))

    with pytest.raises(NotPermittedError):
        await click(broken, "retry_job", "dead_1", by=EDITOR)
