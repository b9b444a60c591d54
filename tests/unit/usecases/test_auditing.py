from datetime import timedelta

import pytest

from scrm_bot.domain.audit import Deed, Entry, Filter, Found
from scrm_bot.domain.errors import NotPermittedError, UsageError
from scrm_bot.usecases import auditing
from tests.builders import ADMIN, APPROVER, EDITOR, some_settings
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

ENTRIES = [Entry(START, EDITOR, Deed.EDITED, f"post_{n}") for n in range(3)]


@pytest.mark.parametrize("by", [ADMIN, APPROVER])
async def test_admins_and_approvers_read_the_newest_first(fakes: Fakes, by: str) -> None:
    await fakes.audit.append(*ENTRIES)

    assert await auditing.read(fakes.workspace, Filter(), by=by) == Found(tuple(ENTRIES[::-1]))
    assert await auditing.read(fakes.workspace, Filter(), by=by, most=2) == Found(
        (ENTRIES[2], ENTRIES[1]), more=True
    )


async def test_the_log_is_taken_along_as_a_file_by_whoever_asks_or_into_a_channel(fakes: Fakes) -> None:
    await fakes.audit.append(*ENTRIES)
    found, wanted = Found((ENTRIES[1],)), Filter("post_1")

    assert await auditing.export(fakes.workspace, wanted, by=ADMIN) == (found, None)
    await auditing.export(fakes.workspace, wanted, by=ADMIN, to="C1", thread_ts="1.5")

    assert fakes.exports.sent == [(found, wanted, ADMIN, ""), (found, wanted, "C1", "1.5")]


async def test_an_empty_log_is_no_file(fakes: Fakes) -> None:
    assert await auditing.export(fakes.workspace, Filter(), by=ADMIN) == (Found(), None)
    assert fakes.exports.sent == []


async def test_a_file_that_slack_refuses_leaves_what_was_found(fakes: Fakes) -> None:
    await fakes.audit.append(*ENTRIES)
    fakes.exports.refusal = "missing_scope"

    found, refusal = await auditing.export(fakes.workspace, Filter(), by=ADMIN)

    assert found == Found(tuple(ENTRIES[::-1]))
    assert refusal
    assert refusal.code == "missing_scope"


async def test_members_of_an_approver_group_may_read() -> None:
    fakes = some_fakes(settings=some_settings(approvers=(), approver_groups=("S1",)))
    fakes.people.members["S1"] = frozenset({"UMEMBER"})

    assert await auditing.read(fakes.workspace, Filter(), by="UMEMBER") == Found(())


async def test_nobody_else_may_read(fakes: Fakes) -> None:
    fakes.people.set(APPROVER, is_guest=True)

    for by in (EDITOR, APPROVER):
        with pytest.raises(NotPermittedError, match="an admin or an approver"):
            await auditing.read(fakes.workspace, Filter(), by=by)
        with pytest.raises(NotPermittedError, match="an admin or an approver"):
            await auditing.export(fakes.workspace, Filter(), by=by)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Filter()),
        ("post_7", Filter("post_7")),
        ("last", Filter("post_9")),
        ("<@U0BEN|ben>", Filter(who="U0BEN")),
        ("7d", Filter(since=START - timedelta(days=7))),
        ("<@U0BEN> 12h post_7", Filter("post_7", "U0BEN", START - timedelta(hours=12))),
        ("99999w99999w", Filter(since=START - timedelta(weeks=99_999))),
    ],
)
async def test_what_is_typed_narrows_it_down(fakes: Fakes, typed: str, wanted: Filter) -> None:
    await fakes.memory.remember_post(ADMIN, "post_9")

    assert await auditing.read_filter(fakes.workspace, typed, by=ADMIN) == wanted


@pytest.mark.parametrize(
    ("typed", "told"),
    [("@ben", "“@ben” is nobody"), ("@a&amp;b", "“@a&b” is nobody"), ("wh~at", "Which post?")],
)
async def test_what_means_nothing_is_told(fakes: Fakes, typed: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        await auditing.read_filter(fakes.workspace, typed, by=ADMIN)
