"""Keys, settings, memory and digests of a workspace, on every backend."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.errors import NotConnectedError, StoreUnavailableError, UsageError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.domain.workspaces import Pause, Secret, WorkspaceSettings
from scrm_bot.store.connection import Call, Command, Database
from scrm_bot.store.settings import RedisSettingsStore
from tests.builders import a_report, an_approval
from tests.contract.backends import Backend, claim_next, embedded

KEY = Secret("sk_live_" + "a" * 28 + "9f3c")
AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


async def test_a_stored_key_is_revealed_and_only_its_end_is_told(backend: Backend) -> None:
    vault = backend.vault("T_ACME")

    told = await vault.store(KEY, by="U_ADA", at=AT)
    key, fingerprint = await vault.reveal()

    assert (key.reveal(), fingerprint) == (KEY.reveal(), told.fingerprint)
    assert (told.last4, told.connected_by, told.connected_at) == ("9f3c", "U_ADA", AT)
    assert await vault.connection() == told


async def test_without_a_key_there_is_nothing_to_reveal(backend: Backend) -> None:
    vault = backend.vault("T_ACME")

    assert await vault.connection() is None
    with pytest.raises(NotConnectedError):
        await vault.reveal()


async def test_a_forgotten_key_is_gone(backend: Backend) -> None:
    vault = backend.vault("T_ACME")
    await vault.store(KEY, by="U_ADA", at=AT)

    await vault.forget()

    assert await vault.connection() is None
    with pytest.raises(NotConnectedError):
        await vault.reveal()


async def test_equal_keys_have_equal_fingerprints_and_others_have_not(backend: Backend) -> None:
    acme = await backend.vault("T_ACME").store(KEY, by="U_ADA", at=AT)
    same = await backend.vault("T_OTHER").store(KEY, by="U_EVE", at=AT)
    other = await backend.vault("T_THIRD").store(Secret("sk_live_" + "b" * 32), by="U_EVE", at=AT)

    assert acme.fingerprint == same.fingerprint != other.fingerprint
    assert KEY.reveal() not in acme.fingerprint


async def test_settings_are_kept_whole_and_begin_with_defaults(backend: Backend) -> None:
    store = backend.settings("T_ACME")
    settings = WorkspaceSettings(
        "C_OK",
        ("U_BEN",),
        ("S_1",),
        2,
        self_approval=True,
        timezone="Asia/Tokyo",
        pause=Pause("U_ADA", "", AT),
    )
    assert await store.load() == WorkspaceSettings()

    assert await store.change(lambda _: settings) == (WorkspaceSettings(), settings)

    assert await store.load() == settings
    assert await store.change(lambda stored: stored) == (settings, settings)
    assert await backend.settings("T_OTHER").load() == WorkspaceSettings()


async def test_settings_that_many_change_at_once_keep_what_each_has_done(backend: Backend) -> None:
    store, people = backend.settings("T_ACME"), [f"U{number}" for number in range(5)]
    await store.change(lambda _: WorkspaceSettings(approvers=("U_GONE",)))

    def paused(stored: WorkspaceSettings) -> WorkspaceSettings:
        return replace(stored, pause=Pause("U_ADA", "", AT))

    def without(stored: WorkspaceSettings) -> WorkspaceSettings:
        return replace(stored, approvers=())

    def named(person: str) -> Callable[[WorkspaceSettings], WorkspaceSettings]:
        return lambda stored: replace(stored, escalate_to=(*stored.escalate_to, person))

    await asyncio.gather(*map(store.change, [paused, without, *map(named, people)]))

    kept = await store.load()
    assert (kept.pause, kept.approvers, sorted(kept.escalate_to)) == (Pause("U_ADA", "", AT), (), people)


async def test_of_two_who_set_the_first_rules_at_once_neither_is_lost(backend: Backend) -> None:
    store = backend.settings("T_ACME")

    await asyncio.gather(
        store.change(lambda stored: replace(stored, needed=2)),
        store.change(lambda stored: replace(stored, timezone="Asia/Tokyo")),
    )

    assert await store.load() == WorkspaceSettings(needed=2, timezone="Asia/Tokyo")


async def test_a_change_of_the_settings_that_is_refused_changes_nothing(backend: Backend) -> None:
    store = backend.settings("T_ACME")

    def refuse(_: WorkspaceSettings) -> WorkspaceSettings:
        raise UsageError("no")

    with pytest.raises(UsageError):
        await store.change(refuse)
    assert await store.load() == WorkspaceSettings()


class Contended(Database):
    """Somebody else is always faster."""

    async def commit(self, call: Call, *after: Command) -> Any:
        return 0


async def test_settings_that_change_all_the_time_are_given_up() -> None:
    database = Contended(embedded())

    with pytest.raises(StoreUnavailableError, match="change all the time"):
        await RedisSettingsStore(database, "T_ACME").change(lambda stored: replace(stored, needed=2))
    await database.close()


async def test_a_persons_newest_post_and_latest_list_are_remembered(backend: Backend) -> None:
    memory = backend.memory("T_ACME")
    await memory.remember_post("U_ADA", "post_1")
    await memory.remember_post("U_ADA", "post_2")
    await memory.remember_list("U_ADA", ["post_7", "post_8"])

    assert await memory.last_post("U_ADA") == "post_2"
    assert await memory.last_post("U_BEN") is None
    assert [await memory.listed_post("U_ADA", number) for number in (0, 1, 2, 3)] == [
        None, "post_7", "post_8", None,
    ]  # fmt: skip
    assert await memory.listed_post("U_BEN", 1) is None


async def test_what_is_kept_under_a_name_is_recalled_in_its_team_only(backend: Backend) -> None:
    value = {"text": "Hé “quoted”", "revision": 2, "tags": ["a", None], "deep": {"x": True}}
    await backend.memory("T_ACME").keep("modal:1", value, seconds=60)

    assert await backend.memory("T_ACME").recall("modal:1") == value
    assert await backend.memory("T_ACME").recall("modal:2") is None
    assert await backend.memory("T_OTHER").recall("modal:1") is None


async def test_what_is_forgotten_is_not_recalled(backend: Backend) -> None:
    memory = backend.memory("T_ACME")
    await memory.keep("modal:1", {"text": "one"})

    await memory.forget("modal:1")
    await memory.forget("modal:2")

    assert await memory.recall("modal:1") is None


async def test_a_digest_is_saved_with_its_job(backend: Backend) -> None:
    store = backend.schedules("T_ACME")
    schedule = DigestSchedule(
        "C1", "09:00", "Europe/Berlin", "weekdays", "U_ADA", AT, "no channel", "2026-11-30"
    )
    job = Job(JobKind.DIGEST, "digest:C1", "T_ACME", backend.now(), {"channel": "C1"})

    await store.save(schedule, jobs=[job])
    (claim,) = await claim_next(backend.work)

    assert await store.get("C1") == schedule
    assert claim.job == job


async def test_digests_are_listed_by_channel_and_removed(backend: Backend) -> None:
    store = backend.schedules("T_ACME")
    second = DigestSchedule("C2", "09:00", "UTC")
    first = DigestSchedule("C1", "10:00", "UTC")
    await store.save(second)
    await store.save(first)
    assert await store.all() == [first, second]
    assert await backend.schedules("T_OTHER").all() == []

    await store.remove("C2")
    await store.remove("C3")

    assert await store.all() == [first]
    assert await store.get("C2") is None


async def test_a_schedule_is_revised_as_it_is_by_now(backend: Backend) -> None:
    store = backend.schedules("T_ACME")
    await store.save(DigestSchedule("C1", "09:00", "UTC"))

    revised = await store.revise("C1", lambda stored: replace(stored, last_sent="2026-11-30"))

    assert revised == DigestSchedule("C1", "09:00", "UTC", last_sent="2026-11-30")
    assert await store.get("C1") == revised
    assert await store.revise("C1", lambda stored: stored) == revised
    later = await store.revise("C1", lambda stored: replace(stored, at="10:00"), known=revised)
    assert later == await store.get("C1") == replace(revised, at="10:00")
    last = await store.revise("C1", lambda stored: replace(stored, last_sent="2026-12-01"), known=revised)
    assert last == await store.get("C1") == replace(later, last_sent="2026-12-01"), "what is known is older"
    assert await store.revise("C2", lambda stored: stored, known=revised) is None
    assert await store.revise("C2", lambda stored: stored) is None


async def test_a_digest_is_found_by_the_requests_it_lists(backend: Backend) -> None:
    store, (one, two) = backend.schedules("T_ACME"), (an_approval(id="apr_1"), an_approval(id="apr_2"))
    old, new = CardRef("C1", "1764489600.000100"), CardRef("C2", "1764489700.000100")
    assert not await store.posted_with("apr_1")
    await store.keep_posted(old, a_report(waiting=(one,)))
    await store.keep_posted(new, a_report(waiting=(one, two)))

    assert [*await store.posted_with("apr_1")] == [
        (new, a_report(waiting=(one, two))),
        (old, a_report(waiting=(one,))),
    ]
    await store.keep_posted(new, a_report(waiting=(one, replace(two, detail="moved"))))
    assert [*await store.posted_with("apr_2")] == [
        (new, a_report(waiting=(one, replace(two, detail="moved"))))
    ]
    assert not await backend.schedules("T_OTHER").posted_with("apr_1")


async def test_a_run_is_taken_on_by_one_of_two(backend: Backend) -> None:
    store, day = backend.schedules("T_ACME"), "2026-11-30"
    mine, theirs = (Run(RunState.POSTING, AT, holder) for holder in ("a", "b"))
    sent = replace(mine, state=RunState.SENT, ts="1.0")

    assert await store.run_of("C1", day) == Run()
    assert await store.step("C1", day, Run(), mine)
    assert not await store.step("C1", day, Run(), theirs)
    assert await store.step("C1", day, mine, sent)
    assert not await store.step("C1", day, mine, replace(mine, state=RunState.OPEN))

    assert await store.run_of("C1", day) == sent
    assert await store.run_of("C2", day) == await store.run_of("C1", "2026-12-01") == Run()
    assert await backend.schedules("T_OTHER").run_of("C1", day) == Run()


async def test_it_is_known_whether_a_job_waits(backend: Backend) -> None:
    jobs = backend.jobs("T_ACME")
    await jobs.put(Job(JobKind.DIGEST, "one", "T_ACME", backend.now(), {}))

    assert await jobs.has("one")
    assert not await jobs.has("two")
    assert not await backend.jobs("T_OTHER").has("one")
