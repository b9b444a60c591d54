"""What somebody wants of a draft, kept for the day they ask for approval: a time, and a note."""

from dataclasses import dataclass
from datetime import UTC, datetime

from scrm_bot.domain.when import When, echo
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.usecases import approvals, workspaces
from scrm_bot.views import answers
from scrm_bot.views.blocks import Message
from scrm_bot.views.words import zone_of

KEPT_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """`at` is None for "as soon as it is approved"."""

    at: datetime | None = None
    zone: str = ""
    note: str = ""

    @property
    def told(self) -> str:
        """The time with weekday, date and zone, "" where there is none."""
        return echo(self.at, self.zone) if self.at else ""

    def typed(self, *, now: datetime) -> str:
        """The time as one would type it into "When"; "" where there is none to come."""
        if self.at is None or self.at <= now:
            return ""
        place, name = zone_of(self.zone)
        local = self.at.astimezone(place)
        if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():  # a doubled hour
            local, name = self.at.astimezone(UTC), "UTC"
        return f"{local:%Y-%m-%d %H:%M} {name}"


async def keep(workspace: Workspace, post_id: str, when: When | None, *, zone: str, note: str) -> Plan:
    """Remember it for a month. `zone` is told where `when` names none."""
    plan = Plan(when.at if when else None, when.zone if when else zone, note)
    moment = plan.at.isoformat() if plan.at else ""
    await workspace.memory.keep(
        _name(post_id), {"at": moment, "zone": plan.zone, "note": note}, seconds=KEPT_SECONDS
    )
    return plan


async def of(workspace: Workspace, post_id: str) -> Plan:
    kept = await workspace.memory.recall(_name(post_id))
    if kept is None:
        return Plan()
    return Plan(datetime.fromisoformat(kept["at"]) if kept["at"] else None, kept["zone"], kept["note"])


async def ask(workspace: Workspace, post_id: str, caller: Caller) -> Message:
    """Ask for approval with the time and note that were given with the draft; without a time, to publish."""
    plan = await of(workspace, post_id)
    asked = await approvals.ask(
        workspace,
        post_id,
        at=plan.at,
        by=caller.user_id,
        key=caller.trigger_id or caller.message_ts or post_id,
        zone=plan.zone or await workspaces.zone_for(workspace, caller.user_id),
        note=plan.note,
    )
    settings = await workspace.settings.load()
    return answers.asked(asked, approvals_channel=settings.approvals_channel)


def _name(post_id: str) -> str:
    return f"plan:{post_id}"
