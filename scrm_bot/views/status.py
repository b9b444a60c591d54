"""How the workspace is connected and set up, without any secret."""

from dataclasses import dataclass

from scrm_bot.domain.workspaces import Connection, WorkspaceSettings
from scrm_bot.views import ids
from scrm_bot.views.approvals import banner
from scrm_bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    code,
    context,
    header,
    line,
    message,
    section,
)
from scrm_bot.views.words import channel, group, listed, mention, moment, zone_of


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a workspace. `works` is what one read with the key just said, None when not tried."""

    connection: Connection | None
    settings: WorkspaceSettings
    works: bool | None = None
    problem: str = ""
    used: int | None = None
    limit: int = 600
    version: str = ""


def status(standing: Standing, *, admin: bool = False) -> Message:
    """The answer to `/scrm status`. `problem` in it is a sentence in Slack's markup."""
    pause = standing.settings.pause
    shown = [header("Status"), *([banner(pause)] if pause else []), section(key_line(standing))]
    shown.append(section("\n".join(rule_lines(standing.settings))))
    small = [f"scrm-bot {line(standing.version, 40)}"] if standing.version else []
    if standing.used is not None:
        small.append(f"{standing.used:,} of {standing.limit:,} requests used in the last minute")
    return message(*shown, *([context(" · ".join(small))] if small else []), *_buttons(standing, admin=admin))


def key_line(standing: Standing) -> str:
    """Whether a key is there, and whether it works, as far as known."""
    found = standing.connection
    if found is None:
        return "🔌 *Not connected.* An admin connects a SocialCRM key with `/scrm connect`."
    by, since = mention(found.connected_by), moment(found.connected_at)
    about = f"the key ending in {code(found.last4, 4)}, by {by}, {since}"
    if standing.works is None:
        return f"🔑 *A key is stored:* {about}."
    if standing.works:
        return f"🟢 *Connected:* {about}. A read with it has just worked."
    return f"❌ *The key does not work:* {about}.\n{standing.problem}".rstrip()


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
    ]


def saved(settings: WorkspaceSettings) -> Message:
    """After the settings were saved."""
    return message(section("✅ *Settings saved*"), section("\n".join(rule_lines(settings))), *_gaps(settings))


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
