from datetime import UTC, datetime

import pytest

from scrm_bot.domain.jobs import DeadJob, Job, JobKind
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import status
from tests.builders import TEAM

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", JobKind)
def test_every_job_that_was_given_up_is_told_in_words(kind: JobKind) -> None:
    dead = DeadJob("1", Job(kind, "key", TEAM, AT), "It broke.", 10, AT)

    told = status.status(status.Standing(None, WorkspaceSettings()), dead=[dead]).text
    assert "It broke." in told
    assert "Trying again" in status.retried(dead).text
