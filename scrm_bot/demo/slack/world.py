"""The workspace as it is when the stand-in starts: team, people, channels, app."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from scrm_bot.demo.slack import mint
from scrm_bot.demo.slack.manifest import Manifest
from scrm_bot.demo.slack.wire import Json

Role = Literal["editor", "approver", "admin", "guest"]


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    real_name: str
    role: Role
    tz: str = "Europe/Berlin"
    color: str = "4a154b"
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    members: tuple[str, ...]
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class UserGroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class App:
    """The app's identity and secrets; made anew for each run unless given."""

    id: str = "A0SCRMBOT"
    bot_id: str = "B0SCRMBOT"
    bot_user_id: str = "U0SCRMBOT"
    client_id: str = "900100200300.900100200301"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    bot_token: str = field(default_factory=mint.bot_token, repr=False)
    app_token: str = field(default_factory=mint.app_token, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """Slack's clocks. Tests shorten them; the defaults are Slack's own."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    retry_delays: tuple[float, ...] = (0.5, 60.0, 300.0)
    heartbeat_seconds: float = 15.0
    strict_rates: bool = True


@dataclass(frozen=True, slots=True)
class Intro:
    """What the page tells a newcomer: who is here, what to try, what runs where."""

    title: str = "Welcome"
    lines: tuple[str, ...] = ()
    suggestions: tuple[Json, ...] = ()
    running: tuple[Json, ...] = ()
    verbs: tuple[Json, ...] = ()
    by_hand: str = ""  # how to let things go wrong oneself, as mrkdwn


ED = Person("U0EDITOR1", "ed", "Ed Editor", "editor", color="1264a3")
ANA = Person("U0APPROV1", "ana", "Ana Approver", "approver", color="2eb67d")
ADA = Person("U0ADMIN01", "ada", "Ada Admin", "admin", color="e01e5a", is_admin=True, is_owner=True)
GUS = Person(
    "U0GUEST01", "gus", "Gus Guest", "guest", tz="America/New_York", color="9e9ea6", is_restricted=True
)
BOT = "U0SCRMBOT"
SOCIAL = Channel("C0SOCIAL1", "social", (ED.id, ANA.id, ADA.id, GUS.id, BOT), topic="What we post and when")
APPROVALS = Channel(
    "C0APPROV1", "approvals", (ED.id, ANA.id, ADA.id, BOT), topic="Posts that wait for a yes", is_private=True
)
GENERAL = Channel("C0GENERAL", "general", (ED.id, ANA.id, ADA.id), topic="Everyone", is_general=True)


@dataclass(frozen=True, slots=True)
class World:
    """Everything the stand-in is told before it starts."""

    team_id: str = "T0ACME001"
    team_name: str = "Acme Social"
    team_domain: str = "acme-social"
    app: App = field(default_factory=App)
    people: tuple[Person, ...] = (ED, ANA, ADA, GUS)
    channels: tuple[Channel, ...] = (SOCIAL, APPROVALS, GENERAL)
    usergroups: tuple[UserGroup, ...] = (UserGroup("S0APPROVE", "approvers", "Approvers", (ANA.id, ADA.id)),)
    manifest: Mapping[str, object] | None = None
    pace: Pace = field(default_factory=Pace)
    intro: Intro = field(default_factory=Intro)
    clock: Callable[[], float] = time.time
    wire_clock: Callable[[], float] | None = None  # what requests are signed with, where that is another
    installed: bool = True

    def read_manifest(self) -> Manifest:
        return Manifest.read(self.manifest)
