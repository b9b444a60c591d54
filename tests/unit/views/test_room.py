"""The longest cards of every state, measured as the stand-in for Slack does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.demo.slack.contents import BLOCKS_TEXT_LIMIT, text_length
from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.posts import Drift
from scrm_bot.views import approvals, brands, posts
from scrm_bot.views.blocks import Message, spoken
from tests.builders import (
    LATER,
    NOW,
    a_content,
    a_decision,
    a_pause,
    a_policy,
    a_post,
    an_account,
    an_approval,
)
from tests.unit.views.rules import complaints

LONG = "*word* & \x07" * 2_500
PLAIN = "word " * 4_000
SHOPS = tuple(
    an_account(id=f"acct_{n}", network="google_business", handle=f"fernhill-coffee-roasters-of-the-city-{n}")
    for n in range(80)
)
HERE, THERE = (tuple(shop.id for shop in shops) for shops in (SHOPS[:40], SHOPS[40:]))
FILES = tuple("m" * 60 + str(n) for n in range(40))
AS_ASKED: dict[str, Any] = {"found": None, "changed_body": None, "drift": ()}
CASES: dict[str, dict[str, Any]] = {
    "all": {},
    "as_approved": {"drift": ()},
    "as_asked": AS_ASKED,
    "same_text": {"changed_body": None},
    "needs_person": {"needs_person": True},
    "plain": AS_ASKED | {"body": PLAIN, "decisions": ()},
    "thirty_accounts": AS_ASKED | {"account_ids": HERE[:30]},
    "one_account": AS_ASKED | {"account_ids": HERE[:1], "media_ids": (), "decisions": ()},
}


def longest(state: State, *, drop: dict[str, Any]) -> Approval:
    """A request about which there is as much to say as there can be, but for what `drop` takes away."""
    parts = {"body": LONG, "account_ids": HERE, "media_ids": FILES, "at": NOW - timedelta(hours=1)}
    content = a_content(**{name: drop.get(name, part) for name, part in parts.items()})
    asked = an_approval(
        content=content,
        state=state,
        note=LONG,
        detail=LONG,
        zone="America/Argentina/ComodRivadavia",
        requested_by="UASKED",
        standing=LONG,
        policy=a_policy(approvers=tuple(f"U{n}" for n in range(30)), needed=40, due_hours=4, expire_hours=9),
        clashes=(Clash(ClashKind.SAME_HOUR, "post_" + "7" * 60, NOW, HERE, asked=True),) * 3,
        found=a_content(account_ids=THERE, media_ids=FILES[1:]),
        changed_body="Other words. " * 3_000,
        drift=tuple(Drift),
        confirmed_at=NOW,
        act_at=NOW,
        round_number=2,
        newer="apr_2",
    )
    words = tuple(a_decision(asked, by=f"U{n}", reason=LONG) for n in range(12))
    rest: dict[str, Any] = {name: part for name, part in drop.items() if name not in parts}
    return replace(asked, **{"decisions": words, "changes": words[0], **rest})


def refused(shown: Message) -> list[str]:
    """What Slack would say of it, with a brand's name on top."""
    labelled = brands.labelled(shown, "N" * 60)
    length = text_length(list(labelled.blocks))
    return [*complaints(labelled), *([f"{length} characters"] if length > BLOCKS_TEXT_LIMIT else [])]


@pytest.mark.parametrize("drop", CASES.values(), ids=CASES)
@pytest.mark.parametrize("state", State)
def test_no_card_is_too_long_for_one_message(state: State, drop: dict[str, Any]) -> None:
    asked = longest(state, drop=drop)
    paused = a_pause(reason=LONG)
    same = {"account_ids": asked.content.account_ids, "media_ids": asked.content.media_ids}
    post = a_post(body=asked.content.body, error=LONG, **same)

    assert refused(approvals.card(asked, accounts=SHOPS, paused=paused, now=LATER)) == []
    assert refused(approvals.confirmation(asked, accounts=SHOPS, value="apr_1")) == []
    assert refused(posts.card(post, accounts=SHOPS, request=asked, zone=asked.zone, now=LATER)) == []


def test_approve_is_where_nothing_is_left_out_whatever_the_time_and_with_any_pause() -> None:
    """Of all lengths about the one from which on a text is cut."""
    policy, content = a_policy(due_hours=4), a_content(account_ids=HERE[:30], at=NOW)
    seen = set()
    for length in range(6_500, 7_700, 20):
        asked = an_approval(body="w" * length, content=content, policy=policy, note=LONG)
        for now, paused in ((None, None), (NOW, None), (LATER, a_pause())):
            card = approvals.card(asked, accounts=SHOPS, now=now, paused=paused)
            first = card.blocks[-1]["elements"][0]["text"]["text"]
            is_cut = "The rest does not fit here." in spoken(card.blocks)
            seen.add((first, is_cut))

    assert seen == {("Approve", False), ("Show all", True)}


def test_a_card_names_as_many_files_as_it_counts_as_seen() -> None:
    few, many = (
        an_approval(content=a_content(media_ids=FILES[:10])),
        an_approval(content=a_content(media_ids=FILES[:11])),
    )

    assert "more" not in spoken(approvals.card(few, accounts=()).blocks)
    assert "1 more" in spoken(approvals.card(many, accounts=()).blocks)


def test_all_accounts_are_named_as_they_were_and_as_they_are() -> None:
    drift = longest(State.VOID, drop={"changed_body": None, "decisions": ()})
    said = spoken(approvals.card(drift, accounts=()).blocks)

    assert all(account in said for account in (*HERE, *THERE))
