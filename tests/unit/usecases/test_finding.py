from dataclasses import replace

import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.usecases import approvals, finding, queueing
from tests.builders import APPROVER, EDITOR, a_post, an_approval
from tests.fakes.workspace import Fakes


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

    assert await finding.post_id(fakes.workspace, word, by=EDITOR) == found


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
        await finding.post_id(fakes.workspace, word, by=EDITOR)

    assert (raised.value.message, raised.value.field) == (sentence, "post")


async def test_a_found_post_is_as_socialcrm_has_it_now(fakes: Fakes) -> None:
    await fakes.memory.remember_post(EDITOR, "post_123")

    assert await finding.find_post(fakes.workspace, "last", by=EDITOR) == a_post()


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
    assert finding.is_post_word(word) == is_one


@pytest.mark.parametrize("word", ["last", "1"])
async def test_a_word_means_the_same_when_the_deed_is_done_again(fakes: Fakes, word: str) -> None:
    begun = replace(fakes.workspace, deed="command-1")
    await fakes.memory.remember_post(EDITOR, "post_7")
    await fakes.memory.remember_list(EDITOR, ["post_7"])
    await finding.post_id(begun, word, by=EDITOR)
    await fakes.memory.remember_post(EDITOR, "post_8")
    await fakes.memory.remember_list(EDITOR, ["post_8"])

    assert await finding.post_id(begun, word, by=EDITOR) == "post_7"
    assert await finding.post_id(replace(begun, deed="command-2"), word, by=EDITOR) == "post_8"


async def test_a_request_is_the_same_when_the_deed_is_done_again(fakes: Fakes) -> None:
    earlier = await fakes.approvals.add(an_approval())
    begun = replace(fakes.workspace, deed="command-1")
    assert (await queueing.meant(begun, earlier.post_id, by=EDITOR)).id == earlier.id
    await approvals.reject(fakes.workspace, earlier.id, by=APPROVER, reason="")
    newer = await fakes.approvals.add(an_approval(id="apr_2"), after=earlier.id)

    assert (await queueing.meant(begun, earlier.post_id, by=EDITOR)).id == earlier.id
    assert (await queueing.meant(fakes.workspace, earlier.post_id, by=EDITOR)).id == newer.id
