"""The table in the ADR names the tests as they are."""

from tests.docs.effectively_once import PAGE, by_point, replaced


def test_every_point_has_a_test() -> None:
    assert [point for point, names in by_point().items() if not names] == []


def test_the_table_names_every_test_of_a_point() -> None:
    page = PAGE.read_text()

    assert page == replaced(page), "run `python -m tests.docs.effectively_once`"
