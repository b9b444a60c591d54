"""Charts by name, each a golden SVG."""

from scrm_bot.domain.charts import Chart
from tests.builders import a_chart

PICTURES: dict[str, Chart] = {
    "charts.week": a_chart(name="Instagram @acme"),
    "charts.month": a_chart(*(1000.0 + number * 37 % 211 + number * 9 for number in range(30))),
    "charts.quarter": a_chart(*(900.0 + number * number / 7 for number in range(90)), None, 2100.0),
    "charts.gaps": a_chart(None, 12.5, None, 14.0, 13.0, None, 15.25, metric="Engagement rate"),
    "charts.flat": a_chart(5.0, 5.0, 5.0),
    "charts.fell": a_chart(2_400_000.0, 2_250_000.0, -120.0),
    "charts.named": a_chart(name='Łukasz & Söhne <b>"Кофе"</b> 日本 🚀'),
    "charts.nameless": a_chart(name="日本のお茶"),
    "charts.long": a_chart(name="Roastery " * 30),
    "charts.astronomical": a_chart(-1.7e308, 1.7e308, 4e15, 3.2e9),
}
