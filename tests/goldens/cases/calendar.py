"""The calendar, by day and by week."""

from dataclasses import replace
from datetime import date, timedelta

from scrm_bot.domain.calendar import Calendar, Entry, Span, Stand, marks
from scrm_bot.views import calendar
from tests.builders import LATER, accounts
from tests.goldens import Cases

ACCOUNTS = accounts()
HOUR = timedelta(hours=1)
WEEK = Span(date(2026, 11, 30), 7, "Europe/Berlin")
DAY = Span(date(2026, 11, 30), 1, "Europe/Berlin")
ENTRIES = (
    Entry("post_1", LATER - 12 * HOUR, Stand.PUBLISHED, "Launch day is here.", "w1", ("acct_1",)),
    Entry("post_2", LATER - 11 * HOUR, Stand.FAILED, "Refused.", "w2", ()),
    Entry("post_3", LATER, Stand.SCHEDULED, "Doors open at nine.", "w3", ("acct_1", "acct_2", "acct_3")),
    Entry("post_4", LATER + HOUR / 2, Stand.WAITING, "Doors open at ten.", "w4", ("acct_2",)),
    Entry("post_5", LATER + 26 * HOUR, Stand.HELD, "Launch day is here.", "w1", ("acct_3",)),
    Entry("post_6", LATER + 27 * HOUR, Stand.APPROVED, "", "", ("acct_1",)),
    Entry("post_7", LATER + 28 * HOUR, Stand.PUBLISHING, "On its way.", "w7", ("acct_9",)),
)
FULL = Calendar(WEEK, WEEK.first, ENTRIES, marks(ENTRIES), total=len(ENTRIES), looked=7)
LONG = replace(FULL, entries=ENTRIES[2:4], total=40, looked=950, is_all=False, untimed=1, key="k_1")

CASES: Cases = {
    "calendar.calendar": calendar.calendar(FULL, accounts=ACCOUNTS),
    "calendar.calendar.today": calendar.calendar(
        replace(FULL, span=DAY, entries=ENTRIES[:1]), accounts=ACCOUNTS
    ),
    "calendar.calendar.of_thousands": calendar.calendar(LONG, accounts=ACCOUNTS),
    "calendar.calendar.last_part": calendar.calendar(
        replace(LONG, skip=25, total=27, is_all=True, untimed=2), accounts=ACCOUNTS
    ),
    "calendar.calendar.next_week": calendar.calendar(Calendar(WEEK.moved(1), WEEK.first), accounts=ACCOUNTS),
    "calendar.calendar.last_week": calendar.calendar(Calendar(WEEK.moved(-1), WEEK.first), accounts=ACCOUNTS),
    "calendar.calendar.no_day": calendar.calendar(Calendar(DAY, DAY.first), accounts=ACCOUNTS),
    "calendar.calendar.yesterday": calendar.calendar(Calendar(DAY.moved(-1), DAY.first), accounts=ACCOUNTS),
}
