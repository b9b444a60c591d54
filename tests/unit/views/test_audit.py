"""The log as a file: what a spreadsheet makes of it."""

import csv
import io

import pytest

from scrm_bot.domain.audit import Deed, Entry
from scrm_bot.views import audit
from tests.builders import EDITOR, NOW


def rows(*entries: Entry) -> list[list[str]]:
    return list(csv.reader(io.StringIO(audit.csv_file(entries).decode("utf-8-sig"))))


def test_a_file_holds_every_entry_whole_below_the_names_of_its_columns() -> None:
    entry = Entry(NOW, EDITOR, Deed.REJECTED, "post_1", "apr_1", "0123456789abcdef", "pending", "rejected")
    many = [Entry(NOW, "", Deed.PUBLISHED, detail='Größe, "quoted"\nand more')] * 1500

    found = rows(entry, *many)

    assert found[0] == list(audit.COLUMNS)
    assert found[1][1:] == [
        EDITOR, "rejected", "post_1", "apr_1", "0123456789ab", "pending", "rejected", "done", "",
    ]  # fmt: skip
    assert (found[-1][1], found[-1][-1], len(found)) == ("bot", 'Größe, "quoted"\nand more', 1502)
    assert found[1][0] == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_file_says_how_it_is_encoded() -> None:
    assert audit.csv_file([]).startswith(b"\xef\xbb\xbfat,who,")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    (_, found) = rows(Entry(NOW, EDITOR, Deed.REJECTED, detail=f'{start}HYPERLINK("http://evil")'))

    assert found[-1] == f'\'{start}HYPERLINK("http://evil")'
