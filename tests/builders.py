"""Domain objects for tests: a plain one by default, any field by keyword."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrm_bot.domain.approvals import Approval, Attempt, CardRef, Decision, State, Step
from scrm_bot.domain.charts import Chart, Point
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.insights import Account, Metrics, Persona, Trend
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content, Post
from scrm_bot.domain.workspaces import Connection, Pause, Person, WorkspaceSettings

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # a Monday
LATER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Berlin
TEAM = "T1"
EDITOR = "UEDITOR"
APPROVER = "UAPPROVER"
SECOND_APPROVER = "USECOND"
ADMIN = "UADMIN"
APPROVALS_CHANNEL = "CAPPROVALS"


def a_post(**changes: Any) -> Post:
    post = Post(
        id="post_123",
        status="draft",
        body="Launch day is here.",
        account_ids=("acct_1",),
        created_at=NOW - timedelta(hours=1),
        updated_at=NOW - timedelta(hours=1),
    )
    return replace(post, **changes)


def a_content(**changes: Any) -> Content:
    return replace(Content("Launch day is here.", ("acct_1",)), **changes)


def a_policy(**changes: Any) -> Policy:
    return replace(Policy(approvers=(APPROVER, SECOND_APPROVER)), **changes)


def an_approval(**changes: Any) -> Approval:
    """A pending request to publish now; `at` makes it one to schedule, `body` changes its text."""
    content = changes.pop("content", None) or a_content()
    if "at" in changes:
        content = replace(content, at=changes.pop("at"))
    if "body" in changes:
        content = replace(content, body=changes.pop("body"))
    approval = Approval(
        id="apr_1",
        team_id=TEAM,
        post_id="post_123",
        content=content,
        author=EDITOR,
        requested_by=EDITOR,
        created_at=NOW,
        policy=a_policy(),
        zone="Europe/Berlin",
    )
    return replace(approval, **changes)


def a_decision(
    approval: Approval | None = None,
    *,
    by: str = APPROVER,
    step: Step = Step.APPROVE,
    at: datetime = NOW,
    reason: str = "",
) -> Decision:
    """A word on the content of `approval` (of a plain one where none is given)."""
    return Decision(by, step, at, (approval or an_approval()).content.hash, reason)


def an_approved(**changes: Any) -> Approval:
    """Approved by one person, at the end of its undo window; any other state by `state`."""
    state = changes.pop("state", State.APPROVED)
    act_at = changes.pop("act_at", NOW + timedelta(seconds=10))
    pending = an_approval(**changes)
    return replace(pending, state=state, decisions=(a_decision(pending),), act_at=act_at)


def an_attempt(number: int = 1, **changes: Any) -> Attempt:
    return replace(Attempt(number, NOW), **changes)


def a_card_ref(**changes: Any) -> CardRef:
    return replace(CardRef(APPROVALS_CHANNEL, "1764489600.000100"), **changes)


def an_account(**changes: Any) -> Account:
    return replace(Account("acct_1", "instagram", "acme", "Acme", "active"), **changes)


def accounts() -> tuple[Account, ...]:
    """Three networks with different limits of length."""
    return (
        an_account(),
        Account("acct_2", "linkedin", "acme-inc", "Acme Inc", "active"),
        Account("acct_3", "x", "acme_hq", "Acme HQ", "active"),
    )


def metrics(account_id: str = "acct_1", **values: float) -> Metrics:
    """Numbers under the given names, a believable few where none are given."""
    named = values or {"impressions": 1200.0, "likes": 84.0, "followers": 5310.0}
    return Metrics(tuple(named.items()), account_id)


def a_persona(**changes: Any) -> Persona:
    traits = (("voice", ("Warm", "Plain")), ("audience", ("Small shops",)))
    return replace(Persona(traits), **changes)


def a_trend(topic: str = "Slow mornings", volume: float | None = 12400.0) -> Trend:
    return Trend(topic, volume)


def a_connection(**changes: Any) -> Connection:
    return replace(Connection("9f3c", "f" * 64, ADMIN, NOW - timedelta(days=3)), **changes)


def some_settings(**changes: Any) -> WorkspaceSettings:
    """Rules under which a request waits for as long as it takes."""
    settings = WorkspaceSettings(
        APPROVALS_CHANNEL,
        (APPROVER, SECOND_APPROVER),
        timezone="Europe/Berlin",
        due_hours=0,
        remind_hours=0,
        expire_hours=0,
    )
    return replace(settings, **changes)


def a_pause(**changes: Any) -> Pause:
    return replace(Pause(ADMIN, "Sad news today", NOW), **changes)


def a_person(id: str = EDITOR, **changes: Any) -> Person:  # noqa: A002 - the field's own name
    return replace(Person(id, "Edda", "Europe/Berlin", team_id=TEAM), **changes)


def a_digest_schedule(**changes: Any) -> DigestSchedule:
    return replace(DigestSchedule("CDIGEST", "09:00", "Europe/Berlin", created_by=EDITOR), **changes)


def a_report(**changes: Any) -> Report:
    """A quiet day: connected, and nothing happened. Fields by keyword make it a busy one."""
    report = Report(
        workspace="Acme",
        day=date(2026, 11, 30),
        zone="Europe/Berlin",
        as_of=NOW,
        accounts=accounts()[:2],
    )
    return replace(report, **changes)


def a_chart(*values: float | None, metric: str = "Followers", name: str = "Acme") -> Chart:
    """A week from a Wednesday on, unless other values are given."""
    week = values or (1200.0, 1210.0, 1208.0, 1219.0, 1231.0, 1255.0, 1260.0)
    first = date(2026, 11, 25)
    days = tuple(Point(first + timedelta(days=number), value) for number, value in enumerate(week))
    return Chart(metric, name, days)
