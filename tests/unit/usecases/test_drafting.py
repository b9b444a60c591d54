from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    InvalidRequestError,
    NotFoundError,
    QuotaExceededError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.posts import PostChanges, content_of
from scrm_bot.usecases import authorship, changing, drafting
from scrm_bot.usecases.drafting import PostFilter
from tests.builders import (
    APPROVER,
    EDITOR,
    LATER,
    NOW,
    a_card_ref,
    a_post,
    accounts,
    an_approval,
    an_approved,
)
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

OTHER = "UOTHER"

# finding


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("post_123", "post_123"),
        (" `post_123` ", "post_123"),
        ("6f1c2e9a-77", "6f1c2e9a-77"),
        ("last", "post_7"),
        ("LAST", "post_7"),
        ("1", "post_3"),
        ("#2", "post_2"),
    ],
)
async def test_a_post_is_found_by_id_number_or_last(fakes: Fakes, word: str, found: str) -> None:
    await fakes.memory.remember_post(EDITOR, "post_7")
    await fakes.memory.remember_list(EDITOR, ["post_3", "post_2"])

    assert await drafting.post_id(fakes.workspace, word, by=EDITOR) == found


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("last", "You have not worked on a post yet: `/scrm posts` lists what is there."),
        ("3", "Your latest list has no number 3: `/scrm posts` shows it again."),
        ("#03", "Your latest list has no number 3: `/scrm posts` shows it again."),
        ("", "Which post? Name its id such as `post_123`, `last`, or a number of your latest list."),
        ("my post", "Which post? Name its id such as `post_123`, `last`, or a number of your latest list."),
        (
            "../accounts",
            "Which post? Name its id such as `post_123`, `last`, or a number of your latest list.",
        ),
        ("x" * 129, "Which post? Name its id such as `post_123`, `last`, or a number of your latest list."),
    ],
)
async def test_a_post_that_cannot_be_meant_is_asked_about(fakes: Fakes, word: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        await drafting.post_id(fakes.workspace, word, by=EDITOR)

    assert (raised.value.message, raised.value.field) == (sentence, "post")


async def test_a_found_post_is_as_socialcrm_has_it_now(fakes: Fakes) -> None:
    await fakes.memory.remember_post(EDITOR, "post_123")

    assert await drafting.find_post(fakes.workspace, "last", by=EDITOR) == a_post()


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("post_123", True),
        ("post_a-b", True),
        ("last", True),
        ("Last", True),
        ("3", True),
        ("#3", True),
        ("1984", False),
        ("post", False),
        ("post_", False),
        ("lasting", False),
        ("acct_1", False),
        ("Launch", False),
    ],
)
def test_a_word_means_a_post_or_is_text(word: str, *, is_one: bool) -> None:
    assert drafting.is_post_word(word) == is_one


# making


async def test_a_new_draft_becomes_the_persons_last_and_is_theirs(fakes: Fakes) -> None:
    post = await drafting.create_draft(
        fakes.workspace, "Hello", by=EDITOR, account_ids=["acct_1"], media_ids=["m1"]
    )

    assert (post.status, post.body, post.account_ids, post.media_ids) == (
        "draft",
        "Hello",
        ("acct_1",),
        ("m1",),
    )
    assert fakes.socialcrm.posts[post.id] == post
    assert await fakes.memory.last_post(EDITOR) == post.id
    assert await fakes.memory.recall(f"author:{post.id}") == {"user": EDITOR, "users": [EDITOR]}


async def test_an_empty_draft_is_not_made(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="A post needs a text or a picture") as raised:
        await drafting.create_draft(fakes.workspace, " \n ", by=EDITOR)
    assert raised.value.field == "text"
    assert fakes.socialcrm.calls == []
    assert (await drafting.create_draft(fakes.workspace, "", by=EDITOR, media_ids=["m1"])).body == ""


async def test_a_draft_whose_answer_was_lost_is_found(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", body="Hello", account_ids=("b", "a"))  # an older one just like it
    fakes.socialcrm.lose_answer("create_draft")

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    assert post.id != "post_123"
    assert len(fakes.socialcrm.posts) == 2
    assert fakes.socialcrm.count("create_draft") == 1
    assert await fakes.memory.last_post(EDITOR) == post.id


@pytest.mark.parametrize(
    "unlike",
    [
        {"body": "Hello!"},
        {"account_ids": ("a",)},
        {"status": "published"},
        {"created_at": None},
        {"created_at": START - timedelta(seconds=5, microseconds=1)},
    ],
)
async def test_a_post_that_is_not_the_lost_one_is_not_taken_for_it(
    fakes: Fakes, unlike: dict[str, object]
) -> None:
    lookalike = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START, **unlike}
    fakes.socialcrm.change("post_123", **lookalike)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    assert post.id != "post_123"
    assert fakes.socialcrm.count("create_draft") == 2


async def test_a_clock_that_is_a_little_off_does_not_hide_the_draft(fakes: Fakes) -> None:
    made = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START - timedelta(seconds=5)}
    fakes.socialcrm.change("post_123", **made)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    assert (
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])
    ).id == "post_123"


