"""/scrm stats, trending, accounts, persona"""

import pytest

from scrm_bot.domain.errors import ForbiddenScopeError, NotFoundError, ScrmError, UsageError
from tests.builders import a_trend, accounts, metrics
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import labels, said, say, told, value_of


@pytest.fixture
def measured(fakes: Fakes) -> Fakes:
    fakes.socialcrm.accounts = list(accounts())
    fakes.socialcrm.numbers = [metrics("acct_1", likes=84.0), metrics("acct_2", likes=7.0)]
    fakes.socialcrm.post_numbers["post_123"] = [metrics("acct_1", likes=21.0)]
    return fakes


async def test_all_accounts_have_their_numbers(measured: Fakes) -> None:
    answer = await told(measured, "stats")

    assert "Instagram @acme" in said(answer)
    assert "84" in said(answer)
    assert "LinkedIn @acme-inc" in said(answer)
    assert not answer.shared


async def test_numbers_of_all_accounts_together_are_shown_as_such(measured: Fakes) -> None:
    measured.socialcrm.numbers = [metrics("", likes=84.0), metrics("", likes=7.0)]

    shown = said(await told(measured, "stats @acme-inc"))

    assert "91" in shown
    assert "In all" in shown
    assert "does not tell accounts apart" in shown
    assert "apart" not in said(await told(measured, "stats"))


async def test_no_numbers_at_all_are_not_called_those_of_all_accounts(measured: Fakes) -> None:
    measured.socialcrm.numbers = []

    shown = said(await told(measured, "stats @acme-inc"))

    assert "No numbers yet" in shown
    assert "apart" not in shown


@pytest.mark.parametrize("typed", ["@acme-inc", "<@U7|acme-inc>", "linkedin", "acct_2"])
async def test_one_account_is_named_as_people_name_it(measured: Fakes, typed: str) -> None:
    answer = await told(measured, f"stats {typed} --share")

    assert "LinkedIn @acme-inc" in said(answer)
    assert "Instagram" not in said(answer)
    assert answer.shared


@pytest.mark.parametrize("typed", ["post_123", "last", "1"])
async def test_a_post_has_numbers_of_its_own(measured: Fakes, typed: str) -> None:
    await say(measured, "posts")
    measured.memory.last["UEDITOR"] = "post_123"

    answer = await told(measured, f"stats {typed} --share")

    assert "Post stats" in said(answer)
    assert "21" in said(answer)
    assert answer.shared


async def test_a_number_that_is_not_there_is_not_made_up(fakes: Fakes) -> None:
    assert "n/a" in said(await told(fakes, "stats post_123"))


async def test_an_account_nobody_knows_asks_for_no_numbers(measured: Fakes) -> None:
    with pytest.raises(UsageError, match="nosuch"):
        await say(measured, "stats nosuch")
    assert measured.socialcrm.count("get_account_analytics") == 0


async def test_numbers_show_even_where_names_cannot_be_read(measured: Fakes) -> None:
    measured.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"))

    assert "84" in said(await told(measured, "stats"))


async def test_a_post_that_is_gone_is_not_found(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await say(fakes, "stats post_404")


async def test_each_trend_can_be_drafted(fakes: Fakes) -> None:
    fakes.socialcrm.trends = [a_trend(f"Topic {number}") for number in range(1, 13)]

    answer = await told(fakes, "trending --share")

    assert labels(answer) == ["Draft this"] * 10
    assert value_of(answer, "Draft this") == "trend:Topic 1"
    assert answer.shared


async def test_accounts_are_listed_fresh_with_what_commands_take(measured: Fakes) -> None:
    await say(measured, "stats")

    answer = await told(measured, "accounts --share")

    assert "acct_3" in said(answer)
    assert measured.socialcrm.count("list_accounts") == 2
    assert answer.shared


async def test_the_persona_is_told_in_its_own_order(fakes: Fakes) -> None:
    answer = await told(fakes, "persona --share")

    assert "Warm, Plain" in said(answer)
    assert answer.shared


@pytest.mark.parametrize(
    ("verb", "method"),
    [
        ("stats", "get_account_analytics"),
        ("stats post_123", "get_post_analytics"),
        ("trending", "list_trending"),
        ("accounts", "list_accounts"),
        ("persona", "get_persona"),
    ],
)
async def test_a_refusal_reaches_the_person(fakes: Fakes, verb: str, method: str) -> None:
    fakes.socialcrm.refuse(method, ForbiddenScopeError(scope="insights:read"))

    with pytest.raises(ScrmError):
        await say(fakes, verb)
