"""The modals and answers of admins."""

from datetime import timedelta

from scrm_bot.domain.hours import ALWAYS
from scrm_bot.domain.jobs import DeadJob, Job, JobKind, LostJob
from scrm_bot.domain.limits import BudgetState, Limits
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import admin, repairing, settings, status
from scrm_bot.views.status import Standing
from tests.builders import NOW, TEAM, a_connection, a_pause, some_settings
from tests.goldens import Cases

GROUPED = some_settings(approver_groups=("S1", "S2"), needed=0, self_approval=True)
PROBLEM = "SocialCRM refused this key."
REASON = "SlackRefusedError: chat.update: invalid_blocks"
DEAD = [
    DeadJob(f"dead_{n}", Job(kind, f"{kind}:apr_{n}", TEAM, NOW), REASON, 10, NOW)
    for n, kind in enumerate(JobKind)
]
LIMITS = Limits(
    BudgetState(used=123, people=1, background=40, pause=11.2, refused=95.0),
    {"POST /ai/rewrite": NOW, "POST /ai/thread": NOW - timedelta(days=2)},
)

CASES: Cases = {
    "admin.connect": admin.connect(metadata='{"channel":"C1"}'),
    "admin.connect.again": admin.connect(a_connection(), problem=PROBLEM),
    "admin.checking": admin.checking(),
    "admin.connected": admin.connected(
        a_connection(), account_names=["Instagram @acme", "X @acme_hq"], missing=["posts:publish"]
    ),
    "admin.connected.bare": admin.connected(a_connection()),
    "admin.key_refused": admin.key_refused(a_connection()),
    "admin.disconnect": admin.disconnect(a_connection()),
    "settings.settings": settings.settings(WorkspaceSettings()),
    "settings.settings.full": settings.settings(GROUPED, group_names={"S1": "Marketing"}, metadata="{}"),
    "settings.settings.problem": settings.settings(
        some_settings(needed=12), problem="There is no zone Berlin/Europe."
    ),
    "settings.settings.overtaken": settings.settings(
        some_settings(), overtaken=settings.Overtaken(("approvers", "expire_hours"), by="UADMIN")
    ),
    "settings.settings.overtaken_by_somebody": settings.settings(
        some_settings(), overtaken=settings.Overtaken(("needed",))
    ),
    "status.status": status.status(
        Standing(a_connection(), some_settings(), works=True, limits=LIMITS, version="0.1.0"), admin=True
    ),
    "status.status.dead": status.status(
        Standing(a_connection(), some_settings(), works=True), admin=True, dead=DEAD
    ),
    "status.status.one_dead": status.status(
        Standing(a_connection(), some_settings(), works=True), admin=True, dead=DEAD[3:4]
    ),
    "repairing.retried": repairing.retried(DEAD[3]),
    "repairing.given_up": repairing.given_up(LostJob("expire:apr_1", JobKind.EXPIRE)),
    "repairing.given_up.digest": repairing.given_up(LostJob("digest:CSOCIAL:2026-12-01", JobKind.DIGEST)),
    "repairing.given_up.home": repairing.given_up(LostJob("home:1", JobKind.HOME)),
    "repairing.given_up.unreadable": repairing.given_up(LostJob("expire:apr_1")),
    "status.status.quiet": status.status(
        Standing(a_connection(), some_settings(), works=True, limits=Limits(BudgetState()))
    ),
    "status.status.not_tried": status.status(Standing(a_connection(), GROUPED)),
    "status.status.refused": status.status(
        Standing(a_connection(), some_settings(), works=False, problem=PROBLEM)
    ),
    "status.status.not_connected": status.status(
        Standing(None, WorkspaceSettings(pause=a_pause())), admin=True
    ),
    "status.saved": status.saved(some_settings()),
    "status.saved.only_the_author": status.saved(some_settings(), short=Shortage(("UAPPROVER",), 1)),
    "status.saved.too_few": status.saved(some_settings(), short=Shortage(("UAPPROVER",), 2)),
    "status.saved.nobody": status.saved(some_settings(), short=Shortage((), 1)),
    "status.saved.unreadable": status.saved(some_settings(), short=Shortage(("UAPPROVER",), 1, ("S1",))),
    "status.saved.with_gaps": status.saved(WorkspaceSettings()),
    "status.saved.waiting": status.saved(
        some_settings(due_hours=24, remind_hours=8, expire_hours=168, escalate_to=("UBOSS", "UADMIN"))
    ),
    "status.saved.waiting_at_any_time": status.saved(
        some_settings(remind_hours=1, working_hours=ALWAYS, escalate_to=("UBOSS",))
    ),
    "status.disconnected": status.disconnected(),
    "status.paused": status.paused(some_settings(pause=a_pause())),
    "status.paused.ended": status.paused(some_settings()),
}
