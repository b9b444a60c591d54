"""How the workspace is connected and set up, without any secret."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.hours import spelled
from scrm_bot.domain.jobs import DeadJob
from scrm_bot.domain.limits import BudgetState, Limits
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.workspaces import Connection, ListedBrand, WorkspaceSettings
from scrm_bot.views import ids
from scrm_bot.views.approvals import banner
from scrm_bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    code,
    context,
    header,
    line,
    message,
    section,
)
from scrm_bot.views.repairing import dead_list
from scrm_bot.views.words import (
    channel,
    group,
    hours_told,
    listed,
    mention,
    mentions,
    moment,
    plural,
    wait,
    zone_of,
)

_MOST_QUOTA = 5
_MOST_BRANDS = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a workspace.

    `works` is what one read with the key just said, None when it could not; `problem` what stood in its way.
    """

    connection: Connection | None
    settings: WorkspaceSettings
    works: bool | None = None
    problem: str = ""
    limits: Limits | None = None
    version: str = ""


def status(
    standing: Standing,
    *,
    admin: bool = False,
    dead: Sequence[DeadJob] = (),
    brands: Sequence[ListedBrand] = (),
) -> Message:
    """The answer to `/scrm status`. `problem` in it is a sentence in Slack's markup."""
    pause = standing.settings.pause
    shown = [header("Status"), *([banner(pause)] if pause else []), section(key_line(standing))]
    shown.append(section("\n".join(rule_lines(standing.settings))))
    if standing.limits:
        shown.append(section("\n".join(limit_lines(standing.limits))))
    shown += [section(_brands(brands))] if brands else []
    told = [context(f"scrm-bot {line(standing.version, 40)}")] if standing.version else []
    return message(*shown, *told, *dead_list(dead), *_buttons(standing, admin=admin))


def key_line(standing: Standing) -> str:
    """Whether a key is there, and whether it works, as far as known."""
    found = standing.connection
    if found is None:
        return "🔌 *Not connected.* An admin connects a SocialCRM key with `/scrm connect`."
    by, since = mention(found.connected_by), moment(found.connected_at)
    about = f"the key ending in {code(found.last4, 4)}, by {by}, {since}"
    if standing.works is None:
        tried = f"\nIt could not be tried just now. {standing.problem}" if standing.problem else ""
        return f"🔑 *A key is stored:* {about}.{tried}"
    if standing.works:
        return f"🟢 *Connected:* {about}. A read with it has just worked."
    return f"❌ *The key does not work:* {about}.\n{standing.problem}".rstrip()


def limit_lines(limits: Limits) -> list[str]:
    """What SocialCRM allows the key, how much of it is taken, and what it refused lately."""
    budget = limits.budget
    last = f"{wait(budget.refused)} ago" if budget.refused is not None else "none in the last day"
    quota = [
        f"*Quota exceeded:* {code(action, 60)}, last {moment(at)}"
        for action, at in sorted(limits.quota.items(), key=lambda each: each[1], reverse=True)[:_MOST_QUOTA]
    ]
    return [
        f"*Requests:* used {budget.used:,}/{budget.limit:,} in the last {wait(budget.window)}",
        f"*Waiting for a turn:* {_queue(budget)}",
        f"*Last 429:* {last}",
        *(quota or ["*Quota exceeded:* not in the last 30 days"]),
    ]


def _brands(listed_brands: Sequence[ListedBrand]) -> str:
    """Every brand in a line, with the last four characters of its key."""
    rows = []
    for each in listed_brands[:_MOST_BRANDS]:
        found = each.connection
        key = f"the key ending in {code(found.last4, 4)}" if found else "not connected"
        rows.append(f"{bold(each.brand.name, 40)}{' (default)' if each.is_default else ''}: {key}")
    left = len(listed_brands) - len(rows)
    more = [f"{left} more: `/scrm brands`"] if left else []
    return "\n".join([*rows, *more])


def _queue(budget: BudgetState) -> str:
    waiting = [plural(budget.people, "person", "people")] if budget.people else []
    waiting += [plural(budget.background, "background call")] if budget.background else []
    stopped = f". All calls are stopped for another {wait(budget.pause)}" if budget.pause else ""
    return (listed(waiting) or "nobody") + stopped


