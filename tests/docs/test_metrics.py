"""docs/metrics.md lists every metric; queries and alerts ask for metrics that exist."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from scrm_bot.demo.slack.wire import Json
from scrm_bot.domain.jobs import Claim, JobKind
from scrm_bot.instruments import Instruments, instruments
from scrm_bot.ports import Lane
from scrm_bot.socialcrm.metering import MeteredBudget
from tests.docs import dashboard
from tests.fakes.budget import FakeBudget
from tests.fakes.clock import START
from tests.unit.jobs.test_worker import job

PAGE = (Path(__file__).parents[2] / "docs/metrics.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]*) ?\| .+ \|$", re.MULTILINE)
NAME = re.compile(r"\b(?:scrm|process)_\w+\b")
LABELS = re.compile(r"\bby \(([^)]*)\)|[{,]\s*(\w+)\s*(?:=~|!~|!=|=)")
SCRAPED = {"instance", "job", "le"}  # labels that Prometheus and its histograms add
GATHERED = ("_bucket", "_count", "_sum")


def used() -> Instruments:
    """Instruments that have counted one of each, so that every metric shows its labels."""
    made = instruments()
    for calls in (made.deeds, made.slack, made.socialcrm, made.redis.calls, made.drawings, made.jobs.runs):
        with calls.one("one"):
            pass
    made.deliveries.delivered("command", 200, seconds=0.1)
    made.redis.answered([OSError()])
    made.jobs.taken(Claim(job(kind=JobKind.ACT), 1, START))
    budget = MeteredBudget(FakeBudget(), made.registry)
    budget.quota_refused("POST /ai/rewrite")
    return made


def metrics() -> Mapping[str, set[str]]:
    """Every metric by the name that a query uses, with its labels."""
    found = {}
    for family in used().registry.collect():
        suffix = {"counter": "_total", "info": "_info"}.get(family.type, "")
        found[family.name + suffix] = set(getattr(family, "_labelnames", ()) or ())
    found["scrm_build_info"] = {"version"}
    return found


def test_the_page_lists_every_metric_with_its_labels_and_no_other() -> None:
    told = {name: set(filter(None, re.split(r", ?", labels.strip()))) for name, labels in ROW.findall(PAGE)}

    assert told == metrics()


def queries(document: Json) -> Iterator[str]:
    for panel in document["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def alerts() -> list[dict[str, Any]]:
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)]
    return [rule for block in blocks for group in block.get("groups", ()) for rule in group["rules"]]


def known(query: str) -> set[str]:
    """The labels that a query may use: those of its metrics. Fails for a metric that does not exist."""
    names, labels = metrics(), set(SCRAPED)
    for name in NAME.findall(query):
        bare = name if name in names else re.sub(f"({'|'.join(GATHERED)})$", "", name)
        assert bare in names, f"{name} in {query}"
        labels |= names[bare]
    return labels


@pytest.mark.parametrize("query", [*queries(dashboard.dashboard()), *(rule["expr"] for rule in alerts())])
def test_a_query_asks_for_what_there_is(query: str) -> None:
    asked = {
        label.strip()
        for group, one in LABELS.findall(query)
        for label in (group or one).split(",")
        if label.strip()
    }

    assert NAME.search(query)
    assert asked <= known(query)
    assert all(query.count(left) == query.count(right) for left, right in ("()", "[]", "{}"))


def test_every_metric_is_somewhere_on_the_dashboard() -> None:
    shown = " ".join(queries(dashboard.dashboard()))

    assert [name for name in metrics() if name not in shown] == ["process_virtual_memory_bytes"]


def test_the_dashboard_is_written_anew_when_its_source_changes() -> None:
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.written()


def test_the_dashboard_is_as_grafana_imports_it() -> None:
    document = dashboard.dashboard()
    panels = document["panels"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    graphs = [panel for panel in panels if panel["type"] != "row"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    assert [panel["title"] for panel in panels if panel["type"] == "row"] == list(dashboard.ROWS)
    assert all(panel["datasource"] == dashboard.SOURCE for panel in graphs)
    assert {panel["type"] for panel in graphs} <= {"timeseries", "stat", "bargauge"}
    assert [each["name"] for each in document["templating"]["list"]] == ["datasource"]
    for panel in graphs:
        letters = [target["refId"] for target in panel["targets"]]
        assert len(set(letters)) == len(letters)


def test_every_alert_says_what_to_do() -> None:
    assert len(alerts()) >= 10
    assert all(rule["alert"].startswith("Scrm") and rule["annotations"]["summary"] for rule in alerts())


def test_no_label_can_tell_one_workspace_or_person_from_another() -> None:
    labels = {label for names in metrics().values() for label in names}

    assert labels == {
        "action",
        "endpoint",
        "error",
        "kind",
        "lane",
        "method",
        "outcome",
        "state",
        "status",
        "version",
    }
    assert {lane.value for lane in Lane} == {"people", "background"}
