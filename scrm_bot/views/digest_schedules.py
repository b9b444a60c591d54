"""When channels get their digests, what went wrong with one, and how it goes on."""

from collections.abc import Sequence

from scrm_bot.domain.digests import DigestSchedule, Planned, Trouble
from scrm_bot.views.blocks import Message, code, context, header, line, message, section
from scrm_bot.views.words import channel, when

_RHYTHMS = {"weekdays": "on weekdays", "weekly": "every Monday", "monthly": "on the first of each month"}
_INVITE = "the bot is not in that channel any more. Invite it with `/invite @scrm-bot`"
_ARCHIVED = "that channel is archived. Unarchive it, or choose another one"
_REMOVED = "Slack does not accept the bot's token any more. Install the bot again"
_CAUSES = {
    Trouble.KEY_REFUSED: "SocialCRM refused the key. An admin connects a new one with `/scrm connect`",
    Trouble.NO_KEY: "no SocialCRM key is connected. An admin connects one with `/scrm connect`",
    "channel_not_found": _INVITE,
    "not_in_channel": _INVITE,
    "is_archived": _ARCHIVED,
    "channel_is_archived": _ARCHIVED,
    "account_inactive": _REMOVED,
    "invalid_auth": _REMOVED,
    "token_expired": _REMOVED,
    "token_revoked": _REMOVED,
    "missing_scope": "the bot lacks the permission to post. Install it again",
    "restricted_action": "the bot may not post in that channel. An admin of Slack allows it there",
}
_MOST = 20
_MOST_LINE = 120


def schedules(found: Sequence[Planned]) -> Message:
    """Which channel gets a digest, when the next one comes, and what is wrong."""
    if not found:
        told = "No channel gets a digest yet. `/scrm digest on #channel 09:00` starts one."
        return message(section(told))
    left = len(found) - _MOST
    more = [context(f"{left:,} more.")] if left > 0 else []
    return message(header("Digests"), *[section(_schedule(each)) for each in found[:_MOST]], *more)


def switched_on(planned: Planned) -> Message:
    schedule, first = planned.schedule, planned.next_run
    told = f"✅ {channel(schedule.channel)} gets a digest {_rhythm(schedule)}."
    return message(
        section(f"{told}\n{f'The first one comes {when(first, schedule.zone)}.' if first else ''}")
    )


def switched_off(schedule: DigestSchedule) -> Message:
    """The line that starts them again has all that was forgotten; a channel in code is no channel."""
    name = channel(schedule.channel)
    again = f"`/scrm digest on` {name} {code(_typed(schedule), _MOST_LINE)} starts them again."
    return message(section(f"Digests for {name} are off. {again}"))


def muted(schedule: DigestSchedule) -> Message:
    until = f" until {when(schedule.muted_until, schedule.zone)}" if schedule.muted_until else ""
    return message(section(f"🔕 The digest of {channel(schedule.channel)} is muted{until}."))


def stopped(schedule: DigestSchedule) -> Message:
    """Told to one person, once: a digest has ended, why, and how it starts again."""
    return message(section(f"⏹️ The digest of {channel(schedule.channel)} has stopped: {_way_on(schedule)}"))


def _schedule(planned: Planned) -> str:
    schedule, told = planned.schedule, [f"{channel(planned.schedule.channel)}: {_rhythm(planned.schedule)}"]
    if schedule.muted_until:
        told[0] += f", muted until {when(schedule.muted_until, schedule.zone)}"
    if planned.next_run:
        told.append(f"Next: {when(planned.next_run, schedule.zone)}.")
    if schedule.last_sent:
        told.append(f"Last sent: {line(schedule.last_sent, 20)}.")
    trouble = _trouble(schedule)
    return "\n".join([*told, *([f"⚠️ {trouble}"] if trouble else [])])


def _trouble(schedule: DigestSchedule) -> str:
    if schedule.stopped:
        return f"Stopped: {_way_on(schedule)}"
    day = line(schedule.problem_day, 20) or "one day"
    match schedule.problem.strip():
        case "":
            return ""
        case Trouble.LATE:
            return _late(schedule, day)
        case Trouble.UNSURE:
            return (
                f"It is not certain whether the digest of {day} arrived: Slack's answer was lost or the bot "
                "was interrupted, and it could not be looked for. It was not sent again; `/scrm digest now` "
                "posts one."
            )
        case _ if schedule.problem_day:
            return f"Slack did not take the digest of {day} ({code(schedule.problem)})."
        case _:
            return line(schedule.problem, 200)


def _late(schedule: DigestSchedule, day: str) -> str:
    if schedule.skipped > schedule.problem_day > "":
        several = f"The digests from {day} to {line(schedule.skipped, 20)} were skipped"
        return f"{several}: none could be sent within two hours of its time."
    return f"The digest of {day} was skipped: it could not be sent within two hours of its time."


def _way_on(schedule: DigestSchedule) -> str:
    cause = _CAUSES.get(schedule.problem, f"Slack refused it ({code(schedule.problem)})")
    again = code(f"/scrm digest on #channel {_typed(schedule)}", _MOST_LINE)
    return f"{cause}; then {again} starts it again."


def _typed(schedule: DigestSchedule) -> str:
    """Its time, zone and days as one would type them."""
    return f"{schedule.at} {schedule.zone}{'' if schedule.days == 'daily' else f' {schedule.days}'}"


def _rhythm(schedule: DigestSchedule) -> str:
    days = _RHYTHMS.get(schedule.days, "every day")
    return f"{days} at {line(schedule.at, 10)} {line(schedule.zone, 60)}"
