"""/scrm brands, and connecting a key beside another."""

import pytest

from scrm_bot.domain.brands import Brand, Brands
from scrm_bot.domain.errors import NotPermittedError, UsageError
from tests.builders import some_settings
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import field, opened, said, say, told

TWO = Brands((Brand("", "Acme"), Brand("b2", "Globex")))
ADMIN = "UADMIN"


@pytest.fixture
def agency() -> Fakes:
    return some_fakes(settings=some_settings(brands=TWO))


async def known(fakes: Fakes) -> Brands:
    return (await fakes.settings.load()).brands


async def test_with_one_key_it_tells_how_there_come_to_be_several() -> None:
    assert "/scrm connect" in said(await told(some_fakes(), "brands"))


async def test_everybody_sees_the_brands_and_the_default(agency: Fakes) -> None:
    shown = said(await told(agency, "brands"))

    assert "*Acme* (default)" in shown
    assert "Not connected: `/scrm connect --brand Globex`" in shown


async def test_a_channel_gets_its_brand_and_loses_it(agency: Fakes) -> None:
    await say(agency, "brands <#CGLOBEX|globex> globex", by=ADMIN)
    assert (await known(agency)).at("CGLOBEX") == "b2"

    shown = await told(agency, "brands <#CGLOBEX|globex> none", by=ADMIN)

    assert (await known(agency)).at("CGLOBEX") == ""
    assert "default brand again" in said(shown)


async def test_the_default_a_name_and_the_list_can_be_changed(agency: Fakes) -> None:
    assert "*Globex*" in said(await told(agency, "brands default globex", by=ADMIN))
    assert "*Initech*" in said(await told(agency, "brands rename Acme Initech", by=ADMIN))
    assert "no longer" in said(await told(agency, "brands remove initech", by=ADMIN))

    assert await known(agency) == Brands((Brand("b2", "Globex"),), default="b2")


async def test_a_name_is_read_as_it_was_typed_and_not_as_slack_sends_it(agency: Fakes) -> None:
    assert "*H&amp;M* from now on" in said(await told(agency, "brands rename Globex H&amp;M", by=ADMIN))
    assert "*H&amp;M*" in said(await told(agency, "brands <#CGLOBEX|globex> h&amp;m", by=ADMIN))
    await say(agency, "brands default H&amp;M", by=ADMIN)
    await say(agency, "brands remove Acme", by=ADMIN)

    assert await known(agency) == Brands((Brand("b2", "H&M", ("CGLOBEX",)),), default="b2")


@pytest.mark.parametrize("typed", ["what", "default", "rename Acme", "<#C1|x>", "social Acme", "<#C1|x> A B"])
async def test_anything_else_is_answered_with_what_can_be_said(agency: Fakes, typed: str) -> None:
    with pytest.raises(UsageError, match="Say `#channel NAME`"):
        await say(agency, f"brands {typed}", by=ADMIN)


async def test_who_is_no_admin_changes_nothing(agency: Fakes) -> None:
    with pytest.raises(NotPermittedError):
        await say(agency, "brands default globex")


async def test_the_first_key_is_connected_as_ever() -> None:
    view = await opened(some_fakes(), "connect", by=ADMIN)

    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["api_key"]


async def test_a_second_key_is_asked_for_both_names(fakes: Fakes) -> None:
    view = await opened(fakes, "connect", by=ADMIN)

    assert field(view, "brand")["optional"]
    assert field(view, "first_brand")["optional"]


async def test_a_third_key_is_asked_for_its_own(agency: Fakes) -> None:
    view = await opened(agency, "connect --brand Initech", by=ADMIN)

    assert field(view, "brand")["element"]["initial_value"] == "Initech"
    assert "first_brand" not in str(view)


async def test_a_name_that_was_typed_stands_in_the_window_as_it_was_typed(agency: Fakes) -> None:
    view = await opened(agency, "connect --brand H&amp;M", by=ADMIN)

    assert field(view, "brand")["element"]["initial_value"] == "H&M"
