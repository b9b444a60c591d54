"""Connecting a key, disconnecting it, and the workspace's rules."""

import pytest

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotPermittedError,
    PaymentRequiredError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.workspaces import Secret
from scrm_bot.slack.reply import CloseModal, ShowErrors, ShowView
from scrm_bot.usecases import accounts
from tests.builders import accounts as some_accounts
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    an_update,
    checked,
    click,
    field,
    metadata_of,
    opened,
    said,
    submit,
)

KEY = "sk_live_" + "a" * 32


@pytest.fixture
def new() -> Fakes:
    """A workspace without a key."""
    return some_fakes()


async def test_without_a_key_in_it_the_modal_stays_open(new: Fakes) -> None:
    ack = checked(a_submission(await opened(new, "connect", by="UADMIN"), api_key=" "))

    assert ack == ShowErrors((("api_key", "Paste the key here."),))


async def test_while_the_key_is_tried_the_modal_says_so(new: Fakes) -> None:
    ack = checked(a_submission(await opened(new, "connect", by="UADMIN"), api_key=KEY))

    assert isinstance(ack, ShowView)
    assert "Checking the key" in said(ack.view)
    assert KEY not in said(ack.view)


async def test_a_key_is_kept_once_a_read_with_it_worked(new: Fakes) -> None:
    view = await opened(new, "connect", by="UADMIN")
    await accounts.known(new.workspace)
    new.socialcrm.accounts = list(some_accounts())

    update = an_update(await submit(new, view, by="UADMIN", api_key=KEY))

    assert new.vault.key == Secret(KEY)
    assert new.socialcrm.calls == [("list_accounts", ""), ("list_posts", ""), ("list_accounts", "")]
    assert update.view_id == "V2"
    assert "Connected" in said(update)
    assert "Instagram @acme, LinkedIn @acme-inc, X @acme_hq" in said(update)
    assert KEY not in said(update)


async def test_a_key_that_may_not_read_posts_is_tried_with_accounts(new: Fakes) -> None:
    new.socialcrm.refuse("list_posts", ForbiddenScopeError())

    update = an_update(await submit(new, await opened(new, "connect", by="UADMIN"), by="UADMIN", api_key=KEY))

    assert new.vault.key
    assert "posts:read" in said(update)


@pytest.mark.parametrize(
    ("error", "told_so"),
    [
        (UnauthorizedError(), "refused the key you entered"),
        (PaymentRequiredError(), "paid plan"),
        (SocialCRMUnreachableError(), "cannot be reached"),
    ],
)
async def test_a_key_that_does_not_work_is_not_kept(new: Fakes, error: Exception, told_so: str) -> None:
    new.socialcrm.refuse("list_posts", error)
    view = await opened(new, "connect", by="UADMIN")

    update = an_update(await submit(new, view, by="UADMIN", api_key=KEY))

    assert new.vault.key is None
    assert told_so in said(update)
    assert field(update.view, "api_key")
    assert metadata_of(update.view) == {"channel": "CSOCIAL"}
    assert KEY not in str(update.view)


async def test_a_key_that_may_read_nothing_is_not_kept(new: Fakes) -> None:
    new.socialcrm.refuse("list_posts", ForbiddenScopeError(scope="posts:read"))
    new.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"))

    await submit(new, await opened(new, "connect", by="UADMIN"), by="UADMIN", api_key=KEY)

    assert new.vault.key is None


async def test_something_else_than_a_key_is_told_at_once(new: Fakes) -> None:
    update = an_update(
        await submit(new, await opened(new, "connect", by="UADMIN"), by="UADMIN", api_key="hunter2")
    )

    assert "no SocialCRM key" in said(update)
    assert new.socialcrm.calls == []


@pytest.mark.parametrize(
    ("verb", "typed"), [("connect", {"api_key": KEY}), ("settings", {}), ("disconnect", {})]
)
async def test_only_admins_finish_what_they_began(fakes: Fakes, verb: str, typed: dict[str, str]) -> None:
    view = await opened(fakes, verb, by="UADMIN")

    with pytest.raises(NotPermittedError):
        await submit(fakes, view, by="UEDITOR", **typed)
    assert fakes.vault.known


@pytest.mark.parametrize(("action", "callback"), [("connect", "connect"), ("show_settings", "settings")])
async def test_the_buttons_open_the_modals(fakes: Fakes, action: str, callback: str) -> None:
    assert a_modal(await click(fakes, action, by="UADMIN")).view["callback_id"] == callback


async def test_disconnecting_erases_the_key_and_what_is_known_of_its_accounts(fakes: Fakes) -> None:
    await accounts.known(fakes.workspace)
    view = await opened(fakes, "disconnect", by="UADMIN")

    assert checked(a_submission(view)) == CloseModal()
    answer = a_reply(await submit(fakes, view, by="UADMIN"))

    assert fakes.vault.known is None
    assert "Disconnected" in said(answer)
    assert accounts.NAME not in fakes.memory.kept
