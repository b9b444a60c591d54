"""Names for the log, without anything that was typed."""

from dataclasses import replace

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
from scrm_bot.slack.naming import id_of, named

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


def test_a_deed_has_the_same_id_when_it_is_done_again_and_no_other_has_it() -> None:
    asked = Caller("T1", "U1", channel="C1", trigger_id="1.2.3")
    mention = Caller("T1", "U1", channel="C1", message_ts="1.1")
    deeds: list[Deed] = [
        Click(asked, "approve", "apr_1"),
        Click(replace(asked, trigger_id="1.2.4"), "approve", "apr_1"),
        Invocation(mention, parse("approve last")),
        Invocation(replace(mention, message_ts="1.2"), parse("approve last")),
    ]

    assert len({id_of(deed) for deed in deeds}) == 4
    assert id_of(deeds[0]) == id_of(replace(deeds[0], caller=replace(asked, brand="b1")))
    assert id_of(Click(mention, "approve", "apr_1")) == "", "a card is clicked more than once"
