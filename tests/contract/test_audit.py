"""The audit log, on every backend."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain import audit
from scrm_bot.domain.approvals import Step
from scrm_bot.domain.audit import Deed, Entry, Filter
from scrm_bot.domain.errors import ApprovalConflictError
from scrm_bot.store import keys
from tests.contract.backends import Backend, InRedis
from tests.contract.test_approval_store import request


def entry(at: datetime, what: str = Deed.EDITED, **changes: Any) -> Entry:
    return replace(Entry(at, "U_ADA", what, "post_1", content_hash="ab" * 32), **changes)


async def deeds(backend: Backend, wanted: Filter = Filter(), *, most: int = 100) -> list[str]:  # noqa: B008
    return [found.what for found in await backend.audit("T_ACME").read(wanted, most=most)]


async def test_what_is_appended_is_read_back_whole_newest_first(backend: Backend) -> None:
    log, now = backend.audit("T_ACME"), backend.now()
    first = entry(now, before="a", after="b", result="refused: not_found", detail="“ünï” \u2028 🎉")
    second = Entry(now, "", Deed.CALLED)

    await log.append(first)
    await log.append(second)

    assert list(await log.read(Filter(), most=10)) == [second, first]


async def test_several_at_once_keep_their_order(backend: Backend) -> None:
    await backend.audit("T_ACME").append(*(entry(backend.now(), str(n)) for n in range(5)))

    assert await deeds(backend) == ["4", "3", "2", "1", "0"]
    assert await deeds(backend, most=2) == ["4", "3"]


async def test_an_empty_log_has_nothing_to_read(backend: Backend) -> None:
    assert await deeds(backend) == []


async def test_the_log_is_read_by_post_by_person_and_by_time(backend: Backend) -> None:
    now = backend.now()
    await backend.audit("T_ACME").append(
        entry(now - timedelta(days=2), "old"),
        entry(now, "other post", post_id="post_2"),
        entry(now, "other person", who="U_BEN"),
        entry(now, "this"),
    )

    day_ago = now - timedelta(days=1)
    assert await deeds(backend, Filter(post_id="post_1")) == ["this", "other person", "old"]
    assert await deeds(backend, Filter(who="U_ADA")) == ["this", "other post", "old"]
    assert await deeds(backend, Filter(since=day_ago)) == ["this", "other person", "other post"]
    assert await deeds(backend, Filter("post_1", "U_ADA", day_ago)) == ["this"]


async def test_what_fits_is_found_however_far_back_it_is(backend: Backend) -> None:
    log, now = backend.audit("T_ACME"), backend.now()
    await log.append(entry(now, "needle", post_id="post_9"))
    for _ in range(3):
        await log.append(*(entry(now, "hay") for _ in range(400)))

    assert await deeds(backend, Filter(post_id="post_9")) == ["needle"]
    assert len(await deeds(backend, most=900)) == 900


async def test_teams_do_not_see_each_others_logs(backend: Backend) -> None:
    await backend.audit("T_ACME").append(entry(backend.now()))

    assert list(await backend.audit("T_OTHER").read(Filter(), most=10)) == []


async def test_a_new_request_and_its_line_are_one_write(backend: Backend) -> None:
    store = backend.approvals("T_ACME")

    await store.add(request(), audit=[audit.asked(request())])
    await store.add(request(), audit=[audit.asked(request())])

    assert await deeds(backend) == [Deed.ASKED]


async def test_a_decision_and_its_line_are_one_write(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    added = await store.add(request())
    held = added.moved(Step.HOLD)
    lines = audit.moved(added, held, at=backend.now(), by="U_BEN")

    await store.save(held, audit=lines)
    with pytest.raises(ApprovalConflictError):
        await store.save(added.moved(Step.APPROVE), audit=lines)

    (only,) = await backend.audit("T_ACME").read(Filter(), most=10)
    assert (only.who, only.before, only.after, only.post_id) == ("U_BEN", "pending", "on_hold", "post_1")


async def test_the_log_keeps_about_so_many_entries_and_lives_on(stored: InRedis) -> None:
    log = stored.audit("T_ACME")
    for _ in range(105):
        await log.append(*(entry(stored.now()) for _ in range(200)))

    kept = await stored.database.do("XLEN", keys.audit("T_ACME"))
    assert keys.AUDIT_MOST <= kept < 105 * 200
    assert await stored.database.do("TTL", keys.audit("T_ACME")) == -1


async def test_an_entry_that_cannot_be_read_hides_no_other(stored: InRedis) -> None:
    log = stored.audit("T_ACME")
    await log.append(entry(stored.now(), "before"))
    await stored.database.do("XADD", keys.audit("T_ACME"), "*", "entry", "garbage")
    await log.append(entry(stored.now(), "after"))

    assert await deeds(stored) == ["after", "before"]
