"""Domain objects as JSON, and times as numbers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.store.records import microseconds, milliseconds, moment, read, written

TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(at=TIMES)
def test_a_time_survives_as_microseconds(at: datetime) -> None:
    assert moment(microseconds(at)) == at


@given(at=TIMES)
def test_milliseconds_never_come_before_the_time(at: datetime) -> None:
    assert timedelta() <= moment(milliseconds(at) * 1000) - at < timedelta(milliseconds=1)


@given(args=st.dictionaries(st.text(), st.text()), at=TIMES)
def test_a_job_survives_as_json(args: dict[str, str], at: datetime) -> None:
    job = Job(JobKind.RENDER, "render:apr_1", "T_ACME", at, args)

    assert read(Job, written(job)) == job


def test_a_record_of_another_version_is_still_read() -> None:
    assert read(WorkspaceSettings, b'{"needed": 2, "of_tomorrow": true}') == WorkspaceSettings(needed=2)
