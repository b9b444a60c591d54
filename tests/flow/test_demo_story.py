"""The story plays the main job from end to end, and names the step at which it is refused."""

import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from scrm_bot.demo import run as demos
from scrm_bot.demo import story as stories
from scrm_bot.demo.clock import MovableClock
from tests.conftest import RedisServer

CODES = (
    "unauthorized",
    "forbidden_scope",
    "payment_required",
    "quota_exceeded",
    "rate_limited",
    "not_found",
    "invalid_request",
)
STEPS = 9
PATIENCE = 9.0  # seconds; shorter than a person in the story waits in vain


def story(*options: str, redis_url: str = "") -> subprocess.CompletedProcess[str]:
    """One run of the story in a process of its own, with nothing configured but what is said here."""
    ours = ("SCRM_", "SLACK_", "SOCIALCRM_", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    if redis_url:
        environment["REDIS_URL"] = redis_url
    return subprocess.run(
        [sys.executable, "-m", "scrm_bot", "demo", "--story", *options],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )


def assert_played(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    titles, answers = lines[0:-1:2], lines[1:-1:2]
    assert [title.partition(".")[0] for title in titles] == [str(n) for n in range(1, STEPS + 1)]
    assert all(answer.startswith("   → ") for answer in answers)
    assert lines[-1] == f"All {STEPS} steps done."
    assert run.stderr == ""


def test_the_story_plays_every_step() -> None:
    run = story()

    assert_played(run)
    assert "🗓️ Scheduled" in run.stdout
    assert "🟢 Published" in run.stdout


@pytest.mark.redis
def test_the_story_plays_on_a_real_redis(redis_server: RedisServer) -> None:
    assert_played(story(redis_url=redis_server.url))


async def test_the_story_plays_at_an_hour_when_its_card_warns_of_another_post(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    clock, said = MovableClock(), list[str]()
    seven = (clock.now().astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=1)).replace(hour=7, minute=5)
    nine = (seven + timedelta(days=1)).replace(hour=9, minute=0)  # of the next day: when the story plans, too
    clock.move_to(seven)

    async with AsyncExitStack() as stack:
        demo = await demos.start(stack, port=0, undo_seconds=0.0, clock=clock)
        plans = [post.scheduled_at for post in demo.sandbox.sandbox.posts.by_id.values() if post.scheduled_at]
        ended = await stories.play(demo.slack, key=demo.key, tell=said.append)

    assert (ended, said[-1]) == (0, f"All {STEPS} steps done.")
    assert any(abs(plan - nine) < timedelta(hours=1) for plan in plans)


@pytest.mark.parametrize("code", CODES)
def test_a_refused_story_says_where_and_why_at_once(code: str) -> None:
    begun = time.monotonic()

    run = story("--refuse", code)

    assert run.returncode == 1
    assert "FAILED at step 1, Ada connects SocialCRM" in run.stdout
    assert "Ada Admin is told:" in run.stdout
    assert time.monotonic() - begun < PATIENCE
    assert run.stderr == ""


@pytest.mark.parametrize(
    ("refusal", "step", "said"),
    [
        ("quota_exceeded@/v1/ai/*", 4, "quota for AI rewriting is used up"),
        ("invalid_request@/v1/posts/*/schedule", 7, "Refused on request"),
        ("not_found@/v1/posts/*/publish", 8, "no such post to send"),
    ],
)
def test_a_story_refused_at_one_path_goes_on_until_there(refusal: str, step: int, said: str) -> None:
    run = story("--refuse", refusal)

    assert run.returncode == 1
    assert f"FAILED at step {step}, " in run.stdout
    assert said in run.stdout
    assert f"{step + 1}. " not in run.stdout


def test_a_code_that_is_not_documented_is_named_with_those_that_are() -> None:
    run = story("--refuse", "teapot")

    assert run.returncode == 2
    assert all(code in run.stdout for code in CODES)
