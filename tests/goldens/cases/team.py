"""Who has which role."""

from scrm_bot.domain.team import OPEN, Holders, Role, Team
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import team
from tests.builders import some_settings
from tests.goldens import Cases

NAMED = Team(
    admins=Holders(("UADMIN",), ("SBOSSES",)),
    editors=Holders(("UEDITOR", "UGUEST")),
    viewers=Holders((), ("SSALES", "SLEGAL")),
    everyone=Role.NOBODY,
)
MANY = Team(editors=Holders(tuple(f"U{number}" for number in range(60))), everyone=Role.VIEWER)

CASES: Cases = {
    "team.team": team.team(some_settings(), role=Role.EDITOR, admin=False),
    "team.team.empty": team.team(WorkspaceSettings(), role=Role.NOBODY, admin=False),
    "team.team.full": team.team(some_settings(team=NAMED), role=Role.ADMIN, admin=True),
    "team.team.many": team.team(some_settings(team=MANY), role=Role.ADMIN, admin=False, saved=True),
    "team.change": team.change(OPEN),
    "team.change.full": team.change(NAMED, group_names={"SBOSSES": "Bosses"}, metadata='{"channel":"C1"}'),
    "team.change.problem": team.change(MANY, problem="Slack does not list the groups just now."),
}
