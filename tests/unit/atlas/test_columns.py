import pyarrow as pa

from wunderkammer.atlas.columns import ColumnChoice, write_columns

COLUMNS = {
    "genus": ["Danaus", None, "Papilio"],
    "subject": ["Birds | Nests", "Nests", None],
    "sex": [None, None, None],
    "year": ["1901", None, None],
    "eventDate": ["1850", "1902-05", None],
    "verbatimEventDate": [None] * 3,
    "verbatim_eventDate": [None] * 3,
    "date": [None] * 3,
    "decimalLatitude": ["1.5", "2", "3"],
    "decimalLongitude": ["7", None, "8"],
    "weight": ["2", "x", "4"],
    "title": ["A nest", None, "Two"],
    "catalogNumber": ["BM1", "BM2", None],
}
CHOICE = ColumnChoice(
    dictionaries=("genus", "subject", "sex"),
    numbers=("year", "decimalLatitude", "decimalLongitude", "weight"),
    texts=("title",),
    identifiers=("catalogNumber",),
)


def read(name):
    return pa.array(COLUMNS[name], pa.string())


def test_columns_are_put_to_their_uses_and_empty_ones_left_out(tmp_path):
    written = write_columns(tmp_path, read, CHOICE)
    assert [(one.column, one.several) for one in written.dictionaries] == [
        ("genus", False),
        ("subject", True),
    ]
    assert {name: codes.tolist() for name, codes in written.codes.items()} == {
        "genus": [1, 0, 2],
        "subject": [1, 2, 0],
    }
    ranges = {one.column: (one.n, one.minimum, one.maximum) for one in written.ranges}
    assert ranges == {
        "year": (2, 1901, 1902),
        "decimalLatitude": (2, 1.5, 3),
        "decimalLongitude": (2, 7, 8),
        "weight": (2, 2, 4),
    }
    assert written.numbers.keys() == ranges.keys()
    assert [(one.name, one.n_grams > 0) for one in written.search.indexes] == [
        ("values", True),
        ("texts", True),
        ("identifiers", False),
    ]


def test_without_any_text_there_is_no_search(tmp_path):
    written = write_columns(tmp_path, read, ColumnChoice(numbers=("weight",)))
    assert written.search is None
    assert list(tmp_path.iterdir()) == []
