"""A storm of requests, kills and faults; SCRM_CHAOS_APPROVALS makes it longer, SCRM_CHAOS_SEED another."""

import os
from random import Random

import pytest

from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.domain.approvals import State
from tests.chaos.house import House
from tests.chaos.points import Ledger
from tests.chaos.storm import Fate, Request, Storm

APPROVALS = int(os.environ.get("SCRM_CHAOS_APPROVALS", "60"))
SEED = int(os.environ.get("SCRM_CHAOS_SEED", "1"))

pytestmark = pytest.mark.redis


async def test_a_storm_publishes_exactly_what_was_approved_once_and_every_card_is_true(
    own_house: House, ledger: Ledger
) -> None:
    storm = Storm(own_house, Random(SEED), rage=max(30, APPROVALS // 2))

    await storm.run(APPROVALS)

    wrong = [told for request in storm.requests if (told := await judged(own_house, request))]
    orphans = sum(len(own_house.cards(request.post_id)) for request in storm.requests) - len(storm.requests)
    for point, times in storm.points.items():
        ledger.hit(point, times)
    counted = ", ".join(f"{name} {times}" for name, times in sorted(storm.counts.items()))
    ledger.notes.append(
        f"storm {SEED}: {APPROVALS} requests, {len(wrong)} wrong; {counted}; {orphans} more cards"
    )
    assert wrong == []
    assert len(storm.requests) == APPROVALS
    assert await own_house.dead() == 0
    assert own_house.slack.faults == []


async def judged(house: House, request: Request) -> str:
    """What is wrong with how a request ended, "" where nothing is."""
    approval = await house.store.latest_for(request.post_id)
    post = house.sandbox.posts.get(request.post_id)
    went_out, sent = house.sandbox.went_out[post.id], house.reached[post.id]
    if approval is None or approval.state not in request.ends:
        return f"{request} ended as {approval}"
    if not house.is_true(approval):
        return f"{request}: its card is not true"
    match request.fate:
        case Fate.APPROVED if approval.state is State.PUBLISHED:
            right = (went_out, sent, post.status) == (1, 1, Status.PUBLISHED)
        case Fate.APPROVED:
            right = (went_out, post.scheduled_at) == (0, approval.content.at)
        case Fate.ELSEWHERE:
            right = (went_out, sent) == (1, 0)
        case _:
            right = (went_out, sent, post.status) == (0, 0, Status.DRAFT)
    return "" if right else f"{request}: went out {went_out}, sent {sent}, {post.status}, {approval}"
