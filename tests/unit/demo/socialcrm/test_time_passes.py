"""What time does to posts and numbers."""

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest

from scrm_bot.demo.socialcrm.clock import ManualClock, stamp
from scrm_bot.demo.socialcrm.config import SandboxConfig, Variants
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from scrm_bot.demo.socialcrm.server import serve
from tests.unit.demo.socialcrm.answers import data, refusal
from tests.unit.demo.socialcrm.conftest import START, Started


async def status(api: httpx.AsyncClient, post_id: str) -> str:
    return str((await api.get(f"/v1/posts/{post_id}")).json()["status"])


async def test_a_scheduled_post_is_publishing_and_then_published(
    api: httpx.AsyncClient, clock: ManualClock, sandbox: Sandbox
) -> None:
    await api.post("/v1/posts/post_114/schedule", json={"scheduled_at": "2026-03-02T10:05:00Z"})

    seen = []
    for step in (299, 1, 1, 1):
        clock.advance(seconds=step)
        seen.append(await status(api, "post_114"))
    assert seen == ["scheduled", "publishing", "publishing", "published"]
    assert sandbox.went_out["post_114"] == 1
    assert (await api.get("/v1/posts/post_114")).json()["published_at"] == "2026-03-02T10:05:02Z"


async def test_a_post_on_its_way_out_can_no_longer_be_touched(
    api: httpx.AsyncClient, clock: ManualClock
) -> None:
    clock.advance(hours=3)

    answers = [
        await api.patch("/v1/posts/post_110", json={"body": "Too late"}),
        await api.delete("/v1/posts/post_110"),
        await api.post("/v1/posts/post_110/publish", json={}),
    ]
    assert [refusal(answer)[1] for answer in answers] == ["invalid_request"] * 3


async def test_a_scheduled_post_can_be_moved_and_published_earlier(
    api: httpx.AsyncClient, clock: ManualClock, sandbox: Sandbox
) -> None:
    await api.post("/v1/posts/post_110/schedule", json={"scheduled_at": "2026-03-09T10:00:00Z"})
    clock.advance(days=1)
    moved = await status(api, "post_110")
    await api.post("/v1/posts/post_110/publish", json={})
    clock.advance(days=10)

    assert (moved, await status(api, "post_110")) == ("scheduled", "published")
    assert sandbox.went_out["post_110"] == 1


async def test_publishing_may_take_a_while(start: Started, clock: ManualClock) -> None:
    api = await start.variant(Variants(publish="publishing"))

    answer = await api.post("/v1/posts/post_114/publish", json={})
    clock.advance(seconds=2)
    assert answer.json()["status"] == "publishing"
    assert await status(api, "post_114") == "published"


async def test_a_post_can_fail_at_its_time_and_be_sent_again(
    api: httpx.AsyncClient, clock: ManualClock, sandbox: Sandbox
) -> None:
    sandbox.faults.add("fail", path="/v1/posts/post_110/*", message="The network refused the picture.")
    clock.advance(hours=4)

    failed = (await api.get("/v1/posts/post_110")).json()
    again = (await api.post("/v1/posts/post_110/publish", json={})).json()
    assert (failed["status"], failed["error"]) == ("failed", "The network refused the picture.")
    assert (again["status"], again["error"]) == ("published", None)


class HurryingClock:
    """Each look at it moves it on by an hour; `late` is set once a week has gone by."""

    def __init__(self) -> None:
        self.now = START
        self.late = asyncio.Event()

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        if self.now > START + timedelta(days=7):
            self.late.set()
        return self.now


async def test_posts_go_out_though_nobody_looks() -> None:
    clock = HurryingClock()
    running = await serve(config=SandboxConfig(now=clock, settle_every=timedelta(0)))
    async with asyncio.timeout(10):
        await clock.late.wait()
    await running.close()

    posts = running.sandbox.posts
    assert {post_id: posts.went_out[post_id] for post_id in ("post_110", "post_111", "post_112")} == {
        "post_110": 1,
        "post_111": 1,
        "post_112": 1,
    }


@pytest.mark.parametrize("path", ["/v1/accounts/analytics", "/v1/posts/post_109/analytics"])
async def test_numbers_only_grow(start: Started, clock: ManualClock, path: str) -> None:
    api = await start.variant(Variants(post_analytics="list"))

    earlier = data(await api.get(path))
    grew = 0
    for _ in range(12):
        clock.advance(hours=7)
        later = data(await api.get(path))
        for before, after in zip(earlier, later, strict=True):
            counts = {name for name, value in after.items() if isinstance(value, int)}
            assert all(after[name] >= before.get(name, 0) for name in counts)
            grew += sum(after[name] > before.get(name, 0) for name in counts)
        earlier = later
    assert grew > 50


async def test_the_same_seed_and_time_give_the_same_numbers(start: Started) -> None:
    twins = [await start.sandbox(SandboxConfig(seed=3)) for _ in range(2)]
    other = await start.sandbox(SandboxConfig(seed=4))

    seen = []
    for running in (*twins, other):
        api = await start.client(running, running.sandbox.create_key())
        seen.append((await api.get("/v1/accounts/analytics")).json())
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


async def test_a_post_counts_nothing_until_it_is_out(api: httpx.AsyncClient) -> None:
    draft = (await api.get("/v1/posts/post_114/analytics")).json()
    published = (await api.get("/v1/posts/post_101/analytics")).json()

    assert {value for name, value in draft.items() if name != "post_id"} == {0}
    assert published["impressions"] > published["reach"] > published["likes"] > 0


async def test_trends_vary_from_day_to_day(api: httpx.AsyncClient, clock: ManualClock) -> None:
    today = data(await api.get("/v1/trending"))
    clock.advance(days=1)
    tomorrow = data(await api.get("/v1/trending"))

    assert today != tomorrow
    assert set(today) & set(tomorrow)
    assert len(today) == 12


async def test_a_schedule_is_relative_to_the_injected_clock(
    api: httpx.AsyncClient, clock: ManualClock
) -> None:
    clock.advance(days=3_000)

    soon = stamp(clock() + timedelta(minutes=1))
    answer = await api.post("/v1/posts/post_114/schedule", json={"scheduled_at": soon})
    assert answer.json()["scheduled_at"] == soon
