from datetime import timedelta

import pytest

from scrm_bot.domain.runs import SETTLE, Run, RunState, run_key, settled_at
from tests.builders import NOW


def test_a_run_has_one_key_for_its_channel_and_day() -> None:
    assert run_key("C1", "2026-12-01") == "digest:C1:2026-12-01"


def test_a_message_that_slack_did_not_confirm_settles() -> None:
    assert settled_at(Run(RunState.POSTING, NOW)) == NOW + SETTLE > NOW + timedelta(seconds=10)


def test_what_did_not_begin_cannot_settle() -> None:
    with pytest.raises(ValueError, match="did not begin"):
        settled_at(Run())
