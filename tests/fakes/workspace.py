"""A workspace of fakes, with each fake within reach of the test."""

from dataclasses import dataclass, field, replace

from scrm_bot.domain.posts import Post
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace
from tests.builders import TEAM, a_post, some_settings
from tests.fakes.announcer import FakeAnnouncer
from tests.fakes.charts import FakeCharts
from tests.fakes.clock import FixedClock
from tests.fakes.exports import FakeExports
from tests.fakes.files import FakeFiles
from tests.fakes.limits import FakeLimits
from tests.fakes.newsdesk import FakeNewsdesk
from tests.fakes.numbers import FakeNumbers
from tests.fakes.people import FakePeople
from tests.fakes.socialcrm import FakeSocialCRM
from tests.fakes.stores import (
    FakeApprovalStore,
    FakeAudit,
    FakeKeyVault,
    FakeMemory,
    FakeScheduleStore,
    FakeSettingsStore,
)
from tests.fakes.surroundings import FakeSteps, FakeViewers
from tests.fakes.work import FakeJobQueue, FakeWorkQueue


@dataclass(slots=True)
class Fakes:
    """The parts of one fake workspace, by their own types; `workspace` is made of them."""

    clock: FixedClock
    work: FakeWorkQueue
    queue: FakeJobQueue
    socialcrm: FakeSocialCRM
    settings: FakeSettingsStore
    audit: FakeAudit
    approvals: FakeApprovalStore
    schedules: FakeScheduleStore
    vault: FakeKeyVault = field(default_factory=FakeKeyVault)
    memory: FakeMemory = field(default_factory=FakeMemory)
    people: FakePeople = field(default_factory=FakePeople)
    announcer: FakeAnnouncer = field(default_factory=FakeAnnouncer)
    files: FakeFiles = field(default_factory=FakeFiles)
    limits: FakeLimits = field(default_factory=FakeLimits)
    steps: FakeSteps = field(default_factory=FakeSteps)
    viewers: FakeViewers = field(default_factory=FakeViewers)
    numbers: FakeNumbers = field(default_factory=FakeNumbers)
    newsdesk: FakeNewsdesk = field(default_factory=FakeNewsdesk)
    charts: FakeCharts = field(default_factory=FakeCharts)
    exports: FakeExports = field(default_factory=FakeExports)
    workspace: Workspace = field(init=False)


def a_workspace(
    *posts: Post,
    settings: WorkspaceSettings | None = None,
    clock: FixedClock | None = None,
    team_id: str = TEAM,
) -> Workspace:
    """`ports.Workspace` of fakes; one draft, `post_123`, unless posts are given."""
    return some_fakes(*posts, settings=settings, clock=clock, team_id=team_id).workspace


def some_fakes(
    *posts: Post,
    settings: WorkspaceSettings | None = None,
    clock: FixedClock | None = None,
    team_id: str = TEAM,
    brand: str = "",
) -> Fakes:
    clock = clock or FixedClock()
    work, audit = FakeWorkQueue(clock), FakeAudit()
    queue = FakeJobQueue(team_id, work)
    fakes = Fakes(
        clock=clock,
        work=work,
        queue=queue,
        socialcrm=FakeSocialCRM(*(posts or (a_post(),)), clock=clock),
        settings=FakeSettingsStore(settings or some_settings()),
        audit=audit,
        approvals=FakeApprovalStore(queue, audit),
        schedules=FakeScheduleStore(queue),
    )
    fakes.workspace = _made_of(fakes, team_id, brand)
    return fakes


def _made_of(fakes: Fakes, team_id: str, brand: str) -> Workspace:
    siblings: dict[str, Workspace] = {}
    workspace = Workspace(
        team_id,
        fakes.socialcrm,
        fakes.vault,
        fakes.settings,
        fakes.approvals,
        fakes.memory,
        fakes.queue,
        fakes.schedules,
        fakes.people,
        fakes.announcer,
        fakes.clock,
        with_key=lambda _: fakes.socialcrm,
        files=fakes.files,
        audit=fakes.audit,
        limits=fakes.limits,
        numbers=fakes.numbers,
        newsdesk=fakes.newsdesk,
        charts=fakes.charts,
        exports=fakes.exports,
        steps=fakes.steps,
        viewers=fakes.viewers,
        of_brand=lambda other: _of_brand(siblings, workspace, other),
        brand=brand,
    )
    siblings[brand] = workspace
    return workspace


def _of_brand(siblings: dict[str, Workspace], first: Workspace, brand: str) -> Workspace:
    """The same each time; the team's own parts are shared, the brand's are others."""
    if brand not in siblings:
        other = some_fakes(clock=first.clock, team_id=first.team_id, brand=brand).workspace  # type: ignore[arg-type]
        siblings[brand] = replace(
            other,
            settings=first.settings,
            audit=first.audit,
            people=first.people,
            viewers=first.viewers,
            steps=first.steps,
            of_brand=first.of_brand,
        )
    return siblings[brand]
