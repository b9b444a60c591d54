"""An agency: two SocialCRM keys in one workspace, each with its own accounts, posts and channels."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import fakeredis
import pytest

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm.server import RunningSandbox
from scrm_bot.store.connection import Database
from scrm_bot.store.rotation import rotate
from scrm_bot.store.vault import Ring, new_key
from tests.flow.conftest import House, embedded, settings_for
from tests.flow.two_brands import sandbox, street


@dataclass(slots=True)
class Agency(House):
    """Acme is the first brand (`key`, `socialcrm`), Globex the second."""

    globex: RunningSandbox | None = None
    globex_key: str = ""

    @property
    def second(self) -> RunningSandbox:
        assert self.globex
        return self.globex

    async def connect_second(self) -> None:
        await self.admin.command("/scrm connect")
        names = {"Brand": "Globex", "Name of the brand that is connected now": "Acme"}
        await self.admin.fill({"API key": self.globex_key, **names})
        await self.admin.submit()
        await self.admin.wait_for_modal(containing="Globex")
        await self.admin.close(clear=True)

    async def write(self, line: str, *, channel: str = "#social", brand: str) -> None:
        """A draft as the editor makes it; its answer names the brand."""
        await self.editor.command(f"/scrm draft {line}", channel=channel)
        shown = await self.editor.wait_for_message(line.partition(" --")[0], channel=channel)
        assert brand in str(shown["blocks"][0])


def bodies(sandbox_of_brand: RunningSandbox, status: str = "") -> list[str]:
    posts = sandbox_of_brand.sandbox.posts.by_id.values()
    return [post.body for post in posts if status in {"", post.status}]


@pytest.fixture
async def agency() -> AsyncIterator[Agency]:
    async with AsyncExitStack() as stack:
        acme, globex = await stack.enter_async_context(sandbox()), await stack.enter_async_context(sandbox())
        keys = [brand.sandbox.create_key(name="Brand") for brand in (acme, globex)]
        url = await stack.enter_async_context(street(dict(zip(keys, (acme, globex), strict=True))))
        standin = await slack.serve(world=World(manifest=app.manifest()))
        stack.push_async_callback(standin.close)
        path = acme.base_url.removeprefix("http://").partition("/")[2]
        settings = settings_for(standin, acme, socialcrm_api_url=f"{url}/{path}".rstrip("/"))
        redis = embedded()
        bot = await app.start(settings, redis=redis)
        house = Agency(standin, acme, bot, settings, keys[0], redis, globex, keys[1])
        stack.push_async_callback(house.close_bot)
        await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
        await house.connect()
        await house.set_rules()
        await house.connect_second()
        yield house


async def test_each_brands_post_goes_out_from_its_own_account(agency: Agency) -> None:
    await agency.write("Anvils are back", brand="Acme")
    await agency.write("Lasers for all --to all --brand globex", brand="Globex")

    await agency.editor.command("/scrm publish last --brand Globex")
    card = await agency.approver.wait_for_message("Lasers for all", channel="#approvals")
    assert "Globex" in str(card["blocks"][0])
    await agency.approver.click("Approve", channel="#approvals")
    await agency.approver.wait_for_message("Published", channel="#approvals")

    assert "Lasers for all" in bodies(agency.second, "published")
    assert "Lasers for all" not in bodies(agency.socialcrm)
    assert "Anvils are back" in bodies(agency.socialcrm, "draft")
    assert "Anvils are back" not in bodies(agency.second)


async def test_a_request_of_one_brand_is_out_of_anothers_reach(agency: Agency) -> None:
    """Both posts have the same id in their own SocialCRM, and still nobody mistakes one for the other."""
    await agency.write("Anvils, still a draft --to all", brand="Acme")
    await agency.write("Lasers, to be approved --to all --brand globex", brand="Globex")
    ids = [
        next(post.id for post in brand.sandbox.posts.by_id.values() if post.body.startswith(body))
        for brand, body in ((agency.socialcrm, "Anvils"), (agency.second, "Lasers"))
    ]
    assert len(set(ids)) == 1
    await agency.editor.command("/scrm publish last --brand globex")
    await agency.approver.wait_for_message("Lasers, to be approved", channel="#approvals")

    await agency.approver.command(f"/scrm approve {ids[0]} --brand acme")
    await agency.approver.wait_for_message("no such request")
    assert [brand.sandbox.publish_calls(ids[0]) for brand in (agency.socialcrm, agency.second)] == [0, 0]

    await agency.approver.command(f"/scrm approve {ids[0]} --brand globex")
    await agency.approver.wait_for_message("Published", channel="#approvals")

    assert [brand.sandbox.publish_calls(ids[0]) for brand in (agency.socialcrm, agency.second)] == [0, 1]


async def test_app_home_is_about_the_default_brand(agency: Agency) -> None:
    await agency.admin.command("/scrm brands default Globex")
    await agency.admin.wait_for_message("counts from now on")
    await agency.editor.open_home()
    await agency.editor.wait_for_home("Globex")

    await agency.editor.click("New post", home=True)
    await agency.editor.wait_for_modal(containing="Globex")
    await agency.editor.fill({"Text": "Written from Home"})
    await agency.editor.submit()
    await agency.editor.wait_for_message("Written from Home", channel="#scrm-bot")

    assert "Written from Home" in bodies(agency.second)


async def test_each_brand_has_its_own_digest_in_a_channel(agency: Agency) -> None:
    await agency.editor.command("/scrm digest on #social 09:00")
    await agency.editor.wait_for_message("09:00")
    await agency.editor.command("/scrm digest on #social 10:30 --brand globex")
    await agency.editor.wait_for_message("10:30")

    await agency.editor.command("/scrm digest status")
    shown = await agency.editor.wait_for_message("Digests")

    assert "09:00" in shown["text"]
    assert "10:30" not in shown["text"]


@pytest.mark.parametrize("flag", ["--brand globex", ""])
async def test_a_line_with_a_wrong_verb_runs_for_its_own_brand(agency: Agency, flag: str) -> None:
    """Named by the flag, else by the channel that the button is in."""
    if not flag:
        await agency.admin.command("/scrm brands #social Globex")
        await agency.admin.wait_for_message("is about")

    await agency.editor.command(f"/scrm darft Lasers for all {flag}")
    await agency.editor.click("Run /scrm draft", channel="#social")
    await agency.editor.wait_for_message("Draft saved", channel="#social")

    assert "Lasers for all" in bodies(agency.second)
    assert "Lasers for all" not in bodies(agency.socialcrm)


async def test_a_channel_is_about_its_brand_and_the_flag_goes_before_it(agency: Agency) -> None:
    await agency.admin.command("/scrm brands #general Globex")
    await agency.admin.wait_for_message("from now on")

    await agency.write("Asked in the channel", channel="#general", brand="Globex")
    await agency.write("Said with the flag --brand acme", channel="#general", brand="Acme")

    assert "Asked in the channel" in bodies(agency.second)
    assert "Said with the flag" in bodies(agency.socialcrm)


async def test_last_is_each_brands_own(agency: Agency) -> None:
    await agency.write("First of Globex --brand globex", brand="Globex")
    await agency.write("First of Acme", brand="Acme")

    await agency.editor.command("/scrm show last --brand globex")

    shown = await agency.editor.wait_for_message("First of Globex")
    assert "Globex" in str(shown["blocks"][0])


async def test_a_window_stays_with_the_brand_it_was_opened_for(agency: Agency) -> None:
    await agency.write("Before the edit --brand globex", brand="Globex")
    await agency.admin.command("/scrm brands #social Acme")
    await agency.admin.wait_for_message("from now on")

    await agency.editor.command("/scrm edit last --brand globex")
    await agency.editor.wait_for_modal(containing="Globex")
    await agency.editor.fill({"Text": "After the edit"})
    await agency.editor.submit()
    await agency.editor.wait_for_message("After the edit")

    assert "After the edit" in bodies(agency.second)
    assert "Before the edit" not in bodies(agency.second)


async def test_an_unknown_brand_is_answered_with_those_there_are(agency: Agency) -> None:
    await agency.editor.command("/scrm draft For whom --brand initech")

    told = await agency.editor.wait_for_message("There is no brand")

    assert "`Acme`, `Globex`" in told["text"]
    assert "For whom" not in bodies(agency.socialcrm) + bodies(agency.second)


async def test_without_brands_the_flag_is_answered_with_a_sentence(house: House) -> None:
    await house.editor.command("/scrm draft Hello --brand acme")

    assert await house.editor.wait_for_message("one SocialCRM key and no brands")
    assert "Hello" not in bodies(house.socialcrm)


async def test_disconnecting_one_keeps_the_other(agency: Agency) -> None:
    await agency.admin.command("/scrm disconnect --brand globex")
    await agency.admin.wait_for_modal(containing="Globex")
    await agency.admin.submit()
    await agency.admin.wait_for_message("Disconnected")

    await agency.write("Acme goes on", brand="Acme")
    await agency.editor.command("/scrm draft Globex does not --brand globex")
    await agency.editor.wait_for_message("No SocialCRM key")
    await agency.admin.command("/scrm brands")
    listed = await agency.admin.wait_for_message("Not connected")

    assert agency.key[-4:] in listed["text"]
    assert agency.globex_key[-4:] not in listed["text"]


async def test_the_pause_stops_all_brands(agency: Agency) -> None:
    await agency.write("Wait for it --brand globex", brand="Globex")
    await agency.admin.command("/scrm pause Crisis")
    await agency.admin.wait_for_message("Crisis")

    await agency.editor.command("/scrm publish last --brand globex")

    assert await agency.editor.wait_for_message("paused", channel="#social")
    assert "Wait for it" in bodies(agency.second, "draft")
    assert not agency.second.sandbox.went_out


async def test_every_brands_key_is_sealed_anew_and_opens_after_it(agency: Agency) -> None:
    assert agency.redis
    newest = new_key()
    ring = Ring([newest, *agency.settings.ring])
    client = agency.redis
    made: list[fakeredis.FakeAsyncRedis] = []

    def clients(*, blocking: bool) -> fakeredis.FakeAsyncRedis:
        made.append(client(blocking=blocking))
        return made[-1]

    database = Database(clients)
    turned = await rotate(database, ring)
    again = await rotate(database, Ring([newest]), dry_run=True)
    await database.close()

    assert (turned.anew, turned.unreadable) == (3, ())  # two keys, and the one of fingerprints
    assert (again.already, again.unreadable) == (3, ())
