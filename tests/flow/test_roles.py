"""Roles, as people meet them."""

from tests.flow.conftest import House


async def test_guests_do_nothing_until_an_admin_gives_them_a_role(house: House) -> None:
    await house.guest.command("/scrm draft Hello from outside --to all")
    refused = await house.guest.wait_for_message("Only", channel="#social")
    assert "/scrm team" in str(refused)

    await house.give_role("Editors", house.guest)

    await house.guest.command("/scrm draft Hello from the guest room --to all")
    assert await house.guest.wait_for_message("Hello from the guest room", channel="#social")


async def test_viewers_look_and_change_nothing(house: House) -> None:
    await house.give_role("Viewers", house.editor)
    posts = set(house.socialcrm.sandbox.posts.by_id)

    await house.editor.command("/scrm posts")
    listed = await house.editor.wait_for_message("Posts", channel="#social")
    await house.editor.command("/scrm draft Not mine to write --to all")
    refused = await house.editor.wait_for_message("Only an editor", channel="#social")

    assert listed
    assert "/scrm team" in str(refused)
    assert set(house.socialcrm.sandbox.posts.by_id) == posts


async def test_members_read_the_roles_and_cannot_change_them(house: House) -> None:
    await house.editor.command("/scrm team")

    shown = await house.editor.wait_for_message("Who may do what", channel="#social")

    assert "Your role is editor" in str(shown)
    assert "Change roles" not in str(shown)
