from dataclasses import replace
from datetime import date

import pytest

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.movements import AccountRow, Headline
from scrm_bot.usecases import charting
from tests.builders import a_report
from tests.fakes.workspace import some_fakes

AT = CardRef("CDIGEST", "1.0")
Past = tuple[float | None, ...]


def a_led(*pasts: Past, metric: str = "followers", is_gain: bool = False) -> Report:
    """A report that a number leads; the accounts are `acct_1`, `acct_2` and so on."""
    rows = tuple(
        AccountRow(f"acct_{number}", past=past, is_total=is_gain)
        for number, past in enumerate(pasts, start=1)
    )
    return a_report(headline=Headline(metric, 9.0, len(rows), len(rows), is_gain), rows=rows)


def drawn(report: Report) -> Chart:
    chart = charting.chart_of(report)
    assert chart
    return chart


def test_the_last_day_is_the_digests_own() -> None:
    assert [point.day for point in drawn(a_led((1.0, 2.0, 3.0))).points] == [
        date(2026, 11, 28),
        date(2026, 11, 29),
        date(2026, 11, 30),
    ]


def test_several_accounts_are_one_curve_of_the_whole_workspace() -> None:
    chart = drawn(a_led((1.0, 2.0, 3.0), (10.0, 20.0, 30.0)))

    assert (chart.name, chart.values) == ("Acme", (11.0, 22.0, 33.0))


def test_one_account_goes_by_its_own_name() -> None:
    report = a_led((1.0, 2.0))
    label = next(account.label for account in report.accounts if account.id == "acct_1")

    assert drawn(report).name == label


def test_one_account_that_nobody_knows_goes_by_the_workspaces_name() -> None:
    report = a_report(
        headline=Headline("followers", 2.0, 1, 1), rows=(AccountRow("acct_9", past=(1.0, 2.0)),)
    )

    assert drawn(report).name == "Acme"


def test_a_day_that_one_account_lacks_is_a_gap_and_no_smaller_sum() -> None:
    chart = drawn(a_led((1.0, 2.0, 3.0), (10.0, None, 30.0)))

    assert [point.value for point in chart.points] == [11.0, None, 33.0]


def test_an_account_that_is_new_takes_no_days_away_and_the_name_says_so() -> None:
    days = tuple(float(day) for day in range(14))
    chart = drawn(a_led(days, days, (None,) * 12 + (500.0, 500.0)))

    assert (chart.name, len(chart.points), chart.values[-1]) == ("Acme (2 of 3 accounts)", 14, 26.0)


def test_gains_and_levels_are_never_added() -> None:
    report = a_led((1.0, 2.0), (500.0, 900.0), is_gain=True, metric="impressions")
    fell = replace(report.rows[1], is_total=False)

    assert drawn(replace(report, rows=(report.rows[0], fell))).values == (1.0, 2.0)


def test_an_account_that_never_had_the_number_does_not_count() -> None:
    assert drawn(a_led((1.0, 2.0), (None, None))).values == (1.0, 2.0)


def test_the_curve_begins_with_the_first_day_that_is_known() -> None:
    chart = drawn(a_led((None, None, 1.0, None, 3.0)))

    assert [(point.day.day, point.value) for point in chart.points] == [(28, 1.0), (29, None), (30, 3.0)]


@pytest.mark.parametrize(("is_gain", "metric"), [(True, "Daily impressions"), (False, "Impressions")])
def test_what_a_day_brought_is_told_from_how_it_stands(*, is_gain: bool, metric: str) -> None:
    assert drawn(a_led((1.0, 2.0), metric="impressions", is_gain=is_gain)).metric == metric


@pytest.mark.parametrize(
    "report",
    [a_report(), a_led(), a_led((None, None)), a_led((None, 4.0)), a_led((4.0,)), a_led(())],
    ids=["no headline", "no account", "nothing known", "one day known", "one day", "no day"],
)
async def test_without_two_days_there_is_no_chart(report: Report) -> None:
    fakes = some_fakes()

    await charting.show(fakes.workspace, report, AT)

    assert fakes.charts.shown == []


@pytest.mark.parametrize("fails", [False, True])
async def test_the_chart_goes_below_the_digest_and_a_failure_ends_nothing(*, fails: bool) -> None:
    fakes = some_fakes()
    fakes.charts.fails = fails
    report = a_led((1.0, 2.0))

    await charting.show(fakes.workspace, report, AT)

    assert fakes.charts.shown == ([] if fails else [(drawn(report), AT)])


async def test_a_chart_that_is_drawn_later_is_the_same() -> None:
    fakes = some_fakes()
    report = a_led((1.5, None, 2.0, float("nan"), -0.0, 1e300))

    await charting.show_later(fakes.workspace, report, AT, due=fakes.clock.now())
    (job,) = fakes.queue.put_jobs
    await charting.draw(fakes.workspace, job.args, is_repeat=False)

    assert (job.kind, job.due) == (JobKind.CHART, fakes.clock.now())
    ((shown, at),) = fakes.charts.shown
    assert (repr(shown), at) == (repr(drawn(report)), AT)


async def test_a_chart_that_may_be_there_is_not_drawn_again() -> None:
    fakes = some_fakes()
    await charting.show_later(fakes.workspace, a_led((1.0, 2.0)), AT, due=fakes.clock.now())

    await charting.draw(fakes.workspace, fakes.queue.put_jobs[0].args, is_repeat=True)

    assert fakes.charts.shown == []


async def test_where_there_is_no_chart_nothing_is_put() -> None:
    fakes = some_fakes()

    await charting.show_later(fakes.workspace, a_led((1.0,)), AT, due=fakes.clock.now())

    assert fakes.queue.put_jobs == []


async def test_a_store_that_does_not_answer_costs_the_chart_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = some_fakes()

    async def put(*_: Job) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(fakes.queue, "put", put)
    await charting.show_later(fakes.workspace, a_led((1.0, 2.0)), AT, due=fakes.clock.now())

    assert fakes.charts.shown == []
