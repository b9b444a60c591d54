"""Naming several keys of one workspace, and telling their channels apart."""

from dataclasses import replace

import pytest

from scrm_bot.domain.brands import Brand, Brands
from scrm_bot.domain.errors import NotPermittedError, UsageError
from scrm_bot.domain.workspaces import Connection, Secret
from scrm_bot.ports import Workspace
from scrm_bot.usecases import brands, workspaces
from tests.builders import ADMIN, EDITOR, NOW, an_approval, an_approved
from tests.fakes.workspace import Fakes, some_fakes

FIRST_KEY, SECOND_KEY = "sk_live_" + "a" * 28 + "1111", "sk_live_" + "b" * 28 + "2222"


async def works(_: Secret) -> None:
    """A probe of a key that works."""


@pytest.fixture
def fakes() -> Fakes:
    made = some_fakes()
    made.people.admins.add(ADMIN)
    return made


async def connected(fakes: Fakes) -> Workspace:
    """Acme's key and Globex' beside it; the workspace is opened for Acme."""
    await workspaces.connect(fakes.workspace, FIRST_KEY, by=ADMIN, probe=works)
    await workspaces.connect(fakes.workspace, SECOND_KEY, by=ADMIN, probe=works, brand="Globex", first="Acme")
    return fakes.workspace


async def id_of(workspace: Workspace, name: str) -> str:
    return (await brands.known(workspace)).named(name).id


async def globex_of(workspace: Workspace) -> Workspace:
    return workspace.of_brand(await id_of(workspace, "Globex"))


