"""The chart under a digest: the number that leads, day by day."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import dropwhile

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart, Point, as_args, of_args
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.insights import metric_label
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.movements import AccountRow
from scrm_bot.ports import Workspace

_DAY = timedelta(days=1)


async def show(workspace: Workspace, report: Report, at: CardRef) -> None:
    """Put it into the digest's thread, where enough days are known to draw a curve."""
    chart = chart_of(report)
    if chart:
        await workspace.charts.show(chart, at)


async def show_later(workspace: Workspace, report: Report, at: CardRef, *, due: datetime) -> None:
    """Have a job of its own draw it: a picture takes longer than a digest, and the digests go first."""
    chart = chart_of(report)
    if chart:
        args = {"channel": at.channel, "ts": at.ts, **as_args(chart)}
        job = Job(JobKind.CHART, f"chart:{at.channel}:{at.ts}", workspace.team_id, due, args)
        with suppress(ScrmError):  # the digest says in text what it would show
            await workspace.jobs.put(job)


async def draw(workspace: Workspace, args: Mapping[str, str], *, is_repeat: bool) -> None:
    """The job of one chart. Who was cut off may have shown it, and twice is worse than not at all."""
    if not is_repeat:
        await workspace.charts.show(of_args(args), CardRef(args["channel"], args["ts"]))


def chart_of(report: Report) -> Chart | None:
    """The leading number of the accounts that are known about as long, from the first day that is."""
    lead = report.headline
    rows = _comparable(report.rows, is_total=lead.is_gain) if lead else []
    if lead is None or not rows:
        return None
    length = min(len(row.past) for row in rows)
    totals = [_sum(day) for day in zip(*(row.past[-length:] for row in rows), strict=True)]
    first = report.day - _DAY * (length - 1)
    points = (Point(first + _DAY * number, value) for number, value in enumerate(totals))
    label = metric_label(lead.metric)
    name = _name(report, rows, of=lead.of)
    chart = Chart(f"Daily {label.lower()}" if lead.is_gain else label, name, tuple(points))
    known = replace(chart, points=tuple(dropwhile(lambda point: point.known is None, chart.points)))
    return known if known.is_drawable else None


def _comparable(rows: Sequence[AccountRow], *, is_total: bool) -> list[AccountRow]:
    """Gains or levels, never both; and no account so new that the others' days would have to go."""
    alike = [(row, _known(row)) for row in rows if row.is_total == is_total and _known(row)]
    most = max((count for _, count in alike), default=0)
    return [row for row, count in alike if count >= most / 2]


def _known(row: AccountRow) -> int:
    return sum(value is not None for value in row.past)


def _sum(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _name(report: Report, rows: Sequence[AccountRow], *, of: int) -> str:
    """The account's, where there is one; and how many they are, where some are left out."""
    alone = rows[0].account_id if len(rows) == 1 else ""
    named = next((each.label for each in report.accounts if alone and each.id == alone), "")
    if named or len(rows) == of:
        return named or report.workspace
    return f"{report.workspace} ({len(rows)} of {of} accounts)"
