import pytest

from scrm_bot.domain.team import OPEN, Holders, Role, Team

TEAM = Team(
    admins=Holders(("UBOSS",), ("SBOSSES",)),
    editors=Holders(("UANN",), ("SWRITERS",)),
    viewers=Holders(("UVIC",), ("SBOSSES", "SGUESTS")),
)


@pytest.mark.parametrize(
    ("user", "groups", "role"),
    [
        ("UBOSS", (), Role.ADMIN),
        ("UX", ("SBOSSES",), Role.ADMIN),
        ("UANN", (), Role.EDITOR),
        ("UVIC", ("SWRITERS",), Role.EDITOR),
        ("UVIC", (), Role.VIEWER),
        ("UX", ("SGUESTS",), Role.VIEWER),
        ("UX", ("SOTHER",), None),
    ],
)
def test_the_highest_role_that_was_given_counts(
    user: str, groups: tuple[str, ...], role: Role | None
) -> None:
    assert TEAM.named(user, groups) is role


def test_every_group_is_named_once() -> None:
    assert TEAM.groups == ("SBOSSES", "SWRITERS", "SGUESTS")


def test_until_somebody_is_named_every_member_is_an_editor() -> None:
    assert OPEN.everyone is Role.EDITOR
    assert OPEN.named("UANYONE", ()) is None


def test_each_role_includes_those_before_it() -> None:
    roles = [Role.NOBODY, Role.VIEWER, Role.EDITOR, Role.APPROVER, Role.ADMIN]

    for rank, role in enumerate(roles):
        assert [other for other in roles if role.includes(other)] == roles[: rank + 1]
