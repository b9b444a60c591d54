"""Files: with a draft, onto a post that is there, and from a message."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from scrm_bot.domain.errors import (
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    SocialCRMContractError,
    UsageError,
)
from scrm_bot.domain.media import SlackFile
from scrm_bot.slack import plans
from scrm_bot.slack.command import Shortcut
from scrm_bot.slack.fileobjects import plain
from scrm_bot.slack.reply import Answer, Answers, Progress, Reply, ShowErrors, ShowView, UpdateModal
from scrm_bot.views import answers, modals
from scrm_bot.views.blocks import View
from tests.builders import a_post
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    ROUTER,
    a_caller,
    a_modal,
    a_submission,
    an_update,
    checked,
    click,
    connected,
    field,
    labels,
    metadata_of,
    opened,
    said,
    say,
    submit,
    value_of,
)

TEXT = "Launch day is here."


async def each(answers: Answers) -> list[Answer]:
    """Every answer, also of work that is still going on."""
    if isinstance(answers, AsyncGenerator):
        return [answer async for answer in answers]
    return list(answers) if isinstance(answers, (list, tuple)) else [answers]  # type: ignore[list-item]


def shown(answers: list[Answer]) -> list[str]:
    """The progress, in words."""
    return [said(answer.view) for answer in answers if isinstance(answer, Progress)]


def the_reply(answers: list[Answer]) -> Reply:
    (reply,) = [answer for answer in answers if isinstance(answer, Reply)]
    return reply


def in_form(*files: SlackFile) -> list[dict[str, Any]]:
    return [plain(file) for file in files]


def newest(fakes: Fakes) -> Any:
    return list(fakes.socialcrm.posts.values())[-1]


def contents(fakes: Fakes, post: Any) -> list[bytes]:
    return [fakes.socialcrm.uploads[media_id] for media_id in post.media_ids]


async def shortcut(fakes: Fakes, *files: SlackFile, text: str = "Look at this") -> View:
    handler = ROUTER.shortcut("draft_from_message")
    assert handler
    deed = Shortcut(a_caller(), "draft_from_message", text, files)
    return a_modal(await handler.run(deed, fakes.workspace)).view


async def test_a_draft_with_files_tells_how_far_it_is_and_has_them(fakes: Fakes) -> None:
    files = in_form(fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two"))

    answers = await each(await submit(fakes, await opened(fakes, "draft"), text=TEXT, media=files))

    assert ["Uploading 1 of 2: F1.png…" in told for told in shown(answers)] == [True, False]
    assert ["Uploading 2 of 2: F2.png…" in told for told in shown(answers)] == [False, True]
    assert contents(fakes, newest(fakes)) == [b"one", b"two"]
    assert "2 files" in said(the_reply(answers))
    assert isinstance(answers[-1], UpdateModal)
    assert "not attached" not in said(the_reply(answers))


async def test_the_text_is_saved_whatever_becomes_of_the_files(fakes: Fakes) -> None:
    good, gone = fakes.files.add("F1", b"one"), SlackFile("F2", "gone.png", "image/png", 3, "https://x")

    answers = await each(
        await submit(fakes, await opened(fakes, "draft"), text=TEXT, media=in_form(gone, good))
    )

    told = said(the_reply(answers))
    assert "1 file not attached" in told
    assert "gone.png is not in Slack any more" in told
    assert newest(fakes).body == TEXT
    assert contents(fakes, newest(fakes)) == [b"one"]
    assert value_of(the_reply(answers), "Attach files") == newest(fakes).id


async def test_approvers_are_not_asked_about_half_a_post(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("request_upload", PaymentRequiredError(endpoint="POST /media/upload-url"))
    files = in_form(fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two"))
    view = await opened(fakes, "draft")

    answers = await each(await submit(fakes, view, text=TEXT, media=files, then="ask"))

    told = said(the_reply(answers))
    assert "2 files not attached" in told
    assert "F1.png, F2.png: SocialCRM offers uploading media on a paid plan only" in told
    assert "approval was not asked for" in told
    assert fakes.announcer.shown == []
    assert "Ask for approval" in labels(the_reply(answers))


async def test_with_all_its_files_it_is_asked_about(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    answers = await each(
        await submit(fakes, view, text=TEXT, media=in_form(fakes.files.add("F1", b"one")), then="ask")
    )

    (approval,) = fakes.announcer.shown[:1]
    assert approval.content.media_ids == newest(fakes).media_ids != ()
    assert "Asked for approval" in said(the_reply(answers))


async def test_when_the_post_takes_no_files_after_all_each_is_named(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("update_post", SocialCRMContractError("odd"))

    answers = await each(
        await submit(
            fakes, await opened(fakes, "draft"), text=TEXT, media=in_form(fakes.files.add("F1", b"one"))
        )
    )

    assert "1 file not attached" in said(the_reply(answers))
    assert newest(fakes).media_ids == ()


async def test_saved_twice_the_files_are_sent_once(fakes: Fakes) -> None:
    view, files = await opened(fakes, "draft"), in_form(fakes.files.add("F1", b"one"))

    await each(await submit(fakes, view, text=TEXT, media=files))
    answers = await each(await submit(fakes, view, text=TEXT, media=files))

    assert shown(answers) == []
    assert fakes.socialcrm.count("send_bytes") == 1
    assert len(newest(fakes).media_ids) == 1


async def test_a_post_of_pictures_alone_is_made_once_they_are_there(fakes: Fakes) -> None:
    files = in_form(fakes.files.add("F1", b"one"), SlackFile("F2", "gone.png", "image/png", 3, "https://x"))
    view = await opened(fakes, "draft")
    assert isinstance(checked(a_submission(view, text="", media=files)), ShowView)

    answers = await each(await submit(fakes, view, text="", media=files, note="See the colours"))

    assert (newest(fakes).body, contents(fakes, newest(fakes))) == ("", [b"one"])
    assert fakes.socialcrm.count("update_post") == 0
    assert "1 file not attached" in said(the_reply(answers))
    assert (await plans.of(fakes.workspace, newest(fakes).id)).note == "See the colours"


async def test_pictures_alone_saved_twice_are_one_post(fakes: Fakes) -> None:
    view, files = await opened(fakes, "draft"), in_form(fakes.files.add("F1", b"one"))

    await each(await submit(fakes, view, text=None, media=files))
    before = len(fakes.socialcrm.posts)
    await each(await submit(fakes, view, text=None, media=files))

    assert len(fakes.socialcrm.posts) == before
    assert len(newest(fakes).media_ids) == 1


async def test_without_a_text_and_with_no_file_that_arrives_the_form_comes_back(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("request_upload", PaymentRequiredError(endpoint="POST /media/upload-url"))
    files = in_form(fakes.files.add("F1", b"one"))

    answers = await each(await submit(fakes, await opened(fakes, "draft"), text="", media=files))

    form = an_update(answers[-1]).view
    assert "paid plan" in said(form)
    assert "there is nothing to save yet" in said(form)
    assert field(form, "also")["element"]["initial_options"][0]["value"] == "F1"
    assert list(fakes.socialcrm.posts) == ["post_123"]


async def test_what_the_api_says_of_a_post_without_a_text_is_told_in_the_form(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("create_draft", InvalidRequestError("body must not be empty"))
    files = in_form(fakes.files.add("F1", b"one"))

    answers = await each(await submit(fakes, await opened(fakes, "draft"), text="", media=files))

    assert "body must not be empty" in said(an_update(answers[-1]).view)


async def test_a_text_may_be_taken_out_of_a_post_that_has_pictures(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", media_ids=("media_old",))

    await each(await submit(fakes, await opened(fakes, "edit post_123"), text=""))

    post = fakes.socialcrm.posts["post_123"]
    assert (post.body, post.media_ids) == ("", ("media_old",))


async def test_a_text_may_make_way_for_pictures_that_come_with_the_change(fakes: Fakes) -> None:
    files = in_form(fakes.files.add("F1", b"one"))

    await each(await submit(fakes, await opened(fakes, "edit post_123"), text="", media=files))

    post = fakes.socialcrm.posts["post_123"]
    assert (post.body, contents(fakes, post)) == ("", [b"one"])


async def test_editing_adds_to_what_is_there(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", media_ids=("media_old",))
    view = await opened(fakes, "edit post_123")

    await each(await submit(fakes, view, text="New", media=in_form(fakes.files.add("F1", b"one"))))

    post = fakes.socialcrm.posts["post_123"]
    assert post.body == "New"
    assert post.media_ids[0] == "media_old"
    assert len(post.media_ids) == 2


async def test_what_no_post_takes_is_told_at_once_at_the_field(fakes: Fakes) -> None:
    big = SlackFile("F1", "big.png", "image/png", 11 * 1024 * 1024, "https://files.slack.com/a")
    view = await opened(fakes, "draft")

    ack = checked(a_submission(view, text=TEXT, media=in_form(big)))

    assert ack == ShowErrors((("media", "big.png is 11.0 MB, and 10 MB is the most."),))


async def test_a_refused_draft_comes_back_with_its_files_ticked(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("create_draft", PaymentRequiredError(endpoint="POST /posts"))
    files = in_form(fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two"))

    (answer,) = await each(await submit(fakes, await opened(fakes, "draft"), text=TEXT, media=files))

    form = an_update(answer).view
    boxes = field(form, "also")["element"]
    assert [option["value"] for option in boxes["initial_options"]] == ["F1", "F2"]
    assert fakes.files.opened == []

    await each(await submit(fakes, form, also=["F2"]))
    assert contents(fakes, newest(fakes)) == [b"two"]


async def test_a_messages_files_are_offered_and_those_that_do_not_fit_are_told(fakes: Fakes) -> None:
    good, words = fakes.files.add("F1", b"one"), fakes.files.add("F2", b"x", mimetype="text/plain")

    view = await shortcut(fakes, good, words)

    boxes = field(view, "also")["element"]
    assert [(box["text"]["text"], box["value"]) for box in boxes["options"]] == [("F1.png", "F1")]
    assert boxes["initial_options"] == boxes["options"]
    assert "F2.png is not of a kind" in said(view)

    await each(await submit(fakes, view))
    assert contents(fakes, newest(fakes)) == [b"one"]


async def test_without_files_nothing_is_offered(fakes: Fakes) -> None:
    view = await shortcut(fakes)

    assert "also" not in [block["block_id"] for block in view["blocks"] if "element" in block]
    assert metadata_of(view)["files"] == ""


async def test_what_is_ticked_stays_through_a_change_of_the_form(fakes: Fakes) -> None:
    view = await shortcut(fakes, fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two"))

    state = {"text": "Hi", "also": ["F2"]}
    changed = an_update(await click(fakes, "then", "ask", view=view, state=state)).view

    boxes = field(changed, "also")["element"]
    assert [box["value"] for box in boxes["initial_options"]] == ["F2"]
    await each(await submit(fakes, changed))
    assert contents(fakes, newest(fakes)) == [b"two"]


async def test_a_ticked_file_is_found_when_the_offer_is_forgotten(fakes: Fakes) -> None:
    view = await shortcut(fakes, fakes.files.add("F1", b"one"))
    fakes.memory.kept.clear()

    await each(await submit(fakes, view))

    assert contents(fakes, newest(fakes)) == [b"one"]


async def test_too_many_together_are_told_at_the_field(fakes: Fakes) -> None:
    many = [fakes.files.add(f"F{number}", b"x") for number in range(10)]
    view = await shortcut(fakes, *many)

    ack = checked(a_submission(view, media=in_form(fakes.files.add("F10", b"x"))))

    assert isinstance(ack, ShowErrors)
    assert "11 files are too many" in ack.errors[0][1]


async def test_attach_puts_files_onto_a_post(fakes: Fakes) -> None:
    view = await opened(fakes, "attach post_123")
    assert TEXT in said(view)
    files = in_form(fakes.files.add("F1", b"one"))
    assert isinstance(checked(a_submission(view, media=files)), ShowView)

    answers = await each(await submit(fakes, view, media=files))

    assert "Uploading 1 of 1: F1.png…" in shown(answers)[0]
    assert "1 file attached" in said(the_reply(answers))
    assert contents(fakes, fakes.socialcrm.posts["post_123"]) == [b"one"]


async def test_attach_says_what_it_did_to_the_request(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")

    answers = await each(
        await submit(
            fakes, await opened(fakes, "attach post_123"), media=in_form(fakes.files.add("F1", b"one"))
        )
    )

    assert "void now" in said(the_reply(answers))


async def test_where_nothing_arrived_attach_says_so(fakes: Fakes) -> None:
    gone = SlackFile("F2", "gone.png", "image/png", 3, "https://x")

    answers = await each(await submit(fakes, await opened(fakes, "attach post_123"), media=in_form(gone)))

    assert "Nothing attached" in said(the_reply(answers))
    assert value_of(the_reply(answers), "Attach files") == "post_123"


async def test_attach_without_a_post_asks_which(fakes: Fakes) -> None:
    asked = await opened(fakes, "attach")

    view = a_modal(await submit(fakes, asked, post="post_123")).view

    assert view["callback_id"] == "attach"
    assert metadata_of(view)["post"] == "post_123"


async def test_attach_without_a_file_is_told_at_the_field(fakes: Fakes) -> None:
    view = await opened(fakes, "attach post_123")

    assert checked(a_submission(view)) == ShowErrors((("media", "Choose a file first."),))


async def test_a_post_that_is_out_is_not_sent_files_for() -> None:
    fakes = connected(a_post(status="published"))
    view = await opened(fakes, "attach post_123")

    with pytest.raises(UsageError, match="published already"):
        await submit(fakes, view, media=in_form(fakes.files.add("F1", b"one")))

    assert fakes.files.opened == []


async def test_the_button_opens_the_modal_on_top_of_another(fakes: Fakes) -> None:
    alone = a_modal(await click(fakes, "attach", "post_123"))
    above = a_modal(await click(fakes, "attach", "post_123", view=await opened(fakes, "draft")))

    assert (alone.push, above.push) == (False, True)
    assert metadata_of(alone.view)["post"] == "post_123"


async def test_the_button_of_a_notice_puts_the_modal_in_its_place(fakes: Fakes) -> None:
    notice = modals.notice("Attach media", answers.expired_text())

    instead = an_update(await click(fakes, "attach", "post_123", view=notice))

    assert (instead.view["callback_id"], instead.view_id) == ("attach", "V2")


async def test_a_button_of_a_post_that_is_gone_says_so(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await click(fakes, "attach", "post_9")
