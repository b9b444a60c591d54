"""Domain objects as JSON, and times as numbers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.approvals import Approval, Reminder
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.hours import WorkingHours
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.store.records import microseconds, milliseconds, moment, read, written
from tests.builders import NOW, a_decision, a_policy, an_approval

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


SETTINGS_BEFORE = b"""{"approvals_channel": "C1", "approvers": ["U1"], "approver_groups": [], "needed": 1,
    "self_approval": false, "timezone": "Europe/Berlin", "pause": null}"""
REQUEST_BEFORE = b"""{"id": "apr_1", "team_id": "T1", "post_id": "post_123",
    "content": {"body": "Launch day is here.", "account_ids": ["acct_1"], "media_ids": [], "at": null},
    "author": "UEDITOR", "requested_by": "UEDITOR", "created_at": "2026-11-30T08:00:00Z",
    "policy": {"approvers": ["UAPPROVER", "USECOND"], "groups": [], "needed": 1, "self_approval": false},
    "note": "", "state": "pending", "decisions": [], "act_at": null, "attempt": null, "detail": "",
    "changed_body": null, "confirmed_at": null, "card": null, "copies": [], "zone": "Europe/Berlin",
    "needs_person": false, "version": 0}"""


def test_settings_without_rules_for_waiting_get_the_usual_ones() -> None:
    found = read(WorkspaceSettings, SETTINGS_BEFORE)

    assert found == WorkspaceSettings("C1", ("U1",), timezone="Europe/Berlin")
    assert (found.due_hours, found.remind_hours, found.expire_hours) == (24, 8, 168)


def test_a_request_without_rules_for_waiting_waits_for_as_long_as_it_takes() -> None:
    assert read(Approval, REQUEST_BEFORE) == an_approval()


def test_a_request_with_everything_survives_as_json() -> None:
    request = an_approval(
        policy=a_policy(due_hours=24, working_hours=WorkingHours("07:30", "12:00", weekdays=False)),
        clashes=(Clash(ClashKind.SAME_TEXT, "post_7", NOW, ("acct_1",), published=True),),
        changes=a_decision(),
        reminded=(Reminder("UAPPROVER", NOW),),
        escalated=("UBOSS",),
    )

    assert read(Approval, written(request)) == request
