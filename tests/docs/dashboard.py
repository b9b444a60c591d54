"""Write the Grafana dashboard anew: `python -m tests.docs.dashboard`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "docs/deploy/grafana-dashboard.json"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_WIDE, _HIGH = 24, 8


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: what it is called, and a legend and a query for each line in it."""

    title: str
    lines: tuple[tuple[str, str], ...]
    unit: str = "short"
    told: str = ""


def p99(metric: str, *by: str) -> str:
    labels = ", ".join(["le", *by])
    return f"histogram_quantile(0.99, sum by ({labels}) (rate({metric}_bucket[$__rate_interval])))"


def rate(metric: str, *by: str, where: str = "") -> str:
    return f"sum by ({', '.join(by)}) (rate({metric}{where}[$__rate_interval]))"


def went(metric: str, *by: str, where: str = "") -> str:
    return f"sum by ({', '.join(by)}) (increase({metric}{where}[$__range]))"


def minute(metric: str) -> str:
    return f"sum(increase({metric}[1m]))"


ROWS: dict[str, tuple[Panel, ...]] = {
    "Are people served?": (
        Panel(
            "Deliveries by status",
            (("{{kind}} {{status}}", rate("scrm_deliveries_total", "kind", "status")),),
        ),
        Panel(
            "Acknowledgements",
            (("99 of 100 within", p99("scrm_ack_seconds")),),
            "s",
            "Slack waits three seconds.",
        ),
        Panel("What people did took", (("{{kind}}", p99("scrm_deed_seconds", "kind")),), "s"),
        Panel(
            "What people were told instead",
            (("{{outcome}}", went("scrm_deeds_total", "outcome", where='{outcome!="ok"}')),),
            told="unforeseen is a fault of the bot.",
        ),
        Panel("Under way", (("{{instance}}", "sum by (instance) (scrm_background_tasks)"),)),
    ),
    "Is the budget all right?": (
        Panel(
            "Turns used in a minute",
            (
                (
                    "turns",
                    f"{minute('scrm_budget_wait_seconds_count')} - {minute('scrm_budget_given_back_total')}",
                ),
            ),
        ),
        Panel("Waiting", (("{{lane}}", "sum by (lane) (scrm_budget_waiting)"),)),
        Panel("Waits", (("{{lane}}", p99("scrm_budget_wait_seconds", "lane")),), "s"),
        Panel(
            "Refused, paused, given up",
            (
                ("429", went("scrm_rate_limited_total")),
                ("seconds of pause", went("scrm_budget_paused_seconds_total")),
                ("given up, {{lane}}", went("scrm_budget_exhausted_total", "lane")),
                ("quota, {{action}}", went("scrm_quota_exceeded_total", "action")),
            ),
        ),
        Panel(
            "When it was refused last",
            (
                ("429", "max(scrm_rate_limited_at_seconds) * 1000 > 0"),
                ("quota, {{action}}", "max by (action) (scrm_quota_exceeded_at_seconds) * 1000"),
            ),
            "dateTimeFromNow",
        ),
    ),
    "Do jobs run?": (
        Panel("Runs", (("{{kind}} {{outcome}}", rate("scrm_jobs_total", "kind", "outcome")),)),
        Panel("Taken after they were due", (("{{kind}}", p99("scrm_job_pickup_seconds", "kind")),), "s"),
        Panel("Took", (("{{kind}}", p99("scrm_job_seconds", "kind")),), "s"),
        Panel("Queues", (("{{state}}", "max by (state) (scrm_jobs_queued)"),)),
        Panel("The first has waited", (("seconds", "max(scrm_jobs_late_seconds)"),), "s"),
        Panel("In hand", (("{{instance}}", "sum by (instance) (scrm_jobs_running)"),)),
    ),
    "Are posts and digests going out?": (
        Panel(
            "Requests by the state they came into", (("{{state}}", went("scrm_approvals_total", "state")),)
        ),
        Panel("Digests", (("{{outcome}}", went("scrm_digests_total", "outcome")),)),
        Panel("Charts", (("{{outcome}}", went("scrm_drawings_total", "outcome")),)),
        Panel("Drawing one", (("99 of 100 within", p99("scrm_drawing_seconds")),), "s"),
    ),
    "Are Slack, SocialCRM and Redis all right?": (
        Panel(
            "Slack's refusals",
            (
                (
                    "{{method}} {{outcome}}",
                    went("scrm_slack_calls_total", "method", "outcome", where='{outcome!="ok"}'),
                ),
            ),
        ),
        Panel("Slack answers", (("99 of 100 within", p99("scrm_slack_call_seconds")),), "s"),
        Panel(
            "SocialCRM's refusals",
            (
                (
                    "{{endpoint}} {{outcome}}",
                    went("scrm_socialcrm_calls_total", "endpoint", "outcome", where='{outcome!="ok"}'),
                ),
            ),
        ),
        Panel("SocialCRM answers", (("{{endpoint}}", p99("scrm_socialcrm_call_seconds", "endpoint")),), "s"),
        Panel("Redis answers", (("99 of 100 within", p99("scrm_redis_trip_seconds")),), "s"),
        Panel(
            "Redis refuses or is away",
            (
                ("{{outcome}}", went("scrm_redis_trips_total", "outcome", where='{outcome!="ok"}')),
                ("{{error}}", went("scrm_redis_refusals_total", "error")),
            ),
        ),
        Panel(
            "Round trips and commands",
            (
                ("round trips", rate("scrm_redis_trips_total")),
                ("commands", rate("scrm_redis_commands_total")),
            ),
        ),
    ),
    "The processes": (
        Panel("Versions", (("{{version}}", "count by (version) (scrm_build_info)"),)),
        Panel("CPU", (("{{instance}}", rate("process_cpu_seconds_total", "instance")),)),
        Panel("Memory", (("{{instance}}", "sum by (instance) (process_resident_memory_bytes)"),), "bytes"),
        Panel("Open files", (("{{instance}}", "process_open_fds / process_max_fds"),), "percentunit"),
        Panel("Up for", (("{{instance}}", "time() - process_start_time_seconds"),), "s"),
    ),
}


