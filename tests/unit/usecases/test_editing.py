from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.posts import PostChanges, content_of
from scrm_bot.usecases import authorship, changing, drafting, editing
from tests.builders import APPROVER, EDITOR, LATER, NOW, a_card_ref, a_post, an_approval, an_approved
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

OTHER = "UOTHER"
PERHAPS = "A change in Slack ended this request; whether it reached SocialCRM is not known."


async def test_an_edit_changes_the_post_and_its_author(fakes: Fakes) -> None:
    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)

    assert edited == editing.Edited(a_post(body="New words"), None)
    assert await fakes.memory.recall("author:post_123") == {"user": OTHER, "users": [OTHER]}
    assert await fakes.memory.last_post(OTHER) == "post_123"


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD, State.APPROVED, State.SCHEDULED])
async def test_an_edit_voids_what_was_asked_or_approved(fakes: Fakes, state: State) -> None:
    approval = await fakes.approvals.add(an_approval(state=state, card=a_card_ref()))

    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    void = await fakes.approvals.get(approval.id)
    assert edited.voided == void
    assert (void.state, void.detail, void.changed_body) == (
        State.VOID,
        "The post was changed in Slack after the request.",
        "New words",
    )
    assert fakes.announcer.states == [State.VOID]


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN, State.FAILED, State.CHANGES_REQUESTED])
async def test_an_edit_leaves_a_closed_request_alone(fakes: Fakes, state: State) -> None:
    approval = await fakes.approvals.add(an_approval(state=state))

    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert edited.voided is None
    assert (await fakes.approvals.get(approval.id)).state is state


@pytest.mark.parametrize("state", [State.PUBLISHING, State.SCHEDULING, State.UNKNOWN])
async def test_what_is_on_its_way_out_is_not_changed(fakes: Fakes, state: State) -> None:
    await fakes.approvals.add(an_approval(state=state))

    with pytest.raises(UsageError) as edit:
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    with pytest.raises(UsageError) as delete:
        await editing.delete_post(fakes.workspace, "post_123", by=OTHER)
    assert edit.value.message == "post_123 is on its way out and cannot be changed now."
    assert delete.value.message == "post_123 is on its way out and cannot be deleted now."
    assert edit.value.field == delete.value.field == "post"
    assert fakes.socialcrm.calls == []


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("scheduled", "post_123 is scheduled already, and a change now would go out without approval."),
        ("Publishing", "post_123 is being published right now."),
        ("published", "post_123 has been published already."),
    ],
)
async def test_what_would_go_out_unapproved_is_not_changed(status: str, sentence: str) -> None:
    fakes = some_fakes(a_post(status=status, scheduled_at=LATER))

    with pytest.raises(UsageError) as raised:
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert (raised.value.message, raised.value.field) == (sentence, "post")
    assert fakes.socialcrm.count("update_post") == 0


async def test_an_edit_does_not_empty_a_post(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="A post needs a text or a picture") as raised:
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body=" "), by=OTHER)
    assert raised.value.field == "text"
    edited = await editing.edit_post(
        fakes.workspace, "post_123", PostChanges(body="", media_ids=("m1",)), by=OTHER
    )
    assert edited.post.media_ids == ("m1",)
    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(account_ids=("a",)), by=OTHER)
    assert edited.post.account_ids == ("a",)


async def test_an_edit_whose_answer_was_lost_is_made_again(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("update_post", applied=False)

    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert edited.post.body == "New words"
    fakes.socialcrm.lose_answer("update_post", applied=False)
    fakes.socialcrm.lose_answer("update_post", applied=False)
    with pytest.raises(SocialCRMAmbiguousError):
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="Newer words"), by=OTHER)


async def edit_or_delete(fakes: Fakes, do: str) -> None:
    if do == "edit":
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New"), by=OTHER)
    else:
        await editing.delete_post(fakes.workspace, "post_123", by=OTHER)


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED])
async def test_the_request_is_void_before_anything_is_changed(fakes: Fakes, state: State) -> None:
    await fakes.approvals.add(an_approval(state=state, card=a_card_ref()))
    update, states = fakes.socialcrm.update_post, list[State]()

    async def look_then_update(post_id: str, changes: PostChanges) -> object:
        states.append((await fakes.approvals.get("apr_1")).state)
        return await update(post_id, changes)

    fakes.socialcrm.update_post = look_then_update  # type: ignore[method-assign,assignment]
    await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert states == [State.VOID]


