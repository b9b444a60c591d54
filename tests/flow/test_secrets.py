"""A whole working day, and everything it left is searched for secrets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.workspace import Call
from scrm_bot.demo.socialcrm.errors import STATUS
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.vault import Ring
from scrm_bot.telemetry.otel import OtelSpans
from tests.flow.canaries import Lines, forms, leaks, listening
from tests.flow.conftest import House
from tests.flow.open_to_all import open_to_all
from tests.flow.test_many_workspaces import everything_in_redis, install, remove

REFUSED = "sk_live_" + "9f8e7d6c5b4a" * 3
REFRESH = "xoxe-1-" + "My0xLTEyMzQ1Njc4OTAtYWJjZGVm"
OTHER = "T0OTHER01"


class Traces(InMemorySpanExporter):
    """Remembers every span, and tells when a deed has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds = 0
        self.ended = asyncio.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.deeds += sum(span.name.startswith("deed") for span in spans)
        self.ended.set()
        return super().export(spans)

    async def after(self, person: Person, command: str) -> None:
        """Type this, and return when it was done."""
        wanted = self.deeds + 1
        await person.command(command)
        async with asyncio.timeout(20):
            while self.deeds < wanted:
                self.ended.clear()
                await self.ended.wait()


@dataclass(frozen=True, slots=True)
class Day:
    """A house that anyone may install, all that it says, and all that it does."""

    house: House
    lines: Lines
    traces: Traces

    @property
    def secrets(self) -> dict[str, str]:
        world, settings = self.house.slack.world.app, self.house.settings
        return {
            "the SocialCRM key": self.house.key,
            "a refused key": REFUSED,
            "the bot token": world.bot_token,
            "the signing secret": world.signing_secret,
            "the client secret": world.client_secret,
            "the encryption key": settings.ring[0],
            "the older encryption key": settings.ring[1],
            "the refresh token": REFRESH,
        }

    async def left(self) -> dict[str, str]:
        """Everything that can be read afterwards, by whom it may concern."""
        slack_got = [(call.method, call.args) for call in self.house.slack.calls]
        replies = [each.reply for each in self.house.slack.deliveries]
        spans = [span.to_json() for span in self.traces.get_finished_spans()]
        async with aiohttp.ClientSession() as session, session.get(f"{self.house.bot.url}/metrics") as answer:
            metrics = await answer.text()
        return {
            **self.lines.told(),
            "metrics": metrics,
            "what Slack was told": repr(slack_got),
            "acknowledgements": repr(replies),
            "what people see": repr([await person.state() for person in self.people]),
            "Redis": "\n".join(await everything_in_redis(self.house)),
            "traces": "\n".join(spans),
        }

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.house.editor, self.house.approver, self.house.admin)


@pytest.fixture
async def day() -> AsyncIterator[Day]:
    async with AsyncExitStack() as stack:
        lines = stack.enter_context(listening())
        traces = Traces()
        spans = OtelSpans(SimpleSpanProcessor(traces))
        stack.push_async_callback(spans.close)
        two_keys = f"{app.new_key()},{app.new_key()}"
        house = await stack.enter_async_context(open_to_all(spans=spans, encryption_keys=two_keys))
        yield Day(house, lines, traces)


async def refuse_a_key(house: House) -> None:
    await house.admin.command("/scrm connect")
    await house.admin.fill({"API key": REFUSED})
    await house.admin.submit()
    await house.admin.wait_for_modal(containing="refused")
    await house.admin.close(clear=True)


async def publish(house: House) -> None:
    """One that goes out, and one whose answer is lost."""
    for number in range(2):
        post_id = await house.draft(f"Our spring menu, part {number}")
        if number:
            house.socialcrm.sandbox.faults.add("drop_after", path=f"*/{post_id}/publish")
        await house.editor.command("/scrm publish last")
        await house.approver.click("Approve", channel="#approvals")
        await house.approver.wait_for_message("Published", channel="#approvals")


async def meet_every_error(day: Day) -> None:
    """Every documented refusal, and every way in which the API does not answer."""
    house, faults = day.house, day.house.socialcrm.sandbox.faults
    kinds = [("error", code) for code in STATUS]
    kinds += [(kind, "invalid_request") for kind in ("500", "503", "garbage", "drop", "drop_after")]
    for kind, code in kinds:
        told = f"Refused, and your key was {house.key}"  # a server that repeats what it was sent
        again = 1 if code == "rate_limited" else None
        fault = faults.add(
            kind, code=code, message=told, method="GET", path="*/persona", times=again, seconds=1.0
        )
        await day.traces.after(house.editor, "/scrm persona")
        faults.remove(fault)


