"""The charts that would be in Slack."""

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart


class FakeCharts:
    """`shown` is every chart with its place. With `fails` there is none, as when Slack refuses a file."""

    def __init__(self) -> None:
        self.shown: list[tuple[Chart, CardRef]] = []
        self.fails = False

    async def show(self, chart: Chart, at: CardRef) -> bool:
        if not self.fails:
            self.shown.append((chart, at))
        return not self.fails
