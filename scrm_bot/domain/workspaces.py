"""A Slack workspace: who installed the bot, which key it uses, and its rules."""

from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.brands import NO_BRANDS, Brand, Brands
from scrm_bot.domain.hours import OFFICE, WorkingHours
from scrm_bot.domain.team import OPEN, Team


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in one workspace, or in all of an organisation (then `team_id` is the organisation's).

    Tokens are secrets: they never appear in a repr or a log. `expires_at` is None for a token without an end;
    the others are renewed with `refresh_token` (docs: token rotation).
    """

    team_id: str
    bot_token: "Secret"
    bot_user_id: str = ""
    bot_id: str = ""
    installer: str = ""
    enterprise_id: str = ""
    team_name: str = ""
    scopes: tuple[str, ...] = ()
    app_id: str = ""
    installed_at: datetime | None = None
    refresh_token: "Secret | None" = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A string that shows itself only on `reveal()`."""

    _value: str

    def reveal(self) -> str:
        return self._value

    @property
    def last4(self) -> str:
        return self._value[-4:]

    def __repr__(self) -> str:
        return "Secret(****)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Connection:
    """What may be told of a stored key. `fingerprint` is keyed: equal for equal keys, useless otherwise."""

    last4: str
    fingerprint: str
    connected_by: str
    connected_at: datetime


@dataclass(frozen=True, slots=True)
class ListedBrand:
    """One brand as it stands."""

    brand: Brand
    connection: Connection | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Pause:
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """The rules of one workspace.

    `needed` is how many approvals a request takes, 0 = all listed approvers. `timezone` is an IANA name.
    `due_hours`, `remind_hours` and `expire_hours` count from the request on, 0 = never; nobody is reminded
    outside their `working_hours`. `escalate_to` are told once when a request is overdue.
    `team` says who has which role, `brands` which keys are connected where it is more than one.
    """

    approvals_channel: str = ""
    approvers: tuple[str, ...] = ()
    approver_groups: tuple[str, ...] = ()
    needed: int = 1
    self_approval: bool = False
    timezone: str = "UTC"
    pause: Pause | None = None
    due_hours: int = 24
    remind_hours: int = 8
    expire_hours: int = 168
    working_hours: WorkingHours = OFFICE
    escalate_to: tuple[str, ...] = ()
    team: Team = OPEN
    brands: Brands = NO_BRANDS


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in Slack, as users.info tells it (docs: users.info)."""

    id: str
    name: str = ""
    timezone: str = ""
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    team_id: str = ""
    is_gone: bool = False

    def is_member(self, team_id: str) -> bool:
        """A full member: no guest, no bot, nobody from another workspace, and still there."""
        return not (self.is_outsider(team_id) or self.is_guest or self.is_bot or self.is_gone)

    def is_outsider(self, team_id: str) -> bool:
        """From another workspace, met in a channel that is shared with it (Slack Connect)."""
        return self.team_id not in {"", team_id}
