"""What the core asks of the outside, in the core's own words.

Every port but `Clock` and `Workspaces` is bound to one team, taken from a verified request or from a job.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Any, Protocol

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.audit import Entry, Filter, Found
from scrm_bot.domain.charts import Chart
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Account, Idea, Media, Metrics, Optimised, Persona, Trend, Upload
from scrm_bot.domain.jobs import Claim, DeadJob, Job, LostJob
from scrm_bot.domain.limits import BudgetState, Limits
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.runs import Run
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.domain.steps import Outputs
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Connection, Person, Secret, WorkspaceSettings


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None: ...


class Lane(StrEnum):
    """Whose turn of the key's budget a call takes: people wait in Slack, background work does not mind."""

    PEOPLE = "people"
    BACKGROUND = "background"


OnWait = Callable[[float], None]
"""Told, once somebody waits for longer than a second, how many seconds it will probably still be."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a key's budget: its name, and until when, in the loop's time, a request may leave on it."""

    name: int
    until: float = inf


class Budget(Protocol):
    """The shared turns of one API key (documentation: "Rate limits", 600 a minute)."""

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        """Return when one request may be sent. Raises `BudgetExhaustedError`, `StoreUnavailableError`."""

    def give_back(self, fingerprint: str, turn: Turn) -> None:
        """Nothing was sent on this turn. Returns at once; a turn whose place has passed is lost, safely."""

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:
        """SocialCRM answered 429: stop every process for `retry_in` seconds, or for the window.

        Returns for how long nobody has a turn now: it may be longer.
        """


class BudgetView(Protocol):
    """What is known of the turns of one API key."""

    async def state(self, fingerprint: str) -> BudgetState:
        """How they stand, over all processes. Raises `StoreUnavailableError`."""


