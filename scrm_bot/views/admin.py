"""The modals of admins: the key, and the workspace's rules; and what an admin is told of the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrm_bot.domain.hours import ALWAYS, OFFICE, WorkingHours, spelled
from scrm_bot.domain.workspaces import Connection, WorkspaceSettings
from scrm_bot.views import ids, inputs
from scrm_bot.views.blocks import (
    Block,
    Message,
    Option,
    View,
    actions,
    bold,
    button,
    code,
    context,
    line,
    message,
    section,
)
from scrm_bot.views.inputs import field
from scrm_bot.views.windows import window
from scrm_bot.views.words import hours_told, mention, moment

_MOST_NEEDED = 10
_DUE = (0, 1, 2, 4, 8, 24, 48, 72)
_REMIND = (0, 1, 2, 4, 8, 24, 48)
_EXPIRE = (0, 8, 24, 48, 72, 168, 336)
_HOURS = (
    OFFICE,
    WorkingHours("08:00", "17:00"),
    WorkingHours("10:00", "19:00"),
    WorkingHours(weekdays=False),
    ALWAYS,
)
EVERYONE = "0"  # value of "Approvals needed" for every approver


@dataclass(frozen=True, slots=True)
class Naming:
    """The names a key can be given beside others. `asks_first`: the one that is there has none yet."""

    name: str = ""
    first: str = ""
    asks_first: bool = False


def connect(
    connection: Connection | None = None,
    *,
    naming: Naming | None = None,
    problem: str = "",
    metadata: str = "",
) -> View:
    """Asks for the key. A typed key is never put back into the field."""
    hint = "It starts with sk_live_. It is tried with one read and stored encrypted; nobody sees it again."
    key = field("API key", inputs.text(ids.Action.API_KEY, placeholder="sk_live_…"), hint=hint)
    where = (
        "Create a key in SocialCRM under *Settings → API keys*. The bot acts with it for everyone in this "
        "workspace, within its scopes and plan."
    )
    blocks = [*_problem(problem), section(where), *_connected(connection), key, *_names(naming)]
    return window(
        ids.Callback.CONNECT, "Connect SocialCRM", blocks, submit="Connect", close="Cancel", metadata=metadata
    )


def _names(naming: Naming | None) -> list[Block]:
    if naming is None:
        return []
    hint = "The key replaces this brand's. A new name keeps the others beside it."
    first: list[Block] = []
    if naming.asks_first:
        hint = "Only for several brands: a name keeps both keys. Left empty, the new one replaces the other."
        field_of_first = inputs.text(ids.Action.FIRST_BRAND, initial=naming.first, placeholder="Acme")
        first = [
            field(
                "Name of the brand that is connected now",
                field_of_first,
                optional=True,
                hint="Needed beside a second one.",
            )
        ]
    name = inputs.text(ids.Action.BRAND, initial=naming.name, placeholder="Globex")
    return [field("Brand", name, optional=True, hint=hint), *first]


def checking() -> View:
    """Shown at once while the key is tried."""
    told = "⏳ *Checking the key…*\nIt is stored only if SocialCRM accepts it."
    return window(ids.Callback.NOTICE, "Connect SocialCRM", [section(told)])


def connected(
    connection: Connection,
    *,
    account_names: Sequence[str] = (),
    missing: Sequence[str] = (),
    brand: str = "",
) -> View:
    """The key was accepted. `missing` are scopes it was seen to lack, `brand` is a name among several."""
    whose = f" {bold(brand, 40)}" if brand else ""
    told = f"✅ *Connected*{whose} with the key ending in {code(connection.last4, 4)}."
    blocks = [section(told)]
    if account_names:
        names = ", ".join(line(name, 60) for name in account_names[:20])
        blocks.append(section(f"*Accounts:* {names}"))
    if missing:
        lacking = ", ".join(code(scope, 40) for scope in missing[:10])
        blocks.append(section(f"⚠️ The key lacks {lacking}: what needs it will not work."))
    blocks.append(
        context("Next: `/scrm settings` for approvers and the approvals channel, then `/scrm draft`.")
    )
    return window(ids.Callback.NOTICE, "Connected", blocks)


def disconnect(connection: Connection, *, metadata: str = "") -> View:
    told = (
        "*Disconnect SocialCRM?* The stored key is erased. Drafts, approvals, publishing and digests stop "
        "until a key is connected again.\nWhat SocialCRM already holds a time for still goes out. "
        "To stop the key itself, revoke it in SocialCRM."
    )
    blocks = [section(told), *_connected(connection)]
    return window(
        ids.Callback.DISCONNECT, "Disconnect", blocks, submit="Disconnect", close="Keep it", metadata=metadata
    )


def settings(
    current: WorkspaceSettings,
    *,
    group_names: Mapping[str, str] | None = None,
    problem: str = "",
    metadata: str = "",
) -> View:
    """The workspace's rules. `group_names` gives the chosen user groups their names."""
    blocks = [*_problem(problem), *_who(current, group_names or {}), *_how(current), *_waiting(current)]
    return window(ids.Callback.SETTINGS, "Settings", blocks, submit="Save", close="Cancel", metadata=metadata)