@pytest.mark.parametrize("do", ["edit", "delete"])
async def test_what_has_begun_to_go_out_meanwhile_is_neither_changed_nor_deleted(
    fakes: Fakes, do: str
) -> None:
    await fakes.approvals.add(an_approved(card=a_card_ref()))
    latest_for, looks = fakes.approvals.latest_for, list[str]()

    async def then_begin(post_id: str) -> object:
        found = await latest_for(post_id)
        looks.append(post_id)
        if len(looks) == (2 if do == "edit" else 1):
            stored = await fakes.approvals.get("apr_1")
            await fakes.approvals.save(stored.begun(at=NOW), intent=timedelta())
        return found

    fakes.approvals.latest_for = then_begin  # type: ignore[method-assign,assignment]
    with pytest.raises(UsageError, match="post_123 is on its way out and cannot be"):
        await edit_or_delete(fakes, do)
    assert fakes.socialcrm.count("update_post") + fakes.socialcrm.count("delete_post") == 0
    assert (await fakes.approvals.get("apr_1")).state is State.PUBLISHING
    assert not await changing.is_under_way(fakes.workspace, "post_123")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            InvalidRequestError("Too long."),
            "A change in Slack ended this request, but SocialCRM did not take it: the post is as it was.",
        ),
        (
            SocialCRMAmbiguousError("read timeout"),
            PERHAPS,
        ),
        (
            SocialCRMContractError("an answer that nobody understands"),
            PERHAPS,
        ),
    ],
)
@pytest.mark.parametrize("do", ["edit", "delete"])
async def test_a_change_that_fails_is_told_with_what_became_of_the_request(
    fakes: Fakes, error: ScrmError, told: str, do: str
) -> None:
    await fakes.approvals.add(an_approval(card=a_card_ref()))
    fakes.socialcrm.refuse("update_post", error, times=2)
    fakes.socialcrm.refuse("delete_post", error, times=2)

    with pytest.raises(type(error)):
        await edit_or_delete(fakes, do)
    void = await fakes.approvals.get("apr_1")
    assert (void.state, void.detail, void.changed_body, void.drift) == (State.VOID, told, None, ())
    assert fakes.announcer.people_told == [EDITOR, OTHER]
    assert fakes.socialcrm.posts["post_123"].body == "Launch day is here."


@pytest.mark.parametrize(
    "second",
    [
        SocialCRMUnreachableError(),
        RateLimitedError(retry_in=30),
        BudgetExhaustedError(retry_in=30),
        SocialCRMContractError(),
    ],
)
@pytest.mark.parametrize("do", ["edit", "delete"])
async def test_a_no_to_the_second_try_does_not_say_that_the_first_did_nothing(
    fakes: Fakes, second: ScrmError, do: str
) -> None:
    await fakes.approvals.add(an_approval(card=a_card_ref()))
    for method in ("update_post", "delete_post"):
        fakes.socialcrm.lose_answer(method)
        fakes.socialcrm.refuse(method, second)

    with pytest.raises(SocialCRMAmbiguousError):
        await edit_or_delete(fakes, do)
    assert (await fakes.approvals.get("apr_1")).detail == PERHAPS
    assert await changing.is_under_way(fakes.workspace, "post_123")


@pytest.mark.parametrize("do", ["edit", "delete"])
async def test_a_change_whose_answer_nobody_understands_leaves_the_mark(fakes: Fakes, do: str) -> None:
    for method in ("update_post", "delete_post"):
        fakes.socialcrm.refuse(method, SocialCRMContractError())

    with pytest.raises(SocialCRMContractError):
        await edit_or_delete(fakes, do)
    assert await changing.is_under_way(fakes.workspace, "post_123")


