"""Pictures and videos: from Slack to SocialCRM and onto a post."""

import pytest

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.socialcrm.posts import Post
from tests.flow.conftest import House

TEXT = "Grand opening on Friday at noon"
PICTURE = b"\x89PNG" + bytes(range(256)) * 300  # more than one piece
MEGABYTE = 1024 * 1024


def post_with(house: House, text: str = TEXT) -> Post:
    (found,) = [post for post in house.socialcrm.sandbox.posts.by_id.values() if post.body == text]
    return found


def attached(house: House, post: Post) -> list[tuple[str, str, bytes | None, bool]]:
    """What SocialCRM has of each of the post's media: name, kind, bytes, and whether it was confirmed."""
    shelf = [house.socialcrm.sandbox.media.by_id[media_id] for media_id in post.media_ids]
    return [(media.filename, media.content_type, media.content, media.confirmed) for media in shelf]


async def save_draft(house: House, *files: tuple[str, bytes], then: str = "") -> None:
    await house.editor.command("/scrm draft")
    await house.editor.fill({"Text": TEXT, "Accounts": ["LinkedIn"], "Media": list(files)})
    if then:
        await house.editor.choose("Then", then)
    await house.editor.submit()


async def said_to(person: Person, words: str) -> str:
    return labels.said(await person.wait_for_message(words, channel="#social"))


async def test_a_draft_with_a_picture_has_its_very_bytes(house: House) -> None:
    await save_draft(house, ("shop.png", PICTURE), ("tour.mp4", b"moving"))

    told = await said_to(house.editor, TEXT)

    assert attached(house, post_with(house)) == [
        ("shop.png", "image/png", PICTURE, True),
        ("tour.mp4", "video/mp4", b"moving", True),
    ]
    assert "2 files" in told
    assert "not attached" not in told
    assert house.slack.faults == []


async def test_the_modal_tells_which_file_it_is_at(house: House) -> None:
    await save_draft(house, ("shop.png", PICTURE), ("tour.mp4", b"moving"))
    await said_to(house.editor, TEXT)

    shown = [labels.said(call.args["view"]) for call in house.slack.calls_of("views.update")]

    assert [told for told in shown if "Uploading" in told] == [
        told for told in shown if "1 of 2: shop.png" in told or "2 of 2: tour.mp4" in told
    ]
    assert sum("Uploading" in told for told in shown) == 2


async def test_approvers_are_asked_about_the_post_with_its_picture(house: House) -> None:
    await save_draft(house, ("shop.png", PICTURE), then="Ask for approval")

    card = labels.said(await house.approver.wait_for_message("Approve", channel="#approvals"))

    assert TEXT in card
    assert len(post_with(house).media_ids) == 1


@pytest.mark.parametrize("kind", ["drop", "drop_after", "500"])
async def test_a_failed_confirmation_is_tried_again(house: House, kind: str) -> None:
    house.socialcrm.sandbox.faults.add(kind, path="/v1/media/*/confirm")

    await save_draft(house, ("shop.png", PICTURE))

    await said_to(house.editor, "1 file")
    assert attached(house, post_with(house)) == [("shop.png", "image/png", PICTURE, True)]


async def test_a_failed_upload_leaves_the_draft_and_says_so(house: House) -> None:
    house.socialcrm.sandbox.faults.add("500", path="/uploads/*", times=None)

    await save_draft(house, ("shop.png", PICTURE))

    told = await said_to(house.editor, "not attached")
    assert "shop.png" in told
    assert attached(house, post_with(house)) == []

    house.socialcrm.sandbox.faults.clear()
    await house.editor.close(clear=True)
    await house.editor.click("Attach files", channel="#social")
    await house.editor.fill({"Media": [("shop.png", PICTURE)]})
    await house.editor.submit()
    await said_to(house.editor, "1 file attached")
    assert attached(house, post_with(house)) == [("shop.png", "image/png", PICTURE, True)]