def rule_lines(settings: WorkspaceSettings) -> list[str]:
    """The workspace's rules, a line each."""
    where = channel(settings.approvals_channel) if settings.approvals_channel else "not set"
    own = "may" if settings.self_approval else "may not"
    return [
        f"*Approvals channel:* {where}",
        f"*Approvers:* {_approvers(settings)}",
        f"*Approvals needed:* {settings.needed or 'all approvers'}",
        f"*Authors* {own} approve their own posts",
        f"*Time zone:* {line(zone_of(settings.timezone)[1], 60)}",
        f"*While a request waits:* {_waiting(settings)}",
    ]


def saved(settings: WorkspaceSettings, *, short: Shortage | None = None) -> Message:
    """After the settings were saved; `short` where not every request could be approved under them."""
    rules = section("\n".join(rule_lines(settings)))
    told = [section(_shortage(short))] if short else []
    return message(section("✅ *Settings saved*"), rules, *_gaps(settings), *told)


def _shortage(short: Shortage) -> str:
    """Which requests these rules leave without an end, and what to change."""
    if short.unreadable:
        groups = listed([group(each) for each in short.unreadable])
        return (
            f"⚠️ Slack does not say who is in {groups}: nobody decides as a member of it, and where every "
            "approver is needed, nothing can be approved. Choose others, or install the app again with "
            "`usergroups:read`."
        )
    wanted, able = plural(short.needed, "approval"), mentions(short.able)
    if len(short.able) < short.needed:
        return (
            f"⚠️ Nothing can be approved: it takes {wanted}, and of those named {able} may give one (full "
            "members of this workspace only). Name more approvers."
        )
    return (
        f"Mind the posts that an approver ({able}) writes or asks for: they take {wanted}, too, and authors "
        "do not approve their own. Name one more approver, or let authors approve their own."
    )


def disconnected() -> Message:
    told = "🔌 *Disconnected.* The stored key is erased. To stop the key itself, revoke it in SocialCRM."
    return message(section(told))


def paused(settings: WorkspaceSettings) -> Message:
    """After `/scrm pause` or `/scrm unpause`."""
    if settings.pause:
        return message(banner(settings.pause))
    return message(section("▶️ *Publishing is on again.* Approved posts that waited are taken up now."))


def _approvers(settings: WorkspaceSettings) -> str:
    people = [mention(user) for user in settings.approvers[:20]]
    groups = [group(group_id) for group_id in settings.approver_groups[:20]]
    left = len(settings.approvers) + len(settings.approver_groups) - len(people) - len(groups)
    return listed([*people, *groups, *([f"{left} more"] if left else [])]) or "nobody yet"


def _waiting(settings: WorkspaceSettings) -> str:
    """`due after 24 hours, reminders every 8 hours (weekdays, 09:00 to 18:00), …`."""
    told = [f"due after {spelled(settings.due_hours)}"] if settings.due_hours else []
    if settings.remind_hours:
        hours = hours_told(settings.working_hours)
        told.append(f"reminders every {spelled(settings.remind_hours)} ({hours[:1].lower()}{hours[1:]})")
    if settings.expire_hours:
        told.append(f"expires after {spelled(settings.expire_hours)}")
    if settings.due_hours and settings.escalate_to:
        told.append(f"{mentions(settings.escalate_to)} told when overdue")
    return ", ".join(told) or "nobody is reminded"


def _gaps(settings: WorkspaceSettings) -> list[Block]:
    missing = [] if settings.approvals_channel else ["an approvals channel"]
    if not settings.approvers and not settings.approver_groups:
        missing.append("approvers")
    return (
        [context(f"⚠️ Still missing: {listed(missing)}. Until then nothing can be approved.")]
        if missing
        else []
    )


def _buttons(standing: Standing, *, admin: bool) -> list[Block]:
    if not admin:
        return []
    connect = "Connect" if standing.connection is None else "Connect another key"
    buttons = [button(connect, ids.Action.CONNECT), button("Settings", ids.Action.SHOW_SETTINGS)]
    return [actions(*buttons)]
