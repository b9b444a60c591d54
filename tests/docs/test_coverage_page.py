"""Every endpoint is reached from Slack, by the page that the flow tests write."""

import logging
from collections.abc import Iterator

import pytest

from scrm_bot.socialcrm.endpoints import ENDPOINTS
from tests.docs import coverage
from tests.docs.coverage import Pair, Recorder

LOG = logging.getLogger("tests.coverage")


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    LOG.addHandler(made)
    LOG.setLevel(logging.DEBUG)
    yield made
    LOG.removeHandler(made)


def pairs() -> set[Pair]:
    return coverage.told(coverage.PAGE.read_text(encoding="utf-8"))


def test_twenty_of_twenty_endpoints_are_reached() -> None:
    assert {name for name, _ in pairs()} == {endpoint.name for endpoint in ENDPOINTS}
    assert len(ENDPOINTS) == 20


def test_every_surface_reaches_something() -> None:
    silent = {"shortcut"}  # it shows what is known already, and the modal that it opens does the rest

    assert {surface for _, surface in pairs()} >= set(coverage.SURFACES) - silent


def test_the_page_is_as_the_generator_writes_it() -> None:
    written = coverage.PAGE.read_text(encoding="utf-8")

    assert coverage.page(pairs()) == written, "run python -m tests.docs.coverage"


def test_what_drops_out_is_named() -> None:
    name, surface = min(pairs())

    assert coverage.lost(pairs()) == []
    assert coverage.lost(pairs() - {(name, surface)}) == [f"{name} is not reached from: {surface}"]


def test_a_call_belongs_to_what_was_done_last_in_its_task(recorder: Recorder) -> None:
    LOG.debug("calling %s", "GET /posts")
    LOG.debug("doing %s: %s", "shortcut", "my_approvals")
    LOG.debug("calling %s", "GET /posts")
    LOG.debug("running %s, attempt %d", "digest:C1:2026-11-30", 1)
    LOG.debug("calling %s", "GET /trending")
    LOG.debug("running %s, attempt %d", "act:apr_1", 1)
    LOG.debug("calling %s", "POST /posts/{id}/publish")

    assert recorder.pairs == {
        ("GET /posts", "shortcut"),
        ("GET /trending", "digest"),
        ("POST /posts/{id}/publish", "worker"),
    }