def _who(current: WorkspaceSettings, names: Mapping[str, str]) -> list[Block]:
    channel = inputs.conversation(
        ids.Action.CHANNEL, initial=current.approvals_channel, placeholder="Choose a channel"
    )
    approvers = inputs.people(ids.Action.APPROVERS, initial=current.approvers, placeholder="Choose people")
    chosen = [Option(names.get(group, group), group) for group in current.approver_groups]
    groups = inputs.suggested(ids.Action.APPROVER_GROUPS, initial=chosen, placeholder="Choose user groups")
    return [
        field(
            "Approvals channel",
            channel,
            optional=True,
            hint="Requests appear there. Invite the bot first: /invite @scrm-bot",
        ),
        field("Approvers", approvers, optional=True, hint="They may approve, reject and request changes."),
        field("Approver groups", groups, optional=True, hint="Everyone in these groups may, too."),
    ]


def _how(current: WorkspaceSettings) -> list[Block]:
    numbers = [Option(str(number), str(number)) for number in range(1, _MOST_NEEDED + 1)]
    needed = inputs.select(
        ids.Action.NEEDED, [*numbers, Option("All of them", EVERYONE)], initial=str(current.needed)
    )
    own = "yes" if current.self_approval else "no"
    alone = inputs.radio(ids.Action.SELF_APPROVAL, [Option("No", "no"), Option("Yes", "yes")], initial=own)
    zone = inputs.text(ids.Action.TIMEZONE, initial=current.timezone, placeholder="Europe/Berlin")
    return [
        field("Approvals needed", needed, hint="How many approvers have to say yes."),
        field("Authors may approve their own posts", alone),
        field(
            "Time zone",
            zone,
            hint="An IANA name, such as Europe/Berlin. Used where a person's own is not known.",
        ),
    ]


def _waiting(current: WorkspaceSettings) -> list[Block]:
    """What happens to requests that nobody decides about."""
    hours = current.working_hours
    known = [hours, *(each for each in _HOURS if each != hours)] if hours not in _HOURS else _HOURS
    others = inputs.people(ids.Action.ESCALATE, initial=current.escalate_to, placeholder="Choose people")
    return [
        context("*While a request waits* (for requests from now on)"),
        field("Due after", _hours_menu(ids.Action.DUE, _DUE, current.due_hours, none="No due time")),
        field(
            "Remind approvers every",
            _hours_menu(ids.Action.REMIND, _REMIND, current.remind_hours, none="Never"),
            hint="Only those who have not decided yet.",
        ),
        field(
            "Reminder hours",
            inputs.select(
                ids.Action.WORKING_HOURS,
                [Option(hours_told(each), str(each)) for each in known],
                initial=str(hours),
            ),
            hint="In each person's own time zone.",
        ),
        field(
            "Expire after",
            _hours_menu(ids.Action.EXPIRE, _EXPIRE, current.expire_hours, none="Never"),
            hint="A request to schedule ends at its own time in any case.",
        ),
        field("Tell when overdue", others, optional=True, hint="Once, an hour after it was due."),
    ]


def _hours_menu(action: str, choices: Sequence[int], current: int, *, none: str) -> Block:
    """A few lengths of time; what is set already is always among them."""
    lengths = sorted({*choices, current})
    entries = [Option(spelled(hours) if hours else none, str(hours)) for hours in lengths]
    return inputs.select(action, entries, initial=str(current))


def key_refused(connection: Connection) -> Message:
    """Told to one admin, once for each key: nothing goes to SocialCRM any more, and the way out."""
    by, since = mention(connection.connected_by), moment(connection.connected_at)
    told = (
        f"🔑 *SocialCRM refused the key ending in* {code(connection.last4, 4)} (connected by {by}, {since}): "
        "it was revoked or is not valid any more. Nothing is read, published or scheduled with it. Drafts "
        "and requests are kept. Create a new key in SocialCRM (Settings, API keys), then "
        "connect it with `/scrm connect`."
    )
    return message(section(told), actions(button("Connect", ids.Action.CONNECT, style="primary")))


def _connected(connection: Connection | None) -> list[Block]:
    if connection is None:
        return []
    since = moment(connection.connected_at)
    by = mention(connection.connected_by)
    return [context(f"Connected now: the key ending in {code(connection.last4, 4)}, by {by}, {since}.")]


def _problem(told: str) -> list[Block]:
    return [section(f"⚠️ {told}")] if told else []
