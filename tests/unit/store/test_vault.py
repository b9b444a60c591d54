"""Secrets at rest: what opens, and what must not."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.errors import NotConnectedError, VaultError
from scrm_bot.domain.workspaces import Secret
from scrm_bot.store.vault import HELD_SECONDS, HeldKey, Ring, new_key

OLD, NEW = new_key(), new_key()
RING = Ring([OLD])


@given(plain=st.binary(max_size=300), team=st.text(max_size=12), field=st.text(max_size=12))
def test_what_is_sealed_opens_where_it_was_sealed(plain: bytes, team: str, field: str) -> None:
    sealed = RING.seal(plain, team=team, field=field)

    assert RING.open(sealed, team=team, field=field) == plain


def test_a_record_is_a_version_a_key_id_a_nonce_and_the_hidden_text() -> None:
    sealed = RING.seal(b"x" * 10, team="T1", field="key")

    assert len(sealed) == 1 + 4 + 12 + 10 + 16
    assert sealed[:1] == b"\x01"
    assert sealed[5:] != RING.seal(b"x" * 10, team="T1", field="key")[5:]


@pytest.mark.parametrize(
    ("team", "enterprise", "field"),
    [("T2", "", "key"), ("T1", "E1", "key"), ("T1", "", "token"), ("T1k", "", "ey"), ("", "T1", "key")],
)
def test_a_record_moved_elsewhere_does_not_open(team: str, enterprise: str, field: str) -> None:
    sealed = RING.seal(b"secret", team="T1", field="key")

    with pytest.raises(VaultError, match="moved"):
        RING.open(sealed, team=team, enterprise=enterprise, field=field)


@given(at=st.integers(min_value=5, max_value=38), bit=st.integers(min_value=0, max_value=7))
def test_a_damaged_record_does_not_open(at: int, bit: int) -> None:
    sealed = bytearray(RING.seal(b"secret", team="T1", field="key"))
    sealed[at] ^= 1 << bit

    with pytest.raises(VaultError, match="damaged"):
        RING.open(bytes(sealed), team="T1", field="key")


def test_the_newest_key_seals_and_every_key_opens() -> None:
    before = RING.seal(b"old", team="T1", field="key")
    turned = Ring([NEW, OLD])
    after = turned.seal(b"new", team="T1", field="key")

    assert turned.open(before, team="T1", field="key") == b"old"
    assert (turned.is_newest(before), turned.is_newest(after)) == (False, True)
    with pytest.raises(VaultError, match="no encryption key has the id"):
        RING.open(after, team="T1", field="key")


@pytest.mark.parametrize("sealed", [b"", b"\x02" + b"x" * 40, b"\x01abcd"])
def test_what_is_no_record_is_refused(sealed: bytes) -> None:
    with pytest.raises(VaultError, match="unknown kind"):
        RING.open(sealed, team="T1", field="key")


@pytest.mark.parametrize(
    ("encoded", "says"),
    [
        ([], "no encryption key"),
        ([NEW, "short"], "number 2"),
        (["ünicode"], "number 1"),
        ([OLD, OLD], "twice"),
        ([OLD, f" {OLD.rstrip('=')} "], "twice"),
        *(([f"{NEW}{between}{OLD}"], "number 1") for between in ("", " ", ";", "\n")),
        ([f"'{OLD.rstrip('=')}"], "number 1"),
    ],
)
def test_a_ring_that_cannot_be_used_is_refused_without_showing_it(encoded: list[str], says: str) -> None:
    with pytest.raises(VaultError, match=says) as caught:
        Ring(encoded)

    assert all(key not in str(caught.value) for key in encoded)


class Stored:
    """A key that is counted each time it is revealed; None once it was forgotten."""

    def __init__(self) -> None:
        self.key: str | None = "sk_live_first"
        self.revealed = 0
        self.now = 5.0

    async def reveal(self) -> tuple[Secret, str]:
        self.revealed += 1
        await asyncio.sleep(0)
        if self.key is None:
            raise NotConnectedError
        return Secret(self.key), f"of {self.key}"


def test_a_key_in_base64s_other_alphabet_is_the_same_key() -> None:
    urlsafe = "-_" * 20 + "AA8="
    sealed = Ring([urlsafe]).seal(b"kept", team="T1", field="key")

    assert (
        Ring([urlsafe.translate(str.maketrans("-_", "+/"))]).open(sealed, team="T1", field="key") == b"kept"
    )


async def test_all_calls_of_a_job_share_one_reveal() -> None:
    stored = Stored()
    held = HeldKey(stored.reveal, monotonic=lambda: stored.now)

    revealed = await asyncio.gather(*(held.reveal() for _ in range(4)))
    assert [fingerprint for _, fingerprint in revealed] == ["of sk_live_first"] * 4
    assert stored.revealed == 1


async def test_a_new_job_never_sees_a_key_that_was_replaced_or_forgotten() -> None:
    stored = Stored()
    await HeldKey(stored.reveal, monotonic=lambda: stored.now).reveal()

    stored.key = "sk_live_second"
    key, _ = await HeldKey(stored.reveal, monotonic=lambda: stored.now).reveal()
    assert key.reveal() == "sk_live_second"
    stored.key = None
    with pytest.raises(NotConnectedError):
        await HeldKey(stored.reveal, monotonic=lambda: stored.now).reveal()


async def test_a_long_job_looks_again() -> None:
    stored = Stored()
    held = HeldKey(stored.reveal, monotonic=lambda: stored.now)
    await held.reveal()

    stored.key, stored.now = None, stored.now + HELD_SECONDS
    with pytest.raises(NotConnectedError):
        await held.reveal()
    stored.key = "sk_live_second"
    key, _ = await held.reveal()
    assert key.reveal() == "sk_live_second"
