"""The rules of a workspace that two people change at once."""

from dataclasses import fields, replace
from typing import Any

import pytest

from scrm_bot.domain.hours import ALWAYS
from scrm_bot.domain.rules import RULES, OvertakenError, merged, prints
from scrm_bot.domain.workspaces import WorkspaceSettings
from tests.builders import a_pause, some_settings

SHOWN = some_settings()
CHANGED: dict[str, Any] = {
    "approvals_channel": "CNEW",
    "approvers": ("UNEW",),
    "approver_groups": ("SNEW",),
    "needed": 0,
    "self_approval": True,
    "timezone": "America/New_York",
    "due_hours": 2,
    "remind_hours": 4,
    "expire_hours": 72,
    "working_hours": ALWAYS,
    "escalate_to": ("UBOSS",),
}


def having(name: str, value: Any) -> WorkspaceSettings:
    return replace(SHOWN, **{name: value})


def test_these_are_all_of_the_rules() -> None:
    assert {*CHANGED} == {*RULES} == {each.name for each in fields(SHOWN)} - {"pause", "team", "brands"}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_was_changed_is_changed_and_no_other(name: str) -> None:
    stored = replace(SHOWN, pause=a_pause(), **{each: CHANGED[each] for each in RULES if each != name})
    typed = replace(SHOWN, **{name: CHANGED[name]})

    assert merged(typed, stored, shown=prints(SHOWN)) == replace(stored, **{name: CHANGED[name]})


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_two_change_differently_stays_as_the_first_one_left_it(name: str) -> None:
    before, theirs, mine = (having(name, value) for value in (("then",), ("theirs",), ("mine",)))
    other: dict[str, Any] = {"timezone" if name != "timezone" else "needed": "mine, too"}

    with pytest.raises(OvertakenError) as raised:
        merged(replace(mine, **other), theirs, shown=prints(before))
    assert raised.value.names == (name,)
    assert (raised.value.rules, raised.value.stored) == (replace(theirs, **other), theirs)


def test_two_who_change_it_to_the_same_agree() -> None:
    both = replace(SHOWN, needed=2, approvers=("U1", "U2"))

    assert merged(replace(both, approvers=("U2", "U1")), both, shown=prints(SHOWN)).needed == 2


def test_the_order_of_people_is_none() -> None:
    typed = replace(SHOWN, approvers=tuple(reversed(SHOWN.approvers)))

    assert merged(typed, SHOWN, shown=prints(SHOWN)) == SHOWN


def test_what_was_not_shown_counts_as_typed() -> None:
    stored = replace(SHOWN, needed=2, pause=a_pause())

    assert merged(SHOWN, stored, shown={}) == replace(SHOWN, pause=a_pause())
