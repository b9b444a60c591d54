"""Several SocialCRM keys in one workspace: which brand is meant, and where its records are."""

import pytest

from scrm_bot.domain.brands import NO_BRANDS, Brand, Brands, check_name, is_id, parts, scope
from scrm_bot.domain.errors import UsageError

ACME, GLOBEX = Brand("", "Acme", ("C_ACME",)), Brand("b2", "Globex", ("C_GLOBEX",))
TWO = Brands((ACME, GLOBEX))


def test_a_channel_is_about_its_own_brand_and_any_other_about_the_default() -> None:
    other_default = Brands((ACME, GLOBEX), default="b2")

    assert [TWO.at("C_GLOBEX"), TWO.at("C_ACME"), TWO.at("C_ELSE"), TWO.at("")] == ["b2", "", "", ""]
    assert other_default.at("C_ELSE") == "b2"
    assert NO_BRANDS.at("C_ACME") == ""


def test_a_name_is_found_however_it_is_written() -> None:
    assert TWO.named(" gloBEX ") == GLOBEX


@pytest.mark.parametrize(
    ("brands", "name", "told"),
    [
        (TWO, "Initech", "There is no brand “Initech” here. There is `Acme`, `Globex`."),
        (TWO, "", "Which brand? There is `Acme`, `Globex`."),
        (NO_BRANDS, "Acme", "This workspace has one SocialCRM key and no brands"),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(brands: Brands, name: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        brands.named(name)

    assert str(raised.value).startswith(told)


def test_a_name_is_told_only_where_there_are_several() -> None:
    assert [TWO.label(""), TWO.label("b2"), TWO.label("gone")] == ["Acme", "Globex", ""]
    assert [NO_BRANDS.label(""), Brands((ACME,)).label("")] == ["", ""]


def test_what_belongs_to_a_removed_brand_is_nobodys() -> None:
    assert [TWO.still(""), TWO.still("b2"), NO_BRANDS.still("")] == ["", "b2", ""]
    with pytest.raises(UsageError, match="was removed"):
        TWO.still("b3")


@pytest.mark.parametrize("name", ["Acme", "Acme-Europe", "acme.com", "Ünïcode", "A", "x" * 30])
def test_a_name_is_one_word(name: str) -> None:
    assert check_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "Acme Inc", "-x", "x" * 31, "a/b", "<@U1>", "a`b", "*a*"])
def test_what_would_not_go_after_the_flag_is_no_name(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_name(name)

    assert raised.value.field == "brand"


def test_the_first_brand_is_kept_where_the_team_was() -> None:
    assert (scope("T1", ""), scope("T1", "b2")) == ("T1", "T1/b2")
    assert (parts("T1"), parts("T1/b2")) == (("T1", ""), ("T1", "b2"))


def test_an_id_holds_nothing_that_means_something_elsewhere() -> None:
    assert [is_id(text) for text in ("b2", "0a1b2c3d", "", "B2", "a/b", "a*", "x" * 33)] == [True] * 2 + [
        False
    ] * 5
