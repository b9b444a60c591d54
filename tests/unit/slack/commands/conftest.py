"""What the tests of commands share."""

import pytest

from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import connected


@pytest.fixture
def fakes() -> Fakes:
    return connected()
