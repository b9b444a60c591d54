from datetime import UTC, datetime

import pytest

from scrm_bot.domain.jobs import DeadJob, Job, JobKind, LostJob
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import repairing, status
from tests.builders import TEAM

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", JobKind)
def test_every_job_that_was_given_up_is_told_in_words(kind: JobKind) -> None:
    dead = DeadJob("1", Job(kind, "key", TEAM, AT), "It broke.", 10, AT)

    told = status.status(status.Standing(None, WorkspaceSettings()), dead=[dead]).text
    assert "It broke." in told
    assert "Trying again" in repairing.retried(dead).text


@pytest.mark.parametrize("kind", JobKind)
def test_whatever_is_given_up_an_admin_reads_what_is_safe_and_what_to_do(kind: JobKind) -> None:
    told = repairing.given_up(LostJob("key", kind)).text

    assert "publishes and schedules nothing" in told
    assert "`/scrm status`" in told


@pytest.mark.parametrize(
    ("kind", "meanwhile"),
    [
        (JobKind.INTERACTION, "nobody told them"),
        (JobKind.KEY_REFUSED, "`/scrm connect`"),
    ],
)
def test_where_a_promise_was_not_kept_an_admin_reads_whose_and_what_to_do(
    kind: JobKind, meanwhile: str
) -> None:
    assert meanwhile in repairing.given_up(LostJob("key", kind)).text