@pytest.mark.parametrize("told", [{"accounts_told": False, "account_ids": ()}, {"status": "unknown"}])
async def test_a_lost_draft_is_found_where_a_list_tells_little_of_it(
    fakes: Fakes, told: dict[str, object]
) -> None:
    made = {"body": "Hello", "account_ids": ("b", "a"), "created_at": START, **told}
    fakes.socialcrm.change("post_123", **made)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    post = await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR, account_ids=["a", "b"])

    assert post.id == "post_123"


async def test_after_two_lost_answers_it_says_what_is_known(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.lose_answer("create_draft", applied=False)

    with pytest.raises(SocialCRMAmbiguousError):
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)
    assert fakes.socialcrm.count("create_draft") == 2
    assert await fakes.memory.last_post(EDITOR) is None


async def test_the_second_draft_is_looked_for_too(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.lose_answer("create_draft")

    assert (await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)).body == "Hello"
    assert fakes.socialcrm.count("create_draft") == 2


async def test_a_draft_that_cannot_be_looked_for_is_tried_once_more(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    fakes.socialcrm.refuse("list_posts", SocialCRMUnreachableError())

    assert (await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)).body == "Hello"


async def test_a_refused_draft_is_not_tried_again(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("create_draft", QuotaExceededError())

    with pytest.raises(QuotaExceededError):
        await drafting.create_draft(fakes.workspace, "Hello", by=EDITOR)
    assert fakes.socialcrm.count("create_draft") == 1


# changing


async def test_an_edit_changes_the_post_and_its_author(fakes: Fakes) -> None:
    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)

    assert edited == drafting.Edited(a_post(body="New words"), None)
    assert await fakes.memory.recall("author:post_123") == {"user": OTHER, "users": [OTHER]}
    assert await fakes.memory.last_post(OTHER) == "post_123"


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD, State.APPROVED, State.SCHEDULED])
async def test_an_edit_voids_what_was_asked_or_approved(fakes: Fakes, state: State) -> None:
    approval = await fakes.approvals.add(an_approval(state=state, card=a_card_ref()))

    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
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

    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert edited.voided is None
    assert (await fakes.approvals.get(approval.id)).state is state


@pytest.mark.parametrize("state", [State.PUBLISHING, State.SCHEDULING, State.UNKNOWN])
async def test_what_is_on_its_way_out_is_not_changed(fakes: Fakes, state: State) -> None:
    await fakes.approvals.add(an_approval(state=state))

    with pytest.raises(UsageError) as edit:
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    with pytest.raises(UsageError) as delete:
        await drafting.delete_post(fakes.workspace, "post_123", by=OTHER)
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
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert (raised.value.message, raised.value.field) == (sentence, "post")
    assert fakes.socialcrm.count("update_post") == 0


async def test_an_edit_does_not_empty_a_post(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="A post needs a text or a picture") as raised:
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body=" "), by=OTHER)
    assert raised.value.field == "text"
    edited = await drafting.edit_post(
        fakes.workspace, "post_123", PostChanges(body="", media_ids=("m1",)), by=OTHER
    )
    assert edited.post.media_ids == ("m1",)
    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(account_ids=("a",)), by=OTHER)
    assert edited.post.account_ids == ("a",)


async def test_an_edit_whose_answer_was_lost_is_made_again(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("update_post", applied=False)

    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert edited.post.body == "New words"
    fakes.socialcrm.lose_answer("update_post", applied=False)
    fakes.socialcrm.lose_answer("update_post", applied=False)
    with pytest.raises(SocialCRMAmbiguousError):
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="Newer words"), by=OTHER)


async def edit_or_delete(fakes: Fakes, do: str) -> None:
    if do == "edit":
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New"), by=OTHER)
    else:
        await drafting.delete_post(fakes.workspace, "post_123", by=OTHER)


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED])
async def test_the_request_is_void_before_anything_is_changed(fakes: Fakes, state: State) -> None:
    await fakes.approvals.add(an_approval(state=state, card=a_card_ref()))
    update, states = fakes.socialcrm.update_post, list[State]()

    async def look_then_update(post_id: str, changes: PostChanges) -> object:
        states.append((await fakes.approvals.get("apr_1")).state)
        return await update(post_id, changes)

    fakes.socialcrm.update_post = look_then_update  # type: ignore[method-assign,assignment]
    await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
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
            await fakes.approvals.save(stored.begun(at=NOW), intent=True)
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
            "A change in Slack ended this request; whether it reached SocialCRM is not known.",
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


