"""A workspace of fakes for every test."""

import pytest

from tests.fakes.workspace import Fakes, some_fakes


@pytest.fixture
def fakes() -> Fakes:
    """One draft, `post_123`, two approvers, a channel."""
    return some_fakes()