def dashboard() -> dict[str, Any]:
    """As Grafana imports it, for a Prometheus that is chosen there."""
    return {
        "uid": "scrm-bot",
        "title": "scrm-bot",
        "tags": ["scrm-bot"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "links": [],
        "templating": {
            "list": [
                {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
            ]
        },
        "panels": _panels(),
    }


def _panels() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    y = 0
    for title, panels in ROWS.items():
        row = {"type": "row", "title": title, "collapsed": False, "panels": []}
        made.append({"id": len(made) + 1, **row, "gridPos": {"x": 0, "y": y, "w": _WIDE, "h": 1}})
        y += 1
        each = 3 if len(panels) % 3 == 0 or len(panels) > 4 else 2
        for at, panel in enumerate(panels):
            width = _WIDE // each
            place = {"x": at % each * width, "y": y + at // each * _HIGH, "w": width, "h": _HIGH}
            made.append({"id": len(made) + 1, **_drawn(panel), "gridPos": place})
        y += -(-len(panels) // each) * _HIGH
    return made


def _drawn(panel: Panel) -> dict[str, Any]:
    is_moment = any("$__range" in query for _, query in panel.lines) or panel.unit == "dateTimeFromNow"
    targets = [
        {
            "refId": chr(ord("A") + at),
            "datasource": SOURCE,
            "expr": query,
            "legendFormat": legend,
            "instant": is_moment,
        }
        for at, (legend, query) in enumerate(panel.lines)
    ]
    return {
        "type": "bargauge" if is_moment and panel.unit == "short" else "stat" if is_moment else "timeseries",
        "title": panel.title,
        "description": panel.told,
        "datasource": SOURCE,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {},
    }


def written() -> str:
    return json.dumps(dashboard(), indent=2) + "\n"


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