async def test_a_change_that_fails_where_nothing_was_asked_tells_nobody_else(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("update_post", InvalidRequestError("Too long."))

    with pytest.raises(InvalidRequestError):
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert fakes.announcer.told == []


@pytest.mark.parametrize(("answers", "lasts"), [([], False), ([False], True), ([False, False], True)])
async def test_a_post_is_marked_until_no_change_can_arrive_any_more(
    fakes: Fakes, answers: list[bool], *, lasts: bool
) -> None:
    for applied in answers:
        fakes.socialcrm.lose_answer("update_post", applied=applied)

    with suppress(SocialCRMAmbiguousError):
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert await changing.is_under_way(fakes.workspace, "post_123") is lasts


async def test_of_two_changes_at_once_the_first_to_end_leaves_the_mark(fakes: Fakes) -> None:
    async with changing.mark(fakes.workspace, "post_123"):
        await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
        assert await changing.is_under_way(fakes.workspace, "post_123")
    assert await changing.is_under_way(fakes.workspace, "post_123"), "until it ends by itself"


async def test_pictures_and_accounts_make_nobody_an_author(fakes: Fakes) -> None:
    draft = await drafting.create_draft(fakes.workspace, "Mine", by=APPROVER)

    for changes in (PostChanges(media_ids=("m1",)), PostChanges(body="Mine", account_ids=("acct_1",))):
        await drafting.edit_post(fakes.workspace, draft.id, changes, by=OTHER)
    assert await authorship.author_of(fakes.workspace, draft.id) == APPROVER
    assert await authorship.writers_of(fakes.workspace, draft.id) == (APPROVER,)


async def test_everybody_who_changed_the_text_stays_one_of_its_writers(fakes: Fakes) -> None:
    draft = await drafting.create_draft(fakes.workspace, "Mine", by=APPROVER)

    await drafting.edit_post(fakes.workspace, draft.id, PostChanges(body="Ours"), by=OTHER)
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
    await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="New words"), by=OTHER)
    assert (await fakes.approvals.get(approval.id)).state is State.REJECTED


# deleting


async def test_a_deleted_post_closes_its_request(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(card=a_card_ref()))

    closed = await drafting.delete_post(fakes.workspace, "post_123", by=OTHER)
    assert closed
    assert (closed.state, closed.detail, closed.changed_body) == (
        State.VOID,
        "The post was deleted by <@UOTHER>.",
        None,
    )
    assert fakes.socialcrm.posts == {}
    assert fakes.announcer.states == [State.VOID]


async def test_a_post_without_a_request_is_deleted_too(fakes: Fakes) -> None:
    assert await drafting.delete_post(fakes.workspace, "post_123", by=OTHER) is None
    assert fakes.socialcrm.posts == {}


@pytest.mark.parametrize("applied", [True, False])
async def test_a_deletion_whose_answer_was_lost_is_made_again(fakes: Fakes, *, applied: bool) -> None:
    fakes.socialcrm.lose_answer("delete_post", applied=applied)

    assert await drafting.delete_post(fakes.workspace, "post_123", by=OTHER) is None
    assert fakes.socialcrm.posts == {}
    assert fakes.socialcrm.count("delete_post") == 2


async def test_a_post_that_never_was_cannot_be_deleted(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await drafting.delete_post(fakes.workspace, "post_9", by=OTHER)


@pytest.mark.parametrize(("state", "closes"), [(State.PENDING, True), (State.REJECTED, False)])
async def test_a_post_that_is_gone_still_closes_its_open_request(
    fakes: Fakes, state: State, *, closes: bool
) -> None:
    await fakes.approvals.add(an_approval(state=state))
    fakes.socialcrm.posts.clear()

    if closes:
        closed = await drafting.delete_post(fakes.workspace, "post_123", by=OTHER)
        assert closed
        assert closed.state is State.VOID
    else:
        with pytest.raises(NotFoundError):
            await drafting.delete_post(fakes.workspace, "post_123", by=OTHER)


# listing


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", PostFilter()),
        ("all", PostFilter()),
        ("scheduled", PostFilter(status="scheduled")),
        ("Drafts", PostFilter(status="draft")),
        ("mine", PostFilter(mine=True)),
        ("Mine, failed", PostFilter(status="failed", mine=True)),
        ("published @acme x", PostFilter(status="published", account_ids=("acct_1", "acct_3"))),
        ("publishing", PostFilter(status="publishing")),
    ],
)
def test_what_to_list_is_read_in_any_order(typed: str, wanted: PostFilter) -> None:
    assert drafting.read_filter(typed, accounts()) == wanted


def test_an_account_called_like_a_status_is_still_an_account() -> None:
    named = [replace(accounts()[0], handle="draft")]

    assert drafting.read_filter("draft", named) == PostFilter(account_ids=("acct_1",))


def test_an_unknown_word_in_a_filter_is_asked_about() -> None:
    with pytest.raises(UsageError, match="No connected account is called “sheduled”"):
        drafting.read_filter("sheduled", accounts())


async def test_the_log_tells_what_was_done_to_a_post_without_its_text(fakes: Fakes) -> None:
    before = fakes.socialcrm.posts["post_123"]
    made = await drafting.create_draft(fakes.workspace, "Secret plans", by=EDITOR)
    edited = await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="Secret too"), by=EDITOR)
    await drafting.delete_post(fakes.workspace, "post_123", by=EDITOR)

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

    await drafting.edit_post(fakes.workspace, "post_123", PostChanges(body="Other"), by="USOMEONE")

    assert [(each.who, each.what) for each in fakes.audit.entries] == [
        ("USOMEONE", "voided"),
        ("USOMEONE", "edited"),
    ]
