"""What the body of an acknowledgement can carry."""

import json

from scrm_bot.slack import acks
from scrm_bot.slack.reply import ShowErrors


def test_a_sentence_under_a_field_has_no_backticks() -> None:
    told = json.loads(acks.submission(ShowErrors((("when", "Try `tomorrow 09:00` or `now`."),))))

    assert told["errors"] == {"when": "Try tomorrow 09:00 or now."}