class SocialCRM(Protocol):
    """The 20 endpoints, in the documentation's order.

    Every method raises from the `SocialCRMError` tree, `NotConnectedError`, `BudgetExhaustedError` or
    `StoreUnavailableError`.
    """

    async def list_posts(self, *, limit: int = 20, offset: int = 0) -> Sequence[Post]: ...
    async def create_draft(
        self, body: str, *, account_ids: Sequence[str], media_ids: Sequence[str] = ()
    ) -> Post: ...
    async def get_post(self, post_id: str) -> Post: ...
    async def update_post(self, post_id: str, changes: PostChanges) -> Post: ...
    async def delete_post(self, post_id: str) -> None: ...
    async def schedule_post(self, post_id: str, *, at: datetime, deadline: datetime | None = None) -> Post:
        """Not sent after `deadline`: `SocialCRMUnreachableError` then."""

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        """Not sent after `deadline`: `SocialCRMUnreachableError` then."""

    async def get_post_analytics(self, post_id: str) -> Sequence[Metrics]: ...
    async def rewrite(self, text: str, *, tone: str) -> str: ...
    async def compose(self, prompt: str, *, tone: str = "") -> str: ...
    async def suggest_hashtags(self, text: str) -> Sequence[str]: ...
    async def expand_into_thread(self, text: str) -> Sequence[str]: ...
    async def generate_ideas(self, topic: str = "", *, count: int = 5) -> Sequence[Idea]: ...
    async def optimise(self, text: str) -> Optimised: ...
    async def list_accounts(self, *, limit: int = 50, offset: int = 0) -> Sequence[Account]: ...
    async def get_account_analytics(self) -> Sequence[Metrics]: ...
    async def get_persona(self) -> Persona: ...
    async def list_trending(self, *, limit: int = 20, offset: int = 0) -> Sequence[Trend]: ...
    async def request_upload(self, filename: str, *, content_type: str, size: int) -> Upload: ...
    async def confirm_upload(self, media_id: str) -> Media: ...

    def walk_posts(self, *, most: int = 1000) -> AsyncIterator[Post]:
        """Every post, page by page until a short page, `most` at the most."""

    async def send_bytes(self, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
        """Put a file's bytes where `upload` says, without the API key."""

    async def read(self, path: str, params: Mapping[str, str]) -> Any:
        """A documented GET as it came: JSON. Raises `UsageError` for any other path."""


class LimitsView(Protocol):
    """What SocialCRM allows this workspace, and how much of it is left."""

    async def state(self) -> Limits:
        """Raises `NotConnectedError`, `StoreUnavailableError`, `VaultError`."""


class KeyVault(Protocol):
    """The one key of this brand of the workspace, sealed at rest."""

    async def connection(self) -> Connection | None: ...
    async def reveal(self) -> tuple[Secret, str]:
        """The key and its fingerprint, for one call. Raises `NotConnectedError`, `VaultError`."""

    async def store(self, key: Secret, *, by: str, at: datetime) -> Connection: ...
    async def forget(self) -> None: ...


class SettingsStore(Protocol):
    async def load(self) -> WorkspaceSettings: ...
    async def change(
        self, change: Callable[[WorkspaceSettings], WorkspaceSettings]
    ) -> tuple[WorkspaceSettings, WorkspaceSettings]:
        """Store what `change` makes of them as they are by now, whoever else changes them meanwhile.

        Returns them before and after. `change` may be asked more than once, and what it raises ends it.
        Raises `StoreUnavailableError`.
        """


class ApprovalStore(Protocol):
    """Approval requests. Every write is one atomic step together with its jobs and its lines in the log."""

    async def get(self, approval_id: str) -> Approval:
        """Raises `ApprovalNotFoundError`."""

    async def add(
        self, approval: Approval, *, after: str = "", jobs: Sequence[Job] = (), audit: Sequence[Entry] = ()
    ) -> Approval:
        """Store a new request, the latest of its post from here on.

        `after` is the id of the latest as it was seen, or "" without one: raises `ApprovalConflictError`
        where it is another by now. The same id a second time returns the stored one and adds nothing.
        """

    async def save(
        self,
        approval: Approval,
        *,
        intent: timedelta | None = None,
        jobs: Sequence[Job] = (),
        audit: Sequence[Entry] = (),
    ) -> Approval:
        """Store the next version with all of it, or raise `ApprovalConflictError`; returns it as stored.

        `intent`: of a call, or the word that there was none, which is stored only where this is the latest
        request for its post, and no sooner than this long after the store may have forgotten the intent of
        another: raises `RecentLapseError`.
        """

    async def open(self) -> Sequence[Approval]:
        """Every request that is not final, newest first."""

    async def scheduled(self) -> Sequence[Approval]:
        """Every request whose post SocialCRM holds for its time, newest first."""

    async def latest_for(self, post_id: str) -> Approval | None: ...


class Audit(Protocol):
    """The log of this workspace. Entries are added, and none is ever changed."""

    async def append(self, *entries: Entry) -> None: ...
    async def read(self, wanted: Filter, *, most: int) -> Sequence[Entry]:
        """The newest `most` that fit, newest first."""


class Memory(Protocol):
    """What the bot remembers of one person and of one modal; everything here has a life of days."""

    async def remember_post(self, user_id: str, post_id: str) -> None: ...
    async def last_post(self, user_id: str) -> str | None: ...
    async def remember_list(self, user_id: str, post_ids: Sequence[str]) -> None: ...
    async def listed_post(self, user_id: str, number: int) -> str | None:
        """The post that had this number (from 1) in the person's latest list."""

    async def keep(self, name: str, value: Mapping[str, Any], *, seconds: int = 86_400) -> None:
        """Keep a small JSON object under a name of the caller's, such as a modal's session."""

    async def recall(self, name: str) -> dict[str, Any] | None: ...
    async def forget(self, name: str) -> None: ...


class JobQueue(Protocol):
    """This team's part of the due index."""

    async def put(self, *jobs: Job) -> None: ...
    async def cancel(self, key: str) -> None: ...
    async def has(self, key: str) -> bool:
        """Whether such a job waits, runs, or is tried again."""

    async def dead(self) -> Sequence[DeadJob]:
        """The jobs that were given up, the latest first."""

    async def revive(self, dead: DeadJob, *, due: datetime) -> bool:
        """Put one back. False when it is not among the dead any more."""


class ScheduleStore(Protocol):
    """The digests of this workspace, one per channel."""

    async def all(self) -> Sequence[DigestSchedule]: ...
    async def get(self, channel: str) -> DigestSchedule | None: ...
    async def save(self, schedule: DigestSchedule, *, jobs: Sequence[Job] = ()) -> None: ...
    async def revise(
        self,
        channel: str,
        change: Callable[[DigestSchedule], DigestSchedule],
        *,
        known: DigestSchedule | None = None,
    ) -> DigestSchedule | None:
        """Change the schedule as it is by now, whoever changes it meanwhile; None where there is none.

        `change` may be asked more than once, and of what is `known` first: that saves reading it again.
        Raises `StoreUnavailableError`.
        """

    async def remove(self, channel: str) -> None: ...
    async def run_of(self, channel: str, day: str) -> Run:
        """How far this channel's digest of this local date is."""

    async def keep_posted(self, at: CardRef, report: Report) -> None:
        """Remember for some days that this digest is in Slack, for the requests that it lists."""

    async def posted_with(self, approval_id: str) -> Sequence[tuple[CardRef, Report]]:
        """The digests of some days that list a request, the newest first, a bounded number of them."""

    async def step(self, channel: str, day: str, before: Run, after: Run) -> bool:
        """Store what it becomes. False when it is not what it was read as any more."""


class Rounds(Protocol):
    """Which workspaces' digests are to be looked after, over all teams."""

    async def take(self, *, seconds: int) -> Sequence[str]:
        """The scopes whose digests nobody has looked after for so long; nobody else gets them until then."""


class Lapses(Protocol):
    """Whether the memory of all teams may have lost the newest of what it had confirmed."""

    async def unseen(self) -> str:
        """The name of a memory that went on from something older; empty where nobody has to look after it.

        The wait before another call (`ApprovalStore.save`) counts from here, else from the first that waits.
        """

    async def scopes(self) -> Sequence[str]:
        """Whose requests may have been forgotten."""

    async def seen(self, memory: str) -> None:
        """All of them were looked after."""


class Numbers(Protocol):
    """What SocialCRM's numbers of this workspace were, day by day."""

    async def add(self, day: date, snapshot: Snapshot, *, again: bool = False) -> bool:
        """Keep the numbers of a local date, or `again` its second ones. False when it has them already."""

    async def read(self, days: Sequence[date]) -> Mapping[date, Sequence[Snapshot]]:
        """Those days that have numbers; where they were kept twice, the first come first."""

    async def facts(self) -> Facts | None:
        """What another digest of this workspace has read some minutes ago."""

    async def share(self, facts: Facts, *, seconds: int) -> None: ...
    async def begin(self) -> bool:
        """True for the one caller who shall read for all others, until `end` or for a minute."""

    async def end(self) -> None: ...


class Newsdesk(Protocol):
    """Digests in Slack. How they look is the surface's business. All raise `SlackRefusedError`."""

    async def send(self, channel: str, report: Report, *, run_key: str, thread_ts: str = "") -> str:
        """Post one digest, marked with its run's key; returns its ts."""

    async def find(self, channel: str, *, run_key: str, since: datetime) -> str | None:
        """The digest with this mark, posted since then. Needs the right to read the channel."""

    async def update(self, at: CardRef, by_now: Callable[[], Awaitable[Report]]) -> None:
        """Show a digest again, as it is once its turn has come. Nothing happens where it is gone."""

    async def details(self, at: CardRef, report: Report) -> None:
        """Say in a digest's thread what has no place in it."""

    async def tell(self, user_id: str, schedule: DigestSchedule) -> None:
        """Tell one person that a digest has stopped, why, and how to start it again."""


class Drawing(Protocol):
    """Making pictures. Never holds the loop."""

    async def png(self, svg: str) -> bytes:
        """Raises `DrawingError`."""


class Charts(Protocol):
    """Pictures of numbers in Slack."""

    async def show(self, chart: Chart, at: CardRef) -> bool:
        """Put one into a message's thread. False, and a line in the log, where that failed."""


class Exports(Protocol):
    """What the bot keeps, as files in Slack."""

    async def audit_log(self, found: Found, wanted: Filter, *, to: str, thread_ts: str = "") -> None:
        """Put the log into a channel or, with a person's id, a direct message. Raises `SlackRefusedError`."""


class People(Protocol):
    """Who is who in Slack."""

    async def get(self, user_id: str) -> Person: ...
    async def group_members(self, group_id: str) -> frozenset[str] | None:
        """None where nobody can say: the group is gone, or the bot may not read it."""

    async def groups(self) -> Mapping[str, str]:
        """Every user group's id and name (docs: usergroups.list)."""

    async def is_admin(self, user_id: str) -> bool:
        """The installer; or, where the bot was given a token, an owner or admin (docs: users.info)."""


class Files(Protocol):
    """Files that people shared in Slack, read with the bot's own right."""

    async def find(self, file_id: str) -> SlackFile:
        """All that Slack tells of a file (docs: files.info). Raises `UsageError`."""

    def open(self, file: SlackFile) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Its bytes, piece by piece, exactly as many as it was said to have.

        Raises `UsageError`, on entering or while they are read.
        """


class Announcer(Protocol):
    """Telling people things in Slack. How it looks is the surface's business."""

    async def show(self, approval: Approval) -> CardRef:
        """Bring the request's card up to date; where it has none, post it. Raises `SlackRefusedError`.

        Where an earlier try may have posted it, that one is looked for first.
        """

    async def show_copies(self, approval: Approval) -> None:
        """Bring every other copy up to date. Raises `SlackRefusedError` when some should be tried again."""

    async def tell(self, user_id: str, approval: Approval) -> CardRef:
        """Tell one person, in a direct message, where this request stands: a copy of its card."""

    async def say_in_thread(self, approval: Approval, remark: Remark) -> None:
        """Say something under the request's card."""

    async def notify(self, user_id: str, approval: Approval, *, why: Why) -> CardRef:
        """Tell one person, in a direct message of its own, that the request waits for them or has ended."""

    async def retire(self, copy: CardRef, approval: Approval) -> None:
        """Put into a copy's place that a newer message about the request is below."""

    async def say_changes(self, approval: Approval) -> CardRef | None:
        """Say under the request's card which changes are wanted; None where it has no card."""

    async def say_unreachable(self, user_id: str, approval: Approval) -> None:
        """Tell one person that the card cannot be brought up to date, and what still works."""

    async def say_key_refused(self, user_id: str, connection: Connection) -> None:
        """Tell one person that SocialCRM does not accept this key any more, and the way out."""

    async def say_given_up(self, user_id: str, lost: LostJob) -> None:
        """Tell one person of a job that is not done any more, what that means, and what to do."""


class WorkflowSteps(Protocol):
    """The steps of workflows that wait for the bot (docs: functions.*). Raises `SlackRefusedError`."""

    async def succeed(self, execution_id: str, outputs: Outputs) -> None: ...
    async def fail(self, execution_id: str, sentence: str) -> None: ...


class Viewers(Protocol):
    """Who opened App Home lately."""

    async def note(self, user_id: str, *, at: datetime) -> None: ...
    async def since(self, at: datetime) -> Sequence[str]:
        """Those who opened it since then, the latest first, a bounded number of them."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything a use case may reach, bound to one team and, of its brands, to one. Opening one does no I/O.

    The team's own are `settings`, `audit`, `people`, `steps` and `viewers`; all else is the brand's.
    `of_brand` opens the same team for another one.
    `with_key` is the API seen with a key that is not stored, to try one. `undo` is how long an approved
    publish can be taken back; `settle` is how long after a lost answer a post that looks untouched counts as
    not sent.
    """

    team_id: str
    socialcrm: SocialCRM
    vault: KeyVault
    settings: SettingsStore
    approvals: ApprovalStore
    memory: Memory
    jobs: JobQueue
    schedules: ScheduleStore
    people: People
    announcer: Announcer
    clock: Clock
    with_key: Callable[[Secret], SocialCRM]
    files: Files
    audit: Audit
    limits: LimitsView
    numbers: Numbers
    newsdesk: Newsdesk
    charts: Charts
    exports: Exports
    steps: WorkflowSteps
    viewers: Viewers
    of_brand: "Callable[[str], Workspace]"
    undo: timedelta = timedelta(seconds=10)
    settle: timedelta = timedelta(seconds=90)
    name: str = ""
    brand: str = ""
    deed: str = ""


class Workspaces(Protocol):
    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace: ...


class WorkQueue(Protocol):
    """The due index of all teams, as the worker and the surface see it."""

    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        """Store the job and claim it in one step. None when `dedupe` was accepted before."""

    async def withdraw(self, job: Job, *, dedupe: str) -> bool:
        """Take back what was to be accepted, where nobody knows whether it was, or still will be.

        False when it is too late: it was done, or somebody else has it.
        """

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]: ...
    async def renew(self, claim: Claim, *, lease: float) -> bool: ...
    async def finish(self, claim: Claim) -> bool:
        """Remove the job. False when the claim is stale: someone else has it now."""

    async def postpone(self, claim: Claim, *, due: datetime, failed: bool = False) -> bool:
        """Run it again at `due`. Only failed attempts are counted; a planned return starts at none."""

    async def bury(self, claim: Claim, *, reason: str) -> bool: ...
    async def wait(self, seconds: float) -> None:
        """Return at the latest after `seconds`, sooner when work was put."""
