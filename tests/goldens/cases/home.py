"""App Home."""

from dataclasses import replace

from scrm_bot.domain.approvals import State
from scrm_bot.domain.limits import BudgetState, Limits
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views.home import Desk, closed, home, unsure, welcome
from scrm_bot.views.status import Standing
from tests.builders import (
    LATER,
    a_connection,
    a_pause,
    a_post,
    accounts,
    an_approval,
    metrics,
    some_settings,
)
from tests.goldens import Cases

CONNECTED = Standing(a_connection(), some_settings(), works=True)
BUSY = Desk(
    Standing(a_connection(), some_settings(pause=a_pause())),
    waiting=[an_approval(id=f"apr_{n}") for n in range(7)],
    failed=[
        a_post(status="failed", error="Instagram refused the picture."),
        a_post(status="failed", body=""),
    ],
    upcoming=[a_post(status="scheduled", scheduled_at=LATER), a_post(status="scheduled", body="")],
    accounts=accounts(),
    zone="Europe/Berlin",
    admin=True,
    to_decide=7,
)
THEIRS = [an_approval(id=f"apr_{n}") for n in range(4)]
AUTHORS = replace(
    Desk(CONNECTED),
    waiting=[*THEIRS, an_approval(id="apr_4", state=State.APPROVED)],
    withdrawable={request.id for request in THEIRS},
)

CASES: Cases = {
    "home.home": home(Desk(CONNECTED)),
    "home.home.busy": home(BUSY),
    "home.home.for_others": home(AUTHORS),
    "home.home.for_others_only": home(replace(AUTHORS, withdrawable=())),
    "home.home.one_for_me": home(
        replace(AUTHORS, waiting=[*THEIRS[:1], replace(THEIRS[1], note="A note. " * 90)], to_decide=1)
    ),
    "home.home.underway": home(replace(AUTHORS, waiting=AUTHORS.waiting[4:])),
    "home.home.limits": home(Desk(replace(CONNECTED, limits=Limits(BudgetState(used=123, people=2))))),
    "home.home.partial": home(Desk(CONNECTED, missing=["approvals", "posts"])),
    "home.home.of_thousands": home(Desk(CONNECTED, looked=50)),
    "home.home.new": home(replace(Desk(CONNECTED), new=True)),
    "home.home.numbers": home(Desk(CONNECTED, numbers=metrics())),
    "home.home.gaps": home(Desk(Standing(a_connection(), WorkspaceSettings()))),
    "home.home.gaps_admin": home(
        Desk(Standing(a_connection(), WorkspaceSettings(approvals_channel="C1")), admin=True)
    ),
    "home.home.blocked": home(
        Desk(
            CONNECTED,
            blocked=[an_approval(id=f"apr_{n}", state=State.ON_HOLD) for n in range(5)],
            failed=[a_post(id=f"post_{n}", status="failed", error="No.") for n in range(7)],
        )
    ),
    "home.closed": closed(),
    "home.unsure": unsure(),
    "home.welcome": welcome(),
    "home.welcome.admin": welcome(admin=True),
}
