"""A workspace of fakes, with each fake within reach of the test."""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Fakes:
    """The parts of one fake workspace, by their own types."""

    workspace: Workspace
    socialcrm: FakeSocialCRM
    vault: FakeKeyVault
    settings: FakeSettingsStore
    approvals: FakeApprovalStore
    memory: FakeMemory
    queue: FakeJobQueue
    schedules: FakeScheduleStore
    people: FakePeople
    announcer: FakeAnnouncer
    clock: FixedClock
    work: FakeWorkQueue
    files: FakeFiles
    audit: FakeAudit
    limits: FakeLimits
    steps: FakeSteps
    viewers: FakeViewers
    numbers: FakeNumbers
    newsdesk: FakeNewsdesk
    charts: FakeCharts
    exports: FakeExports


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
    work = FakeWorkQueue(clock)
    siblings: dict[str, Workspace] = {}
    queue = FakeJobQueue(team_id, work)
    socialcrm = FakeSocialCRM(*(posts or (a_post(),)), clock=clock)
    vault, memory = FakeKeyVault(), FakeMemory()
    stored = FakeSettingsStore(settings or some_settings())
    audit, limits = FakeAudit(), FakeLimits()
    numbers, newsdesk, charts = FakeNumbers(), FakeNewsdesk(), FakeCharts()
    steps, viewers, exports = FakeSteps(), FakeViewers(), FakeExports()
    approvals, schedules = FakeApprovalStore(queue, audit), FakeScheduleStore(queue)
    people, announcer, files = FakePeople(), FakeAnnouncer(), FakeFiles()
    workspace = Workspace(
        team_id,
        socialcrm,
        vault,
        stored,
        approvals,
        memory,
        queue,
        schedules,
        people,
        announcer,
        clock,
        with_key=lambda _: socialcrm,
        files=files,
        audit=audit,
        limits=limits,
        numbers=numbers,
        newsdesk=newsdesk,
        charts=charts,
        exports=exports,
        steps=steps,
        viewers=viewers,
        of_brand=lambda other: _of_brand(siblings, workspace, other),
        brand=brand,
    )
    siblings[brand] = workspace
    return Fakes(
        workspace,
        socialcrm,
        vault,
        stored,
        approvals,
        memory,
        queue,
        schedules,
        people,
        announcer,
        clock,
        work,
        files,
        audit,
        limits,
        steps,
        viewers,
        numbers,
        newsdesk,
        charts,
        exports,
    )


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
