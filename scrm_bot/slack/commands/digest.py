"""/scrm digest [now|preview|on #channel HH:MM [ZONE] [daily|weekdays|weekly|monthly]|off|mute 3d|status]"""

from collections.abc import Awaitable, Callable

from scrm_bot.domain.digests import Report, read_schedule
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import channel_id, plain
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import read_duration
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Post, Reply, Silence
from scrm_bot.usecases import bulk, gathering, planning, posted, roles, workspaces
from scrm_bot.views import answers, digest_schedules, digests
from scrm_bot.views.blocks import Message

_DEFAULT_MUTE = "1d"
_READING = {"preview", "status"}  # the rest writes into channels


async def run(call: Invocation, workspace: Workspace) -> Answers:
    word, *rest = call.argument.split(maxsplit=1) or ["preview"]
    handler = _PARTS.get(word.lower())
    if handler is None:
        raise UsageError(
            "Say `now`, `preview`, `on #channel 09:00`, `off`, `mute 3d` or `status`.", verb="digest"
        )
    if word.lower() not in _READING:
        await roles.require(workspace, call.caller.user_id, Role.EDITOR)
    return await handler(call, workspace, " ".join(rest).strip())


async def _preview(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    """As it would come into the named channel, else here, with what holds for one reader."""
    channel, shared = _channel(typed) or call.caller.channel, call.line.shared
    report = await _report(call, workspace, channel)
    told = await _for_one(workspace, report, by=call.caller.user_id, channel=channel, shared=shared)
    return Reply(told, shared=shared)


async def _now(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    """Into the named channel; else where it was asked for, be it a thread or a direct message."""
    here, by = call.caller.channel, call.caller.user_id
    channel = _channel(typed) or here
    report = await _report(call, workspace, channel)
    if not channel:
        return Post(by, await _for_one(workspace, report, by=by))
    thread = call.caller.thread_ts if channel == here else ""
    await posted.post_now(workspace, channel, report, thread_ts=thread)
    return Silence() if channel == here else Reply(answers.posted(channel))


async def _on(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    by = call.caller.user_id
    zone = await workspaces.zone_for(workspace, by)
    schedule = read_schedule(" ".join(_seen(typed)), zone=zone, by=by, channel=call.caller.channel)
    planned = await planning.switch_on(workspace, schedule)
    return Reply(digest_schedules.switched_on(planned), shared=call.line.shared)


async def _off(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    channel = _channel(typed) or call.caller.channel
    ended = await planning.switch_off(workspace, channel, by=call.caller.user_id)
    if ended is None:
        raise UsageError("This channel has no digest: `/scrm digest status` lists those that have one.")
    return Reply(digest_schedules.switched_off(ended), shared=call.line.shared)


async def _mute(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    """`mute [#channel] [3d]`"""
    words = _seen(typed)
    channels = [found for word in words if (found := channel_id(word))]
    length = " ".join(word for word in words if not channel_id(word)) or _DEFAULT_MUTE
    until = workspace.clock.now() + read_duration(length)
    channel = (channels or [call.caller.channel])[0]
    muted = await planning.mute(workspace, channel, until=until, by=call.caller.user_id)
    return Reply(digest_schedules.muted(muted), shared=call.line.shared)


async def _status(call: Invocation, workspace: Workspace, _: str) -> Answers:
    planned = await planning.status(workspace)
    return Reply(digest_schedules.schedules(planned), shared=call.line.shared)


async def _report(call: Invocation, workspace: Workspace, channel: str) -> Report:
    """As that channel's own digest has it; where it has none, a daily one in the caller's zone."""
    planned = await workspace.schedules.get(channel) if channel else None
    zone = planned.zone if planned else await workspaces.zone_for(workspace, call.caller.user_id)
    return await gathering.preview(workspace, zone=zone, schedule=planned)


async def _for_one(
    workspace: Workspace, report: Report, *, by: str, channel: str = "", shared: bool = False
) -> Message:
    """No thread, and no button that would refuse; decisions are for everybody once it is shared."""
    admin = await roles.is_admin(workspace, by)
    theirs = {each.id for each in await bulk.decidable(workspace, report.waiting, by=by)}
    decides = None if shared else theirs
    return digests.digest(report, channel_id=channel, private=True, admin=admin, decides=decides)


def _seen(typed: str) -> list[str]:
    """The words as they were typed, but channels as Slack links them: of those, only that tells the id."""
    return [word if channel_id(word) else plain(word) for word in typed.split()]


def _channel(typed: str) -> str:
    """The channel that was typed, "" for none. A name that is no channel must not mean the one we are in."""
    found = channel_id(typed) if typed else ""
    if found is None:
        raise UsageError(
            f"“{plain(typed)}” is no channel: pick one from Slack's list, as in `#social`.", verb="digest"
        )
    return found


_PARTS: dict[str, Callable[[Invocation, Workspace, str], Awaitable[Answers]]] = {
    "preview": _preview,
    "now": _now,
    "on": _on,
    "off": _off,
    "mute": _mute,
    "status": _status,
}

command = Command(
    "digest",
    "[now|preview|on #channel HH:MM [ZONE] [daily|weekdays|weekly|monthly]|off|mute 3d|status]",
    "The numbers of the day, and what needs you",
    run,
    examples=("/scrm digest preview", "/scrm digest on #social 09:00 weekdays"),
    role=Role.VIEWER,
)
