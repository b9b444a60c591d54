"""The chart under a digest: the number that leads, day by day."""

from dataclasses import replace
from datetime import timedelta
from itertools import dropwhile

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart, Point
from scrm_bot.domain.digests import Report
from scrm_bot.domain.insights import metric_label
from scrm_bot.ports import Workspace

_DAY = timedelta(days=1)


async def show(workspace: Workspace, report: Report, at: CardRef) -> None:
    """Put it into the digest's thread, where enough days are known to draw a curve."""
    chart = chart_of(report)
    if chart:
        await workspace.charts.show(chart, at)


def chart_of(report: Report) -> Chart | None:
    """The leading number of all accounts that have it, from the first day that is known of each."""
    lead = report.headline
    rows = [row.past for row in report.rows if any(value is not None for value in row.past)]
    if lead is None or not rows:
        return None
    length = min(map(len, rows))
    totals = [_sum(day) for day in zip(*(past[-length:] for past in rows), strict=True)]
    first = report.day - _DAY * (length - 1)
    points = (Point(first + _DAY * number, value) for number, value in enumerate(totals))
    label = metric_label(lead.metric)
    chart = Chart(f"Daily {label.lower()}" if lead.is_gain else label, _name(report), tuple(points))
    known = replace(chart, points=tuple(dropwhile(lambda point: point.known is None, chart.points)))
    return known if known.is_drawable else None


def _sum(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _name(report: Report) -> str:
    """The account's, where there is one."""
    alone = report.rows[0].account_id if len(report.rows) == 1 else ""
    return next((each.label for each in report.accounts if alone and each.id == alone), report.workspace)
