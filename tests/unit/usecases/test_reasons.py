"""Why SocialCRM did not take a call, in words for the card."""

from scrm_bot.domain.errors import ForbiddenScopeError, UnauthorizedError
from scrm_bot.usecases import reasons


def test_a_missing_scope_names_who_connected_the_key() -> None:
    error = ForbiddenScopeError(scope="posts:publish")
    assert reasons.of_call(error).startswith("The workspace's key lacks the scope posts:publish")

    error.connected_by = "UADMIN"
    assert "key, connected by <@UADMIN>, lacks the scope posts:publish" in reasons.of_call(error)
    assert "key, connected by <@UADMIN>, lacks the scope posts:publish" in reasons.of_reading(error)


def test_a_refused_key_says_that_an_admin_is_told() -> None:
    error = UnauthorizedError()
    assert "An admin is told." not in reasons.of_call(error)

    error.admin_told = True
    assert reasons.of_call(error).endswith("An admin is told.")
