"""The modal of the workspace's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrm_bot.domain.hours import ALWAYS, OFFICE, WorkingHours, spelled
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import ids, inputs, windows
from scrm_bot.views.blocks import Block, Option, View, context
from scrm_bot.views.inputs import field
from scrm_bot.views.windows import window
from scrm_bot.views.words import hours_told, mention

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
_FIELDS = {
    "approvals_channel": ids.Action.CHANNEL,
    "approvers": ids.Action.APPROVERS,
    "approver_groups": ids.Action.APPROVER_GROUPS,
    "needed": ids.Action.NEEDED,
    "self_approval": ids.Action.SELF_APPROVAL,
    "timezone": ids.Action.TIMEZONE,
    "due_hours": ids.Action.DUE,
    "remind_hours": ids.Action.REMIND,
    "working_hours": ids.Action.WORKING_HOURS,
    "expire_hours": ids.Action.EXPIRE,
    "escalate_to": ids.Action.ESCALATE,
}


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The rules, by name, that somebody else changed while they were changed here; `by`: who, if known."""

    names: Sequence[str]
    by: str = ""


def settings(
    current: WorkspaceSettings,
    *,
    group_names: Mapping[str, str] | None = None,
    problem: str = "",
    overtaken: Overtaken | None = None,
    metadata: str = "",
) -> View:
    """The workspace's rules. `group_names` gives the chosen user groups their names."""
    rules = [*_who(current, group_names or {}), *_how(current), *_waiting(current)]
    if overtaken:
        rules = [block for rule in rules for block in (rule, *_overtaken(rule, overtaken))]
    blocks = [*windows.problem(problem), *rules]
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


def _overtaken(rule: Block, told: Overtaken) -> list[Block]:
    """What stands under a field that shows somebody else's choice now."""
    if rule.get("block_id") not in {_FIELDS[name] for name in told.names}:
        return []
    who = mention(told.by) if told.by else "Somebody else"
    sentence = f"{who} changed this meanwhile: here is what holds now. Nothing of yours is saved yet."
    return windows.problem(sentence)
