"""/scrm digest [now|preview|on #channel HH:MM [ZONE] [daily|weekdays|weekly|monthly]|off|mute 3d|status]"""

from collections.abc import Awaitable, Callable

from scrm_bot.domain.digests import read_schedule
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import channel_id
from scrm_bot.domain.when import read_duration
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Post, Reply
from scrm_bot.usecases import digests, workspaces
from scrm_bot.views import digests as views
from scrm_bot.views.blocks import Message

_DEFAULT_MUTE = "1d"


async def run(call: Invocation, workspace: Workspace) -> Answers:
    word, _, rest = call.argument.strip().partition(" ")
    handler = _PARTS.get(word.lower() or "preview")
    if handler is None:
        raise UsageError(
            "Say `now`, `preview`, `on #channel 09:00`, `off`, `mute 3d` or `status`.", verb="digest"
        )
    return await handler(call, workspace, rest.strip())


async def _preview(call: Invocation, workspace: Workspace, _: str) -> Answers:
    return Reply(await _digest(call, workspace), shared=call.line.shared)


async def _now(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    channel = channel_id(typed) or call.caller.channel
    return Post(channel, await _digest(call, workspace))


async def _on(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    by = call.caller.user_id
    zone = await workspaces.zone_for(workspace, by)
    schedule = read_schedule(typed, zone=zone, by=by, channel=call.caller.channel)
    planned = await digests.switch_on(workspace, schedule)
    return Reply(views.switched_on(planned.schedule, first=planned.next_run))


async def _off(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    channel = channel_id(typed) or call.caller.channel
    await digests.switch_off(workspace, channel)
    return Reply(views.switched_off(channel))


async def _mute(call: Invocation, workspace: Workspace, typed: str) -> Answers:
    until = workspace.clock.now() + read_duration(typed or _DEFAULT_MUTE)
    return Reply(views.muted(await digests.mute(workspace, call.caller.channel, until=until)))


async def _status(_: Invocation, workspace: Workspace, __: str) -> Answers:
    return Reply(views.schedules([planned.schedule for planned in await digests.status(workspace)]))


async def _digest(call: Invocation, workspace: Workspace) -> Message:
    zone = await workspaces.zone_for(workspace, call.caller.user_id)
    report = await digests.gather(workspace, name=workspace.name, zone=zone)
    return views.digest(report, channel_id=call.caller.channel)


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
)