async def test_an_edit_that_changes_nothing_ends_nothing(fakes: Fakes) -> None:
    before = await fakes.approvals.add(an_approved(card=a_card_ref()))
    post = fakes.socialcrm.change("post_123", account_ids=("acct_1", "acct_2"))
    same = PostChanges(body=post.body, account_ids=("acct_2", "acct_1"), media_ids=post.media_ids)

    assert await editing.edit_post(fakes.workspace, "post_123", same, by=OTHER) == editing.Edited(post)
    assert await fakes.approvals.get("apr_1") == before
    assert fakes.socialcrm.count("update_post") == 0
    assert fakes.audit.entries == []
    assert await fakes.memory.last_post(OTHER) == "post_123"


async def test_as_long_as_an_earlier_change_may_arrive_the_old_text_is_sent_too(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("update_post", applied=False)
    fakes.socialcrm.lose_answer("update_post", late=timedelta(seconds=5))
    with suppress(SocialCRMAmbiguousError):
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)

    same = PostChanges(body="Launch day is here.")
    await editing.edit_post(fakes.workspace, "post_123", same, by=OTHER)
    assert fakes.socialcrm.count("update_post") == 3


async def test_a_change_that_fails_where_nothing_was_asked_tells_nobody_else(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("update_post", InvalidRequestError("Too long."))

    with pytest.raises(InvalidRequestError):
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert fakes.announcer.told == []


@pytest.mark.parametrize(("answers", "lasts"), [([], False), ([False], True), ([False, False], True)])
async def test_a_post_is_marked_until_no_change_can_arrive_any_more(
    fakes: Fakes, answers: list[bool], *, lasts: bool
) -> None:
    for applied in answers:
        fakes.socialcrm.lose_answer("update_post", applied=applied)

    with suppress(SocialCRMAmbiguousError):
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert await changing.is_under_way(fakes.workspace, "post_123") is lasts


@pytest.mark.parametrize("do", ["edit", "delete"])
async def test_the_mark_counts_from_each_call_and_from_when_the_last_answer_was_lost(
    fakes: Fakes, do: str
) -> None:
    keep, kept = fakes.memory.keep, list[tuple[float, int]]()

    async def noted(name: str, value: Mapping[str, str], *, seconds: int = 0) -> None:
        if name == "changing:post_123":
            kept.append(((fakes.clock.now() - START).total_seconds(), seconds))
        await keep(name, value, seconds=seconds)

    async def lost(*_: object) -> None:
        fakes.clock.advance(45)
        raise SocialCRMAmbiguousError

    fakes.memory.keep = noted  # type: ignore[method-assign]
    fakes.socialcrm.update_post = fakes.socialcrm.delete_post = lost  # type: ignore[method-assign,assignment]
    with suppress(SocialCRMAmbiguousError):
        await edit_or_delete(fakes, do)
    assert kept == [(0, 90), (0, 90), (45, 90), (90, 90)]


@pytest.mark.parametrize("calls", [True, False])
async def test_of_two_changes_at_once_the_first_to_end_leaves_the_mark(fakes: Fakes, *, calls: bool) -> None:
    async with changing.mark(fakes.workspace, "post_123") as mark:
        await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
        assert await changing.is_under_way(fakes.workspace, "post_123")
        if calls:
            await mark.renew()
    assert await changing.is_under_way(fakes.workspace, "post_123"), "until it ends by itself"


async def test_pictures_and_accounts_make_nobody_an_author(fakes: Fakes) -> None:
    draft = await drafting.create_draft(fakes.workspace, "Mine", by=APPROVER)

    for changes in (PostChanges(media_ids=("m1",)), PostChanges(body="Mine", account_ids=("acct_1",))):
        await editing.edit_post(fakes.workspace, draft.id, changes, by=OTHER)
    assert await authorship.author_of(fakes.workspace, draft.id) == APPROVER
    assert await authorship.writers_of(fakes.workspace, draft.id) == (APPROVER,)


async def test_everybody_who_changed_the_text_stays_one_of_its_writers(fakes: Fakes) -> None:
    draft = await drafting.create_draft(fakes.workspace, "Mine", by=APPROVER)

    await editing.edit_post(fakes.workspace, draft.id, PostChanges(body="Ours"), by=OTHER)
    assert await authorship.author_of(fakes.workspace, draft.id) == OTHER
    assert await authorship.writers_of(fakes.workspace, draft.id) == (APPROVER, OTHER)


async def test_a_request_decided_just_before_the_edit_is_closed_stays_as_decided(fakes: Fakes) -> None:
    approval = await fakes.approvals.add(an_approval())
    latest_for = fakes.approvals.latest_for

    async def then_reject(post_id: str) -> object:
        found = await latest_for(post_id)
        if fakes.socialcrm.count("get_post"):
            stored = await fakes.approvals.get(approval.id)
            await fakes.approvals.save(stored.reject(APPROVER, at=NOW, approvers=[APPROVER], reason="no"))
        return found

    fakes.approvals.latest_for = then_reject  # type: ignore[method-assign,assignment]
    await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert (await fakes.approvals.get(approval.id)).state is State.REJECTED


async def test_a_deleted_post_closes_its_request(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(card=a_card_ref()))

    closed = await editing.delete_post(fakes.workspace, "post_123", by=OTHER)
    assert closed
    assert (closed.state, closed.detail, closed.changed_body) == (
        State.VOID,
        "The post was deleted by <@UOTHER>.",
        None,
    )
    assert fakes.socialcrm.posts == {}
    assert fakes.announcer.states == [State.VOID]


async def test_a_post_without_a_request_is_deleted_too(fakes: Fakes) -> None:
    assert await editing.delete_post(fakes.workspace, "post_123", by=OTHER) is None
    assert fakes.socialcrm.posts == {}


@pytest.mark.parametrize("applied", [True, False])
async def test_a_deletion_whose_answer_was_lost_is_made_again(fakes: Fakes, *, applied: bool) -> None:
    fakes.socialcrm.lose_answer("delete_post", applied=applied)

    assert await editing.delete_post(fakes.workspace, "post_123", by=OTHER) is None
    assert fakes.socialcrm.posts == {}
    assert fakes.socialcrm.count("delete_post") == 2


async def test_a_post_that_never_was_cannot_be_deleted(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await editing.delete_post(fakes.workspace, "post_9", by=OTHER)


@pytest.mark.parametrize(("state", "closes"), [(State.PENDING, True), (State.REJECTED, False)])
async def test_a_post_that_is_gone_still_closes_its_open_request(
    fakes: Fakes, state: State, *, closes: bool
) -> None:
    await fakes.approvals.add(an_approval(state=state))
    fakes.socialcrm.posts.clear()

    if closes:
        closed = await editing.delete_post(fakes.workspace, "post_123", by=OTHER)
        assert closed
        assert closed.state is State.VOID
    else:
        with pytest.raises(NotFoundError):
            await editing.delete_post(fakes.workspace, "post_123", by=OTHER)


async def test_the_log_tells_what_was_done_to_a_post_without_its_text(fakes: Fakes) -> None:
    before = fakes.socialcrm.posts["post_123"]
    made = await drafting.create_draft(fakes.workspace, "Secret plans", by=EDITOR)
    edited = await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="Secret too"), by=EDITOR)
    await editing.delete_post(fakes.workspace, "post_123", by=EDITOR)

    drafted, change, deletion = fakes.audit.entries
    new = content_of(edited.post, at=None).hash
    assert [(each.who, each.what, each.post_id) for each in fakes.audit.entries] == [
        (EDITOR, "drafted", made.id),
        (EDITOR, "edited", "post_123"),
        (EDITOR, "deleted", "post_123"),
    ]
    assert (change.content_hash, change.before, change.after) == (
        new,
        content_of(before, at=None).hash[:12],
        new[:12],
    )
    assert (drafted.before, deletion.content_hash) == ("", "")
    assert "Secret" not in repr(fakes.audit.entries)


async def test_who_voided_a_request_by_an_edit_is_in_the_log(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(card=a_card_ref()))

    await editing.edit_post(fakes.workspace, "post_123", PostChanges(body="Other"), by="USOMEONE")

    assert [(each.who, each.what) for each in fakes.audit.entries] == [
        ("USOMEONE", "voided"),
        ("USOMEONE", "edited"),
    ]
