import pytest

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.insights import Account
from scrm_bot.usecases.choosing import (
    choose_accounts,
    is_account_word,
    matching,
    read_accounts,
)
from tests.builders import accounts
from tests.fakes.workspace import Fakes

ACCOUNTS = (
    *accounts(),
    Account("acct_4", "linkedin", "@Acme", "Acme people"),
    Account("acct_5", name="Blog"),
)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("acct_1", ("acct_1",)),
        ("ACCT_1", ("acct_1",)),
        ("acct_2,acct_1", ("acct_2", "acct_1")),
        ("acct_2, acct_1 ,acct_2", ("acct_2", "acct_1")),
        ("acct_2;acct_1", ("acct_2", "acct_1")),
        ("@acme_hq", ("acct_3",)),
        ("acme_hq", ("acct_3",)),
        ("@ACME", ("acct_1", "acct_4")),
        ("linkedin", ("acct_2", "acct_4")),
        ("LinkedIn:acme", ("acct_4",)),
        ("linkedin/acme", ("acct_4",)),
        ("x instagram", ("acct_3", "acct_1")),
        ("all", ("acct_1", "acct_2", "acct_3", "acct_4", "acct_5")),
        ("ALL", ("acct_1", "acct_2", "acct_3", "acct_4", "acct_5")),
        ("acct_5", ("acct_5",)),
    ],
)
def test_accounts_are_chosen_by_id_handle_network_or_all(typed: str, ids: tuple[str, ...]) -> None:
    assert choose_accounts(typed, ACCOUNTS) == ids


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("linkedn", "No connected account is called “linkedn”. Did you mean `linkedin`?"),
        ("acct_1,@acme_hg", "No connected account is called “@acme_hg”. Did you mean `@acme_hq`?"),
        (
            "zzz",
            (
                "No connected account is called “zzz”. There are `acct_1` (Instagram @acme), `acct_2` "
                "(LinkedIn @acme-inc), `acct_3` (X @acme_hq), `acct_4` (LinkedIn @Acme), "
                "`acct_5` (Blog); or `all`."
            ),
        ),
        (" , ", "Which accounts? There are `acct_1` (Instagram @acme), "),
    ],
)
def test_an_unknown_account_names_the_nearest_one_or_all_there_are(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        choose_accounts(typed, ACCOUNTS)

    assert raised.value.message.startswith(sentence)
    assert raised.value.field == "accounts"


def test_a_long_list_of_accounts_is_cut() -> None:
    def told(count: int) -> str:
        with pytest.raises(UsageError) as raised:
            choose_accounts("@", [Account(f"acct_{number}") for number in range(count)])
        return raised.value.message

    assert told(10).endswith("`acct_9` (acct_9); or `all`.")
    assert told(11).endswith("`acct_9` (acct_9) and more; or `all`.")


def test_without_any_account_it_says_so() -> None:
    with pytest.raises(UsageError, match="No account is connected in SocialCRM yet") as raised:
        choose_accounts("all", ())
    assert raised.value.field == "accounts"


@pytest.mark.parametrize(
    ("word", "is_one"), [("acct_1", True), ("@ACME", True), ("all", False), ("draft", False)]
)
def test_a_word_is_an_account_or_not(word: str, *, is_one: bool) -> None:
    assert is_account_word(word, ACCOUNTS) == is_one


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ["acct_1", "acct_2", "acct_3", "acct_4", "acct_5"]),
        ("acm", ["acct_1", "acct_2", "acct_3", "acct_4"]),
        ("Linked ACME", ["acct_2", "acct_4"]),
        ("people", ["acct_4"]),
        ("acct_5", ["acct_5"]),
        ("zzz", []),
    ],
)
def test_a_menu_offers_what_fits_the_typed_words(typed: str, ids: list[str]) -> None:
    assert [account.id for account in matching(ACCOUNTS, typed)] == ids


def test_a_menu_offers_a_hundred_at_the_most() -> None:
    many = [Account(f"acct_{number}") for number in range(150)]

    assert len(matching(many, "")) == 100
    assert len(matching(many, "", most=3)) == 3


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (49, 1), (50, 2), (120, 3), (500, 10), (700, 10)])
async def test_accounts_are_read_until_a_short_page(fakes: Fakes, count: int, calls: int) -> None:
    fakes.socialcrm.accounts = [Account(f"acct_{number}") for number in range(count)]

    read = await read_accounts(fakes.workspace)
    assert [account.id for account in read] == [f"acct_{number}" for number in range(min(count, 500))]
    assert fakes.socialcrm.count("list_accounts") == calls


async def test_a_server_that_repeats_itself_lists_each_account_once(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = [Account("acct_1", name="old"), Account("acct_1", name="new")]

    assert await read_accounts(fakes.workspace) == (Account("acct_1", name="new"),)