async def leak_by_hand(house: House) -> None:
    """Somebody types a key where none belongs."""
    await house.editor.command(f"/scrm draft {house.key}")
    await house.editor.wait_for_message("revoke", channel="#social")


async def meet_a_bug(day: Day, database: Database) -> None:
    """A record that nobody can read, with a key in it: its exception shows what it has read."""
    house, team = day.house, day.house.slack.world.team_id
    whole = await database.do("GET", keys.settings(team))
    await database.do("SET", keys.settings(team), f'{{"approvers": "{house.key}"}}')
    await day.traces.after(house.editor, "/scrm posts")
    await database.do("SET", keys.settings(team), whole)


async def fail_to_renew(house: House, database: Database) -> None:
    """A workspace whose token ends, and whose refresh token Slack does not know."""
    stored = RedisInstallations(database, Ring(house.settings.ring))
    ended = datetime(2026, 1, 1, tzinfo=UTC)
    token = Secret(house.slack.world.app.bot_token)
    await stored.save(Installation(OTHER, token, refresh_token=Secret(REFRESH), expires_at=ended))
    args = {"execution": "Fx1", "error": "It did not work."}
    await RedisJobQueue(database, OTHER).put(Job(JobKind.STEP, "step:Fx1", OTHER, datetime.now(UTC), args))
    await house.slack.until(lambda seen: any(call.method == "oauth.v2.access" for call in failed(seen)))


def failed(standin: slack.RunningSlack) -> list[Call]:
    return [call for call in standin.calls if not call.answer["ok"]]


async def live_through(day: Day) -> None:
    house = day.house
    assert house.redis
    database = Database(house.redis)
    await install(house)
    await refuse_a_key(house)
    await house.connect()
    await house.set_rules()
    await publish(house)
    await meet_every_error(day)
    await leak_by_hand(house)
    await meet_a_bug(day, database)
    await fail_to_renew(house, database)
    await house.slack.idle()
    await database.close()


async def test_a_day_leaves_no_secret_anywhere_but_sealed(day: Day) -> None:
    await live_through(day)
    during = await day.left()
    await remove(day.house)
    after = await day.left()

    assert leaks(day.secrets, during) == []
    assert leaks(day.secrets, after) == []
    assert all(len(text) > 1000 for place, text in during.items() if place != "acknowledgements"), {
        place: len(text) for place, text in during.items()
    }


async def test_the_search_would_find_a_secret_in_any_form(day: Day) -> None:
    for name, secret in day.secrets.items():
        for form in forms(secret):
            assert leaks({name: secret}, {"here": f"before{form}after"}) == [f"{name} in here"]


async def test_the_log_of_a_day_tells_whose_and_how_long_and_has_every_traceback(day: Day) -> None:
    await live_through(day)

    lines = day.lines.parsed()
    done = [line for line in lines if "seconds" in line and line["logger"] == "scrm_bot.slack.performer"]
    assert {line["team"] for line in done} == {day.house.slack.world.team_id}
    assert {line["kind"] for line in done} == {"interaction"}
    assert all(line["job"] for line in done)
    assert {"ok", "unforeseen", "unauthorized", "quota_exceeded"} <= {line["outcome"] for line in done}
    assert any("ValidationError" in str(line.get("error")) for line in lines)
    assert len({line["request"] for line in done}) == len(done)


async def test_a_delivery_and_all_that_came_of_it_are_one_trace(day: Day) -> None:
    await install(day.house)
    await day.house.connect()
    day.traces.clear()
    await day.traces.after(day.house.editor, "/scrm accounts")

    spans = {span.name: span for span in day.traces.get_finished_spans()}
    delivery, deed = spans["delivery"], spans["deed slash command"]
    inside = ["redis jobs_accept", "socialcrm call GET /accounts", "slack call response_url"]
    assert deed.parent == delivery.context
    assert {spans[name].context.trace_id for name in inside} == {delivery.context.trace_id}
    assert spans["redis jobs_accept"].parent == delivery.context
    assert spans["socialcrm call GET /accounts"].parent == deed.context
    assert {dict(spans[name].attributes or {})["scrm.request"] for name in inside} == {
        dict(delivery.attributes or {})["scrm.request"]
    }
