"""Tokens that end are renewed in time, by one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from scrm_bot.domain.errors import SlackRefusedError, StoreUnavailableError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.keeping import Keeper
from scrm_bot.slack.tokens import Renewal
from tests.fakes.clock import START, FixedClock
from tests.unit.slack.rig import FakeSlack

SOON, LATER = START + timedelta(hours=1), START + timedelta(hours=12)
OLD = Installation("T1", Secret("xoxe.xoxb-old"), refresh_token=Secret("xoxe-1-old"), expires_at=SOON)
OVER = replace(OLD, expires_at=START)
THEIRS = replace(OLD, bot_token=Secret("xoxe.xoxb-theirs"), expires_at=LATER)
FOR_EVER = 1_000_000
RENEWED = {"access_token": "xoxe.xoxb-new", "refresh_token": "xoxe-1-new", "expires_in": 43_200}


class Store:
    """One installation, and a lock that can be taken away."""

    def __init__(self, stored: Installation | None) -> None:
        self.stored = stored
        self.saved: list[Installation] = []
        self.failing = 0
        self.free = True
        self.meanwhile: Installation | None = None
        self.looks = 0
        self.kept_after = 0  # looks at the lock until its holder has kept what it got

    async def load(self, _: str) -> Installation | None:
        return self.stored

    async def save(self, installation: Installation) -> None:
        if self.failing:
            self.failing -= 1
            raise StoreUnavailableError("gone")
        self.stored = installation
        self.saved.append(installation)

    @asynccontextmanager
    async def lock(self, _: str) -> AsyncIterator[bool]:
        self.looks += 1
        if self.meanwhile and self.looks > self.kept_after:
            self.stored = self.meanwhile
        yield self.free


@asynccontextmanager
async def a_renewal(store: Store) -> AsyncIterator[tuple[Renewal, FakeSlack]]:
    slack = FakeSlack()
    slack.answers["oauth.v2.access"] = RENEWED
    async with TestServer(slack.application()) as server, aiohttp.ClientSession() as session:
        base, clock, secret = str(server.make_url("/api/")), FixedClock(), Secret("shh")
        keeper = Keeper(store.load, store.save, clock)
        renewal = Renewal("1.2", secret, store.load, keeper, store.lock, clock, session, base)
        yield renewal, slack
        await keeper.close()


async def test_a_token_that_is_about_to_end_is_renewed_and_kept() -> None:
    store = Store(OLD)
    async with a_renewal(store) as (renewal, slack):
        found = await renewal.find("T1")

        assert found
        assert found.bot_token.reveal() == "xoxe.xoxb-new"
        assert found.expires_at == LATER
        assert store.saved == [found]
        (asked,) = slack.of("oauth.v2.access")
        assert (asked["grant_type"], asked["refresh_token"]) == ("refresh_token", "xoxe-1-old")


@pytest.mark.parametrize(
    "stored", [None, replace(OLD, expires_at=None, refresh_token=None), replace(OLD, expires_at=LATER)]
)
async def test_what_lasts_is_left_alone(stored: Installation | None) -> None:
    async with a_renewal(Store(stored)) as (renewal, slack):
        assert await renewal.find("T1") == stored
        assert slack.calls == []


async def test_while_another_process_renews_it_the_old_one_serves() -> None:
    store = Store(OLD)
    store.free = False
    async with a_renewal(store) as (renewal, slack):
        assert await renewal.find("T1") == OLD
        assert slack.calls == []


async def test_what_another_process_renewed_meanwhile_is_taken() -> None:
    store = Store(OLD)
    store.meanwhile = THEIRS
    async with a_renewal(store) as (renewal, slack):
        assert await renewal.find("T1") == store.meanwhile
        assert slack.calls == []


async def test_one_that_is_over_waits_for_the_process_that_renews_it() -> None:
    store = Store(OVER)
    store.free, store.meanwhile, store.kept_after = False, THEIRS, 3
    async with a_renewal(store) as (renewal, slack):
        assert await renewal.find("T1") == THEIRS
        assert slack.calls == []


async def test_one_that_nobody_renews_in_time_is_not_used_but_tried_again_later() -> None:
    store = Store(OVER)
    store.free = False
    async with a_renewal(store) as (renewal, _):
        with pytest.raises(SlackRefusedError, match="token_expired") as refused:
            await renewal.find("T1")

    assert refused.value.retry_in == 30.0


async def test_one_that_is_over_and_cannot_be_renewed_is_not_used_either() -> None:
    async with a_renewal(Store(OVER)) as (renewal, slack):
        slack.refuse("oauth.v2.access", "fatal_error")
        with pytest.raises(SlackRefusedError, match="token_expired") as refused:
            await renewal.find("T1")
        assert refused.value.retry_in == 30.0

        found = await renewal.find("T1")
        assert found
        assert found.bot_token.reveal() == "xoxe.xoxb-new"


async def test_only_a_new_installation_helps_where_the_refresh_token_is_spent() -> None:
    async with a_renewal(Store(OVER)) as (renewal, slack):
        slack.refuse("oauth.v2.access", "invalid_refresh_token")
        with pytest.raises(SlackRefusedError, match="token_revoked") as refused:
            await renewal.find("T1")

    assert refused.value.retry_in is None


async def test_what_came_in_while_slack_refused_is_taken() -> None:
    store = Store(OVER)
    async with a_renewal(store) as (renewal, slack):
        slack.refuse("oauth.v2.access", "invalid_refresh_token")

        async def installed_anew() -> None:
            store.stored = THEIRS

        slack.before["oauth.v2.access"] = installed_anew
        assert await renewal.find("T1") == THEIRS


async def test_one_that_was_removed_meanwhile_is_gone() -> None:
    store = Store(OVER)
    async with a_renewal(store) as (renewal, slack):
        slack.refuse("oauth.v2.access", "invalid_refresh_token")

        async def removed() -> None:
            store.stored = None

        slack.before["oauth.v2.access"] = removed
        assert await renewal.find("T1") is None


async def test_a_refusal_leaves_the_old_one_and_names_no_token(caplog: pytest.LogCaptureFixture) -> None:
    async with a_renewal(Store(OLD)) as (renewal, slack):
        slack.answers["oauth.v2.access"] = {"ok": False, "error": "invalid_refresh_token"}
        assert await renewal.find("T1") == OLD

        slack.answers["oauth.v2.access"] = {"access_token": "xoxe.xoxb-alone"}
        assert await renewal.find("T1") == OLD

    assert "invalid_refresh_token" in caplog.text
    assert "xoxe" not in caplog.text


async def test_without_slack_the_old_one_serves(caplog: pytest.LogCaptureFixture) -> None:
    async with a_renewal(Store(OLD)) as (renewal, _):
        assert await replace(renewal, base_url="http://127.0.0.1:1/").find("T1") == OLD

    assert "could not be renewed" in caplog.text


async def test_a_new_token_outlasts_a_moment_without_redis() -> None:
    store = Store(OLD)
    store.failing = 3
    async with a_renewal(store) as (renewal, _):
        await renewal.find("T1")

    assert [each.bot_token.reveal() for each in store.saved] == ["xoxe.xoxb-new"]


async def test_what_cannot_be_stored_serves_all_the_same_and_is_asked_for_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store(OLD)
    store.failing = FOR_EVER
    async with a_renewal(store) as (renewal, slack):
        found = [await renewal.find("T1") for _ in range(3)]

        assert [each.bot_token.reveal() for each in found if each] == ["xoxe.xoxb-new"] * 3
        assert len(slack.of("oauth.v2.access")) == 1
    assert "xoxe" not in caplog.text


async def test_what_its_organisation_cannot_store_serves_its_workspaces() -> None:
    store = Store(replace(OLD, team_id="E1"))
    store.failing = FOR_EVER
    async with a_renewal(store) as (renewal, _):
        found = [await renewal.find(team_id) for team_id in ("T1", "T2", "E1")]

    assert [each.bot_token.reveal() for each in found if each] == ["xoxe.xoxb-new"] * 3
