"""Uploading: what is sent, in which pieces, what is tried again, and what failures leave behind."""

from collections.abc import AsyncIterable
from dataclasses import replace

import pytest

from scrm_bot.domain.errors import (
    InvalidRequestError,
    NotConnectedError,
    PaymentRequiredError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.insights import Upload
from scrm_bot.domain.media import SlackFile
from scrm_bot.ports import Workspace
from scrm_bot.usecases import approvals, media
from scrm_bot.usecases.media import Turn, Uploading
from tests.builders import EDITOR, a_post
from tests.fakes.socialcrm import FakeSocialCRM
from tests.fakes.workspace import Fakes, some_fakes

LOST = SocialCRMAmbiguousError("timeout")
NEVER_SENT = SocialCRMUnreachableError("refused")


@pytest.fixture
def fakes() -> Fakes:
    return some_fakes()


async def all_turns(uploading: Uploading) -> list[Turn]:
    return [turn async for turn in uploading.turns()]


async def test_a_file_is_sent_to_its_place_and_confirmed(fakes: Fakes) -> None:
    file = fakes.files.add("F1", b"one", b"two")

    media_id = await media.upload(fakes.workspace, file)

    assert fakes.socialcrm.uploads == {media_id: b"onetwo"}
    names = [name for name, _ in fakes.socialcrm.calls]
    assert names == ["request_upload", "send_bytes", "confirm_upload"]
    assert fakes.files.open_now == set()


async def test_no_piece_is_read_before_the_one_before_it_was_sent() -> None:
    class Slow(FakeSocialCRM):
        """Takes one piece at a time, and writes down when."""

        async def send_bytes(self, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
            async for piece in data:
                note(f"sent {len(piece)}")

    seen: list[str] = []
    note = seen.append

    fakes = some_fakes()
    file = fakes.files.add("F1", b"1", b"22", b"333")
    fakes.files.on_read = lambda piece: note(f"read {len(piece)}")

    await media.upload(_with(fakes, Slow(clock=fakes.clock)), file)

    assert seen == ["read 1", "sent 1", "read 2", "sent 2", "read 3", "sent 3"]


def _with(fakes: Fakes, socialcrm: FakeSocialCRM) -> Workspace:
    return replace(fakes.workspace, socialcrm=socialcrm)


async def test_a_file_of_which_only_the_id_is_known_is_looked_up(fakes: Fakes) -> None:
    fakes.files.add("F1", b"one")

    media_id = await media.upload(fakes.workspace, SlackFile("F1"))

    assert fakes.socialcrm.uploads[media_id] == b"one"


async def test_what_is_found_out_late_is_checked_all_the_same(fakes: Fakes) -> None:
    fakes.files.add("F1", b"one", mimetype="text/plain")

    with pytest.raises(UsageError, match="not of a kind"):
        await media.upload(fakes.workspace, SlackFile("F1"))

    assert fakes.files.opened == []
    assert fakes.socialcrm.calls == []


@pytest.mark.parametrize("error", [LOST, NEVER_SENT])
async def test_a_failed_confirmation_is_tried_again_with_longer_pauses(
    fakes: Fakes, error: ScrmError
) -> None:
    fakes.socialcrm.refuse("confirm_upload", error, times=3)

    await media.upload(fakes.workspace, fakes.files.add("F1", b"one"))

    assert fakes.socialcrm.count("confirm_upload") == 4
    assert fakes.socialcrm.count("send_bytes") == 1
    assert fakes.clock.slept == [0.5, 1.0, 2.0]


async def test_after_four_failed_confirmations_it_is_told(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("confirm_upload", LOST, times=9)

    with pytest.raises(SocialCRMAmbiguousError):
        await media.upload(fakes.workspace, fakes.files.add("F1", b"one"))

    assert fakes.socialcrm.count("confirm_upload") == 4


async def test_a_refused_confirmation_is_final(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("confirm_upload", InvalidRequestError("no bytes"))

    with pytest.raises(InvalidRequestError):
        await media.upload(fakes.workspace, fakes.files.add("F1", b"one"))

    assert fakes.socialcrm.count("confirm_upload") == 1


@pytest.mark.parametrize("method", ["request_upload", "send_bytes"])
@pytest.mark.parametrize("error", [LOST, NEVER_SENT])
async def test_a_file_that_did_not_arrive_is_sent_once_more_from_its_beginning(
    fakes: Fakes, method: str, error: ScrmError
) -> None:
    fakes.socialcrm.refuse(method, error)

    media_id = await media.upload(fakes.workspace, fakes.files.add("F1", b"one", b"two"))

    assert fakes.socialcrm.uploads == {media_id: b"onetwo"}
    assert fakes.files.opened == ["F1", "F1"]
    assert fakes.socialcrm.count("request_upload") == 2
    assert fakes.files.open_now == set()


async def test_twice_is_all(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("send_bytes", LOST, times=9)

    with pytest.raises(SocialCRMAmbiguousError):
        await media.upload(fakes.workspace, fakes.files.add("F1", b"one"))

    assert fakes.socialcrm.count("send_bytes") == 2
    assert fakes.files.open_now == set()


async def test_a_refused_upload_is_not_repeated(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("send_bytes", SocialCRMContractError("403"))

    with pytest.raises(SocialCRMContractError):
        await media.upload(fakes.workspace, fakes.files.add("F1", b"one"))

    assert fakes.socialcrm.count("send_bytes") == 1


async def test_what_broke_in_slack_is_not_laid_on_socialcrm() -> None:
    class Wrapping(FakeSocialCRM):
        """Tells any end of the bytes as an answer that was lost, as a network does."""

        async def send_bytes(self, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
            try:
                await super().send_bytes(upload, data, size=size)
            except UsageError as error:
                raise LOST from error

    fakes = some_fakes()
    file = fakes.files.add("F1", b"one", b"two")
    fakes.files.breaks["F1"] = UsageError("Slack broke off in the middle of F1.png.", field="media")
    crm = Wrapping(clock=fakes.clock)

    with pytest.raises(UsageError, match="Slack broke off"):
        await media.upload(_with(fakes, crm), file)

    assert crm.uploads == {}
    assert fakes.files.opened == ["F1"]


async def test_files_go_one_after_the_other_and_each_is_told_before(fakes: Fakes) -> None:
    files = [fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two"), fakes.files.add("F1", b"one")]
    uploading = Uploading(fakes.workspace, files, key="V1")

    turns = [
        (turn.number, turn.of, turn.file.id, list(fakes.files.opened)) async for turn in uploading.turns()
    ]

    assert turns == [(1, 2, "F1", []), (2, 2, "F2", ["F1"])]
    assert [fakes.socialcrm.uploads[media_id] for media_id in uploading.media_ids] == [b"one", b"two"]
    assert [file.id for file in uploading.arrived] == ["F1", "F2"]
    assert uploading.failed == []


async def test_one_failure_leaves_the_others(fakes: Fakes) -> None:
    files = [fakes.files.add("F1", b"one"), SlackFile("FGONE"), fakes.files.add("F3", b"three")]
    uploading = Uploading(fakes.workspace, files, key="V1")

    await all_turns(uploading)

    assert [fakes.socialcrm.uploads[media_id] for media_id in uploading.media_ids] == [b"one", b"three"]
    assert [(failed.file.id, str(failed.error)) for failed in uploading.failed] == [
        ("FGONE", "FGONE is not in Slack any more.")
    ]


@pytest.mark.parametrize("error", [PaymentRequiredError(), NotConnectedError()])
async def test_what_refuses_all_files_is_asked_once(fakes: Fakes, error: ScrmError) -> None:
    fakes.socialcrm.refuse("request_upload", error)
    files = [fakes.files.add(name, b"x") for name in ("F1", "F2", "F3")]
    uploading = Uploading(fakes.workspace, files, key="V1")

    turns = await all_turns(uploading)

    assert len(turns) == 1
    assert [(failed.file.id, failed.error) for failed in uploading.failed] == [
        ("F1", error),
        ("F2", error),
        ("F3", error),
    ]


async def test_done_a_second_time_it_sends_nothing_again(fakes: Fakes) -> None:
    files = [fakes.files.add("F1", b"one"), fakes.files.add("F2", b"two")]
    fakes.socialcrm.let_pass("request_upload")
    fakes.socialcrm.refuse("request_upload", InvalidRequestError("not now"))
    first = Uploading(fakes.workspace, files, key="V1")
    await all_turns(first)
    assert [failed.file.id for failed in first.failed] == ["F2"]

    again = Uploading(fakes.workspace, files, key="V1")
    turns = await all_turns(again)

    assert [(turn.number, turn.file.id) for turn in turns] == [(2, "F2")]
    assert again.media_ids[0] == first.media_ids[0]
    assert len(again.media_ids) == 2

    other = Uploading(fakes.workspace, files, key="V2")
    assert len(await all_turns(other)) == 2
    assert set(other.media_ids).isdisjoint(again.media_ids)


async def test_what_arrived_before_is_kept_when_the_plan_refuses_the_rest(fakes: Fakes) -> None:
    files = [fakes.files.add(name, b"x") for name in ("F1", "F2", "F3")]
    first = Uploading(fakes.workspace, [files[2]], key="V1")
    await all_turns(first)
    fakes.socialcrm.refuse("request_upload", PaymentRequiredError())

    again = Uploading(fakes.workspace, files, key="V1")
    await all_turns(again)

    assert again.media_ids == first.media_ids
    assert [failed.file.id for failed in again.failed] == ["F1", "F2"]


async def an_upload(fakes: Fakes) -> Uploading:
    uploading = Uploading(fakes.workspace, [fakes.files.add("F1", b"one")], key="V1")
    await all_turns(uploading)
    return uploading


async def test_what_arrived_goes_behind_what_the_post_has() -> None:
    fakes = some_fakes(a_post(media_ids=("media_old",)))
    uploading = await an_upload(fakes)

    edited = await uploading.attach("post_123", by=EDITOR)

    assert edited.post.media_ids == ("media_old", *uploading.media_ids)
    assert fakes.socialcrm.posts["post_123"] == edited.post
    assert edited.post.body == a_post().body
    assert edited.voided is None


async def test_attaching_twice_attaches_once(fakes: Fakes) -> None:
    uploading = await an_upload(fakes)

    await uploading.attach("post_123", by=EDITOR)
    edited = await uploading.attach("post_123", by=EDITOR)

    assert list(edited.post.media_ids) == uploading.media_ids
    assert fakes.socialcrm.count("update_post") == 1


async def test_where_nothing_arrived_the_post_is_not_touched(fakes: Fakes) -> None:
    uploading = Uploading(fakes.workspace, [SlackFile("FGONE")], key="V1")
    await all_turns(uploading)

    edited = await uploading.attach("post_123", by=EDITOR)

    assert edited.post == fakes.socialcrm.posts["post_123"]
    assert fakes.socialcrm.count("update_post") == 0


async def test_a_new_picture_voids_what_was_asked_about_the_post(fakes: Fakes) -> None:
    await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key="1")

    edited = await (await an_upload(fakes)).attach("post_123", by=EDITOR)

    assert edited.voided
    assert edited.voided.post_id == "post_123"


async def test_a_post_that_is_out_gets_nothing_any_more() -> None:
    fakes = some_fakes(a_post(status="published"))

    with pytest.raises(UsageError, match="published already"):
        await (await an_upload(fakes)).attach("post_123", by=EDITOR)

    assert fakes.socialcrm.posts["post_123"].media_ids == ()
