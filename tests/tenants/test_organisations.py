"""Organisations and their workspaces: what one of them removes, the others keep."""

import json

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.installations import RedisInstallations
from tests.chaos.running import until
from tests.tenants.conftest import Case
from tests.tenants.street import ANN, Json

ORG, GUEST = "E0001", "TMEMBER"


async def test_an_organisation_that_removes_the_bot_leaves_alone_who_installed_it_itself(case: Case) -> None:
    street, own = case.street, await case.stranger()
    stored = RedisInstallations(street.database, street.ring)
    await stored.save(Installation(ORG, Secret(f"xoxb-{ORG}"), installer=ANN, enterprise_id=ORG))
    await stored.belongs(GUEST, ORG)
    await street.database.do("HSET", keys.ORGANISATIONS, own, ORG)  # before it installed the bot itself
    before = await street.records(own)

    gone = [{"enterprise_id": ORG, "team_id": None, "user_id": "UBOT", "is_enterprise_install": True}]
    told: Json = {"type": "event_callback", "event_id": "EvGone", "team_id": GUEST, "enterprise_id": ORG}
    told |= {"event": {"type": "app_uninstalled"}, "authorizations": gone}
    await street.post(json.dumps(told).encode())

    async def forgotten() -> bool:
        return not await stored.has_own(ORG) and await stored.members(ORG) == [own]

    await until(forgotten, what="the organisation to be forgotten")
    await street.settled(own)
    assert await street.records(own) == before
    assert await stored.has_own(own)
