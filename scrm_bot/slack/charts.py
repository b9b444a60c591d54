"""Charts as pictures in Slack's threads: `ports.Charts` of one team."""

import logging
from dataclasses import dataclass

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart
from scrm_bot.domain.errors import ScrmError
from scrm_bot.ports import Drawing
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.uploads import Uploads, share, upload
from scrm_bot.views import charts

log = logging.getLogger(__name__)

NAME = "chart.png"


@dataclass(frozen=True, slots=True)
class SlackCharts:
    team_id: str
    messenger: Messenger
    uploads: Uploads
    drawing: Drawing

    async def show(self, chart: Chart, at: CardRef) -> bool:
        """A reply with the picture. What is said in text stands without it, so a failure is only logged."""
        try:
            picture = await self.drawing.png(charts.svg(chart))
            file_id = await upload(
                self.messenger, self.uploads, self.team_id, NAME, picture, alt_text=charts.alt_text(chart)
            )
            await share(self.messenger, self.team_id, file_id, at, title=charts.title(chart))
        except ScrmError as error:
            log.warning("the chart for %s was left out: %s", self.team_id, error)
            return False
        return True
