"""Names for the log, without anything that was typed."""

import pytest

from scrm_bot.domain.grammar import parse
from scrm_bot.slack.command import (
    Caller,
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    LinksShared,
    Shortcut,
    StepRun,
    Submission,
)
from scrm_bot.slack.naming import named

CALLER = Caller("T1", "U1")


@pytest.mark.parametrize(
    ("deed", "name"),
    [
        (Invocation(CALLER, parse("draft a secret")), ("slash command", "draft")),
        (Invocation(Caller("T1", "U1", message_ts="1.1"), parse("posts")), ("mention", "posts")),
        (Click(CALLER, "page:2", "secret"), ("button", "page")),
        (Click(CALLER, "approve", "apr_1", view_id="V1"), ("Home", "approve")),
        (Click(CALLER, "rewrite", view_id="V1", view_callback="draft"), ("button", "rewrite")),
        (Submission(CALLER, "draft", "V1"), ("modal", "draft")),
        (Shortcut(CALLER, "new_social_post", "secret"), ("shortcut", "new_social_post")),
        (StepRun(CALLER, "create_draft", "Fx1", {"text": "secret"}), ("workflow step", "create_draft")),
        (HomeOpened(CALLER), ("Home", "opened")),
        (LinksShared(CALLER, ("https://secret.example",)), ("link", "shared")),
        (KeySpotted(CALLER), ("message", "key")),
    ],
)
def test_a_deed_is_named_by_its_surface_and_part(deed: Deed, name: tuple[str, str]) -> None:
    assert named(deed) == name
