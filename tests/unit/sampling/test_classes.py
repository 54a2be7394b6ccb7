import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.sampling.classes import classes_of, taxa_of


def media(**columns):
    n = len(next(iter(columns.values())))
    return pa.table({"media_id": [f"m{i}" for i in range(n)], **columns})


def species(**columns):
    found = taxa_of(media(**columns)).species
    names = found.names.to_pylist()
    return [names[code] if code >= 0 else None for code in found.codes]


def test_equal_text_is_one_class_across_chunks_and_blank_is_none():
    column = pa.chunked_array([["NY", "K"], ["K ", "", None], ["BRI"]])
    found = classes_of(column)
    assert found.codes.tolist() == [0, 1, 1, -1, -1, 2]
    assert found.names.to_pylist() == ["NY", "K", "BRI"]
    assert found.known.tolist() == [True, True, True, False, False, True]


def test_numbers_and_columns_without_values_are_classes_too():
    assert classes_of(pa.chunked_array([[3, 5, 3]])).codes.tolist() == [0, 1, 0]
    assert classes_of(pa.chunked_array([pa.nulls(2)])).codes.tolist() == [-1, -1]
    assert classes_of(pa.chunked_array([], pa.string())).codes.tolist() == []


def test_rows_without_a_value_can_be_a_class():
    found = classes_of(pa.chunked_array([["a", None]])).with_empty()
    assert found.codes.tolist() == [0, 1]
    assert found.names.to_pylist() == ["a", ""]
    assert found.at(np.array([1])).codes.tolist() == [1]


@pytest.mark.parametrize(
    ("terms", "name"),
    [
        ({"scientificName": "Pieris rapae (Linnaeus, 1758)"}, "Pieris rapae"),
        ({"scientificName": "Pieris rapae rapae"}, "Pieris rapae"),
        ({"genus": "PIERIS", "specificEpithet": "Rapae"}, "Pieris rapae"),
        ({"species": "Pieris rapae"}, "Pieris rapae"),
        ({"scientificName": "Pieris cf. rapae", "species": "Pieris rapae"}, None),
        ({"scientificName": "Pieris rapae", "identificationQualifier": "aff."}, None),
        ({"scientificName": "Pieris sp."}, None),
        ({"scientificName": ""}, None),
        ({"scientificName": "Pieris\x1frapae"}, "Pieris rapae"),
    ],
)
def test_a_species_is_read_from_whatever_names_it(terms, name):
    assert species(**{term: [value] for term, value in terms.items()}) == [name]


def test_a_name_in_doubt_has_its_genus_all_the_same():
    found = taxa_of(media(scientificName=["Pieris sp.", "Indet."])).genus
    assert found.codes.tolist() == [0, -1]
    assert found.names.to_pylist() == ["Pieris"]


def test_taxa_of_any_rank_are_found_whatever_the_capitals():
    taxa = taxa_of(
        media(
            scientificName=["Pieris rapae (L.)", "Danaus plexippus", "Apis mellifera"],
            family=["Pieridae", "Nymphalidae", None],
            order=["Lepidoptera", "Lepidoptera", "Hymenoptera"],
        )
    )
    assert taxa.within(["lepidoptera"]).tolist() == [True, True, False]
    assert taxa.within(["PIERIS  RAPAE", "Apis"]).tolist() == [True, False, True]
    assert taxa.within(["Pieris rapae (L.)"]).tolist() == [True, False, False]
    assert taxa.within([]).tolist() == [False, False, False]


def test_media_without_any_term_have_no_name():
    taxa = taxa_of(media(scientificName=pa.nulls(2)))
    assert taxa.species.codes.tolist() == [-1, -1]
    assert taxa.within(["Apis"]).tolist() == [False, False]