async def test_nobody_is_asked_about_a_post_without_its_picture(house: House) -> None:
    house.socialcrm.sandbox.faults.add(
        "error", code="payment_required", path="/v1/media/upload-url", times=None
    )

    await save_draft(house, ("shop.png", PICTURE), ("b.png", PICTURE), then="Ask for approval")

    told = await said_to(house.editor, "not attached")
    assert "shop.png, b.png" in told
    assert "paid plan" in told
    assert "approval was not asked for" in told
    cards = await house.approver.messages("#approvals")
    assert [card for card in cards if labels.says(card, TEXT)] == []


async def test_what_a_post_cannot_take_is_told_at_the_field(house: House) -> None:
    await house.editor.command("/scrm draft")
    files = [("notes.txt", b"words"), ("big.png", bytes(11 * MEGABYTE))]
    await house.editor.fill({"Text": TEXT, "Media": files})

    outcome = await house.editor.submit(check=False)

    assert set(outcome["errors"]) == {"media"}
    assert "notes.txt" in outcome["errors"]["media"]
    assert "big.png is 11.0 MB" in outcome["errors"]["media"]


async def test_a_refused_draft_comes_back_with_its_files(house: House) -> None:
    house.socialcrm.sandbox.faults.add("error", code="payment_required", method="POST", path="/v1/posts")
    await save_draft(house, ("shop.png", PICTURE))
    form = await house.editor.wait_for_modal("New social post", containing="plan")
    assert "shop.png" in labels.said(form)

    await house.editor.submit()

    await said_to(house.editor, TEXT)
    assert attached(house, post_with(house)) == [("shop.png", "image/png", PICTURE, True)]


async def test_attach_adds_to_what_a_post_has(house: House) -> None:
    await save_draft(house, ("shop.png", PICTURE))
    await said_to(house.editor, TEXT)
    await house.editor.close(clear=True)

    await house.editor.command("/scrm attach last")
    await house.editor.fill({"Media": [("second.gif", b"GIF89a")]})
    await house.editor.submit()

    await said_to(house.editor, "1 file attached")
    assert [name for name, *_ in attached(house, post_with(house))] == ["shop.png", "second.gif"]


async def test_a_new_picture_voids_the_request_about_the_old_post(house: House) -> None:
    await save_draft(house, then="Ask for approval")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    await house.editor.close(clear=True)

    await house.editor.command("/scrm attach last")
    await house.editor.fill({"Media": [("shop.png", PICTURE)]})
    await house.editor.submit()

    assert "void" in await said_to(house.editor, "1 file attached")


async def test_attach_without_a_file_is_told_at_the_field(house: House) -> None:
    await house.draft(TEXT)
    await house.editor.command("/scrm attach last")

    outcome = await house.editor.submit(check=False)

    assert outcome["errors"]


async def test_a_messages_pictures_come_along(house: House) -> None:
    files = [await house.editor.upload(name, PICTURE) for name in ("shop.png", "cat.webp", "notes.txt")]
    await house.editor.say("Customers love the new blend", files=[file["id"] for file in files])

    await house.editor.shortcut("Draft a post from this", containing="Customers love", channel="#social")
    form = await house.editor.wait_for_modal("New social post", containing="cat.webp")
    assert "notes.txt is not of a kind" in labels.said(form)
    await house.editor.fill({"Also attach": ["shop.png"]})
    await house.editor.submit()

    await said_to(house.editor, "1 file")
    post = post_with(house, "Customers love the new blend")
    assert attached(house, post) == [("shop.png", "image/png", PICTURE, True)]


async def test_a_video_of_nine_megabytes_arrives_whole(house: House) -> None:
    video = PICTURE * (9 * MEGABYTE // len(PICTURE))

    await save_draft(house, ("tour.mp4", video))

    await said_to(house.editor, TEXT)
    assert attached(house, post_with(house)) == [("tour.mp4", "video/mp4", video, True)]
