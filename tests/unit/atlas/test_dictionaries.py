import json

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.dictionaries import coded_column, write_dictionary
from wunderkammer.atlas.schemas import Dictionary

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
    reference = write_dictionary(tmp_path, coded.dictionary, "Genus")
    assert (reference.column, reference.label, reference.n) == ("genus", "Genus", 2)
    content = json.loads((tmp_path / reference.path).read_text())
    assert Dictionary.model_validate(content) == coded.dictionary
