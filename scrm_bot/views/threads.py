"""What is said under a card, in its thread, once its post is out."""

from datetime import timedelta

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.insights import Metrics, metric_label
from scrm_bot.domain.remarks import Remark
from scrm_bot.views import ids
from scrm_bot.views.blocks import Message, actions, button, line, message, section
from scrm_bot.views.states import chip, told
from scrm_bot.views.words import number, plural

_MOST_NUMBERS = 8


def remark(approval: Approval, said: Remark) -> Message:
    """One reply: that it is out, or its numbers so long afterwards."""
    stats = actions(button("Stats", ids.Action.POST_STATS, approval.post_id))
    if said.after is None:
        return message(section(f"{chip(approval)}\n{told(approval)}"), stats)
    return message(section(f"📊 *After {_length(said.after)}:* {_numbers(said.numbers)}"), stats)


def _numbers(found: Metrics | None) -> str:
    if found is None:
        return "SocialCRM has no numbers for it yet."
    rows = [f"{number(value)} {line(metric_label(name), 40).lower()}" for name, value in found.values]
    return " · ".join(rows[:_MOST_NUMBERS])


def _length(after: timedelta) -> str:
    hours = after.total_seconds() / 3600
    return plural(round(hours), "hour") if hours >= 1 else plural(max(1, round(hours * 60)), "minute")
