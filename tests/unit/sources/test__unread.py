import pytest

from wunderkammer.sources._images import IMAGE_SUFFIXES
from wunderkammer.sources._tabular import TABLE_SUFFIXES
from wunderkammer.sources._unread import PICTURES, unread


def test_nothing_that_is_read_is_said_to_be_unread():
    assert not [name for name in IMAGE_SUFFIXES | TABLE_SUFFIXES if unread(f"x{name}")]


@pytest.mark.parametrize(
    ("name", "what", "hint"),
    [
        ("IMG_1.HEIC", "HEIC", "Export it as JPEG"),
        ("a/b.pdf", "a PDF", "pdftoppm"),
        ("old.xls", "a workbook of another kind", "Save it as .xlsx"),
        ("K1.CR3", "a raw file", "Develop it"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(name, what, hint):
    found = unread(name)
    assert found.what.startswith(what)
    assert hint in found.hint


def test_endings_are_in_lower_case():
    assert all(ending == ending.casefold() for ending in PICTURES)
    assert unread("notes.md") is None