async def test_a_second_key_stands_beside_the_first_and_both_have_a_name(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    listed = await brands.listed(workspace)

    told = [(each.brand.name, each.connection and each.connection.last4, each.is_default) for each in listed]
    assert told == [("Acme", "1111", True), ("Globex", "2222", False)]
    assert listed[0].brand.id == ""
    assert (await workspace.vault.reveal())[0].last4 == "1111"


async def test_without_a_name_a_key_replaces_the_one_at_hand(fakes: Fakes) -> None:
    await workspaces.connect(fakes.workspace, FIRST_KEY, by=ADMIN, probe=works)

    await workspaces.connect(fakes.workspace, SECOND_KEY, by=ADMIN, probe=works)

    assert await brands.known(fakes.workspace) == Brands()
    assert (await fakes.vault.reveal())[0].last4 == "2222"


async def test_a_name_that_is_there_replaces_that_brands_key(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    before = await brands.known(workspace)

    await workspaces.connect(workspace, FIRST_KEY[:-4] + "3333", by=ADMIN, probe=works, brand="globex")

    assert await brands.known(workspace) == before
    assert (await (await globex_of(workspace)).vault.reveal())[0].last4 == "3333"
    assert (await workspace.vault.reveal())[0].last4 == "1111"


async def test_the_very_first_key_can_have_its_name_at_once(fakes: Fakes) -> None:
    fakes.vault.key = fakes.vault.known = None

    await workspaces.connect(fakes.workspace, FIRST_KEY, by=ADMIN, probe=works, brand="Acme")
    await workspaces.connect(fakes.workspace, SECOND_KEY, by=ADMIN, probe=works, brand="Globex")

    assert [each.name for each in (await brands.known(fakes.workspace)).known] == ["Acme", "Globex"]


@pytest.mark.parametrize(
    ("brand", "first", "field"),
    [("Globex", "", "first_brand"), ("Globex", "globex", "brand"), ("Glo bex", "Acme", "brand")],
)
async def test_names_that_cannot_be_told_apart_are_refused_before_the_key_is_tried(
    fakes: Fakes, brand: str, first: str, field: str
) -> None:
    await workspaces.connect(fakes.workspace, FIRST_KEY, by=ADMIN, probe=works)
    tried: list[Secret] = []

    async def probe(secret: Secret) -> None:
        tried.append(secret)

    with pytest.raises(UsageError) as raised:
        await workspaces.connect(fakes.workspace, SECOND_KEY, by=ADMIN, probe=probe, brand=brand, first=first)

    assert (raised.value.field, tried) == (field, [])
    assert await brands.known(fakes.workspace) == Brands()


async def test_there_is_an_end_to_brands(fakes: Fakes, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = await connected(fakes)
    monkeypatch.setattr(brands, "MOST", 2)

    with pytest.raises(UsageError, match="as many as"):
        await brands.check_target(workspace, "Initech")


async def test_a_channel_is_about_one_brand_at_a_time(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    await brands.map_channel(workspace, "C1", "acme", by=ADMIN)
    chosen = await brands.map_channel(workspace, "C1", "Globex", by=ADMIN)

    known = await brands.known(workspace)
    assert chosen is not None
    assert known.at("C1") == chosen.id
    assert [each.channels for each in known.known] == [(), ("C1",)]
    assert await brands.map_channel(workspace, "C1", "none", by=ADMIN) is None
    assert (await brands.known(workspace)).at("C1") == ""


async def test_the_default_and_a_name_can_be_changed(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    await brands.set_default(workspace, "Globex", by=ADMIN)
    renamed = await brands.rename(workspace, "Globex", "Initech", by=ADMIN)

    assert (await brands.default_of(workspace)).brand == renamed.id == await id_of(workspace, "Initech")
    assert (await brands.default_of(workspace.of_brand(renamed.id))).brand == renamed.id
    assert fakes.audit.entries[-1].detail == "brands"
    assert fakes.audit.entries[-1].after == "Acme; Initech; default=Initech"


async def test_two_brands_have_no_name_in_common(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    with pytest.raises(UsageError, match="already"):
        await brands.rename(workspace, "Globex", "ACME", by=ADMIN)


async def test_only_a_brand_without_a_key_can_be_removed_and_never_the_last(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    globex = await globex_of(workspace)
    await brands.set_default(workspace, "Globex", by=ADMIN)

    with pytest.raises(UsageError, match="still has a key"):
        await brands.remove(workspace, "Globex", by=ADMIN)
    await workspaces.disconnect(globex, by=ADMIN)
    await brands.remove(workspace, "Globex", by=ADMIN)

    assert [each.name for each in (await brands.known(workspace)).known] == ["Acme"]
    assert (await brands.known(workspace)).default == ""
    await workspaces.disconnect(workspace, by=ADMIN)
    with pytest.raises(UsageError, match="only brand"):
        await brands.remove(workspace, "Acme", by=ADMIN)


async def test_of_two_keys_that_are_connected_at_once_both_are_listed(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    fakes.settings.meanwhile = lambda settings: replace(
        settings, brands=replace(settings.brands, known=(*settings.brands.known, Brand("b3", "Initech")))
    )

    await workspaces.connect(workspace, FIRST_KEY[:-4] + "4444", by=ADMIN, probe=works, brand="Hooli")

    assert [each.name for each in (await brands.known(workspace)).known] == [
        "Acme", "Globex", "Initech", "Hooli",
    ]  # fmt: skip


async def test_a_brand_that_gets_its_key_while_it_is_removed_stays(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    globex = await globex_of(workspace)
    await workspaces.disconnect(globex, by=ADMIN)
    stored: list[Connection] = []

    async def late() -> Connection | None:
        """None at the first look, as long as the key is on its way."""
        stored.append(Connection("2222", "", ADMIN, NOW))
        return stored[0] if len(stored) > 1 else None

    globex.vault.connection = late  # type: ignore[method-assign]
    with pytest.raises(UsageError, match="still has a key"):
        await brands.remove(workspace, "Globex", by=ADMIN)

    assert await id_of(workspace, "Globex") == globex.brand


async def test_a_brand_that_is_removed_while_its_key_is_stored_is_listed_again(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    globex = await globex_of(workspace)
    known = await brands.known(workspace)
    fakes.settings.settings = replace(fakes.settings.settings, brands=replace(known, known=known.known[:1]))

    await brands.keep_listed(globex, "Globex")

    assert await id_of(workspace, "Globex") == globex.brand


async def test_who_goes_leaves_the_default_as_it_was(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    globex = await id_of(workspace, "Globex")
    await brands.set_default(workspace, "Globex", by=ADMIN)
    await workspaces.disconnect(workspace, by=ADMIN)

    await brands.remove(workspace, "Acme", by=ADMIN)

    assert (await brands.known(workspace)).default == globex


async def test_a_name_once_given_again_is_another_brand(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    before = await globex_of(workspace)
    await workspaces.disconnect(before, by=ADMIN)
    await brands.remove(workspace, "Globex", by=ADMIN)

    await workspaces.connect(workspace, SECOND_KEY, by=ADMIN, probe=works, brand="Globex")

    assert (await globex_of(workspace)).brand != before.brand


async def test_disconnecting_one_keeps_the_other_and_the_log_says_which(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    await workspaces.disconnect(await globex_of(workspace), by=ADMIN)

    assert (await workspace.vault.reveal())[0].last4 == "1111"
    assert await (await globex_of(workspace)).vault.connection() is None
    assert [(entry.what, entry.detail) for entry in fakes.audit.entries[-2:]] == [
        ("connected", "Globex"),
        ("disconnected", "Globex"),
    ]


async def test_only_admins_change_brands(fakes: Fakes) -> None:
    workspace = await connected(fakes)

    with pytest.raises(NotPermittedError):
        await brands.map_channel(workspace, "C1", "Globex", by=EDITOR)
    with pytest.raises(NotPermittedError):
        await brands.remove(workspace, "Globex", by=EDITOR)


async def test_the_settings_are_saved_without_losing_the_brands(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    before = await brands.known(workspace)
    stale = some_fakes().settings

    await workspaces.save_settings(workspace, await stale.load(), by=ADMIN)

    assert await brands.known(workspace) == before


async def test_the_pause_reaches_every_brand(fakes: Fakes) -> None:
    workspace = await connected(fakes)
    globex = await globex_of(workspace)
    await workspace.approvals.add(an_approval())
    await globex.approvals.add(an_approved(id="apr_2", post_id="post_2", act_at=NOW))

    await workspaces.pause(workspace, by=ADMIN)

    assert [await each.jobs.has("render:apr_2") for each in (workspace, globex)] == [False, True]
    await workspaces.unpause(globex, by=ADMIN)
    assert await globex.jobs.has("act:apr_2")


async def test_a_digest_is_called_after_its_brand_where_there_are_several(fakes: Fakes) -> None:
    alone = await brands.name_of(fakes.workspace)

    workspace = await connected(fakes)

    assert alone == fakes.workspace.name
    assert await brands.name_of(await globex_of(workspace)) == "Globex"
    assert len(await brands.all_of(workspace)) == 2
