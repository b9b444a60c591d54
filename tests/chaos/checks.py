"""What every point must come to, and faults that more than one test makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.api import Ask
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.wire import Json
from scrm_bot.domain.approvals import State
from tests.chaos.house import House

PUBLISH = "/v1/posts/*/publish"
SENDING = "/v1/posts/*/[ps][uc][bh]*"  # publish and schedule


async def published_once(house: House, post_id: str) -> None:
    """It went out exactly once, the request and its card say so, and nothing is left to do."""
    await house.told(post_id, State.PUBLISHED)
    await house.nothing_left()
    assert house.sandbox.went_out[post_id] == 1
    assert house.reached[post_id] <= 1
    assert house.is_true(await house.state(post_id, State.PUBLISHED))
    assert await house.dead() == 0


async def never_sent(house: House, post_id: str, *states: State) -> None:
    await house.told(post_id, *states)
    await house.nothing_left()
    assert house.was_called(post_id) == 0
    assert house.sandbox.went_out[post_id] == 0
    assert await house.dead() == 0


async def called(house: House, post_id: str) -> bool:
    return house.was_called(post_id) > 0


async def listed(refused: list[str]) -> bool:
    return bool(refused)


async def went_out(house: House, post_id: str) -> bool:
    return house.sandbox.went_out[post_id] > 0


def refuse(house: House, path: str) -> None:
    """The key has not the scope for this, whatever else is asked for: a late answer, or a lost one."""
    faults = house.sandbox.faults
    faults.add("error", code="forbidden_scope", path=path, times=None)
    faults._faults.insert(0, faults._faults.pop())


@contextmanager
def refusing(method: str, code: str) -> Iterator[list[str]]:
    """Slack refuses one of its methods; what it refused is listed."""
    shipped, refused = slack.METHODS[method], list[str]()

    async def refuse(ask: Ask) -> Json:
        refused.append(method)
        raise RefusalError(code, retry_after=1 if code == "ratelimited" else None)

    slack.METHODS[method] = replace(shipped, run=refuse)
    try:
        yield refused
    finally:
        slack.METHODS[method] = shipped
