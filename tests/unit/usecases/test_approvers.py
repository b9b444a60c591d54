from typing import Any

import pytest

from scrm_bot.domain.shortages import Shortage
from scrm_bot.usecases import approvers
from tests.builders import APPROVER, SECOND_APPROVER, a_policy
from tests.fakes.workspace import Fakes

BOTH = (APPROVER, SECOND_APPROVER)


@pytest.mark.parametrize(
    ("rules", "short"),
    [
        ({"needed": 1}, None),
        ({"needed": 0}, None),
        ({"needed": 2}, Shortage(BOTH, 2)),
        ({"needed": 2, "self_approval": True}, None),
        ({"needed": 1, "approvers": (APPROVER,)}, Shortage((APPROVER,), 1)),
        ({"needed": 0, "approvers": (APPROVER,)}, Shortage((APPROVER,), 1)),
        ({"needed": 1, "approvers": (APPROVER, "UGUEST")}, Shortage((APPROVER,), 1)),
        ({"needed": 1, "approvers": ("UGUEST",)}, Shortage((), 1)),
        ({"needed": 2, "groups": ("S1",)}, None),
        ({"needed": 1, "groups": ("S2",)}, Shortage(BOTH, 1, ("S2",))),
        ({"approvers": ()}, None),
    ],
)
async def test_rules_under_which_an_approvers_own_post_has_no_end(
    fakes: Fakes, rules: dict[str, Any], short: Shortage | None
) -> None:
    fakes.people.set("UGUEST", is_guest=True)
    fakes.people.members = {"S1": frozenset({"UGROUPED", "UGUEST"})}
    fakes.people.unreadable = {"S2"}

    assert await approvers.shortage(fakes.workspace, a_policy(**rules)) == short
