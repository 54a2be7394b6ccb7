import json

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.dictionaries import (
    LISTED,
    coded_column,
    rows_with,
    values_of,
    write_dictionary,
)
from wunderkammer.atlas.schemas import Dictionary, DictionaryRef

SEXES = ["male", None, "female", "", "male", "  ", "Male"]


@pytest.mark.parametrize("kind", [list, pa.array, lambda values: pa.chunked_array([values])])
def test_values_are_sorted_counted_and_coded_from_one(kind):
    coded = coded_column("sex", kind(SEXES))
    assert [(value.value, value.count) for value in coded.dictionary.values] == [
        ("Male", 1),
        ("female", 1),
        ("male", 2),
    ]
    assert coded.codes.tolist() == [3, 0, 2, 0, 3, 0, 1]
    assert coded.codes.dtype == np.uint16


def test_a_column_without_values_has_an_empty_dictionary():
    coded = coded_column("sex", [None, None])
    assert coded.dictionary.values == []
    assert coded.codes.tolist() == [0, 0]


def test_more_values_than_two_bytes_hold_take_four():
    names = [f"{number:06}" for number in range(65_535)]
    assert coded_column("id", names).codes.dtype == np.uint16
    more = coded_column("id", [*names, "x"])
    assert more.codes.dtype == np.uint32
    assert int(more.codes[-1]) == 65_536


def test_dictionary_encoded_input_is_read_like_any_other():
    encoded = pa.array(SEXES).dictionary_encode()
    assert coded_column("sex", encoded).codes.tolist() == coded_column("sex", SEXES).codes.tolist()


def test_the_file_is_the_schema_and_the_reference_leads_to_it(tmp_path):
    coded = coded_column("genus", ["Danaus", "Papilio", "Danaus"])
    reference = write_dictionary(tmp_path, coded, "Genus")
    assert (reference.column, reference.label, reference.n) == ("genus", "Genus", 2)
    content = json.loads((tmp_path / reference.path).read_text())
    assert Dictionary.model_validate(content) == coded.dictionary


SUBJECTS = ["Birds|Nests", " Nests | Birds", "Birds", None, "|", "Moths|Moths", "Birds||Eggs "]


def test_a_cell_that_lists_several_is_coded_by_the_first_and_found_by_all():
    coded = coded_column("subject", SUBJECTS, "|")
    assert coded.values.to_pylist() == ["Birds", "Eggs", "Moths", "Nests"]
    assert coded.codes.tolist() == [1, 4, 1, 0, 0, 3, 1]
    assert coded.several
    value, row = coded.pairs
    assert list(zip(value.tolist(), row.tolist(), strict=True)) == [
        *((0, 0), (0, 1), (0, 2), (0, 6)),
        *((1, 6), (2, 5), (3, 0), (3, 1)),
    ]
    assert coded.counts.tolist() == [4, 1, 1, 2]


def test_a_column_of_single_cells_does_not_list_several():
    assert not coded_column("subject", ["Birds", "Nests |", "Birds"], "|").several


def many_names(n_rows=20_000, n=9_000):
    rng = np.random.default_rng(0)
    return [None if one % 11 == 0 else f"Müller {one:05}" for one in rng.integers(0, n, n_rows)]


def test_a_large_dictionary_is_read_by_range_only(tmp_path):
    names = many_names()
    reference = write_dictionary(tmp_path, coded_column("recordedBy", names), "Collector")
    listed = sorted({name for name in names if name})
    assert reference.n == len(listed) > LISTED
    assert reference.path == ""
    assert not list(tmp_path.rglob("*.json"))
    assert values_of(tmp_path, reference, 0, reference.n) == listed
    assert values_of(tmp_path, reference, 700, 703) == listed[700:703]
    file = BlockFile(tmp_path / reference.values.path, reference.values.blocks)
    pages = json.loads(file.read("page").tobytes())
    assert pages == listed[:: reference.values.page_values]
    counts = file.read("count")
    assert (np.diff(counts[file.read("most")].astype(int)) <= 0).all()


def test_the_rows_of_each_value_are_those_that_have_it(tmp_path):
    names = many_names(3_000, 60)
    reference = write_dictionary(tmp_path, coded_column("recordedBy", names), "Collector")
    for value, name in enumerate(values_of(tmp_path, reference, 0, reference.n)):
        true = [row for row, other in enumerate(names) if other == name]
        assert rows_with(tmp_path, reference, value).tolist() == true


def test_an_older_atlas_has_no_values_by_range(tmp_path):
    reference = DictionaryRef(column="sex", label="Sex", path="dictionaries/sex.json", n=2)
    with pytest.raises(ValueError, match="older"):
        rows_with(tmp_path, reference, 0)
