"""Taxa as numbers."""

import numpy as np
import pyarrow as pa

from wunderkammer.stages._taxa import TERMS, taxa


def records(**columns):
    n = len(next(iter(columns.values())))
    return pa.table({name: pa.array(columns.get(name, [None] * n), pa.string()) for name in TERMS})


def test_media_of_one_name_have_one_number_and_nameless_ones_none():
    found = taxa(
        records(
            family=["Pieridae", None, "Pieridae", "Nymphalidae"],
            scientificName=["Pieris rapae", None, "Pieris napi", "Aglais io"],
        )
    )
    family, genus, species = (found[rank] for rank in ("family", "genus", "species"))
    assert family[0] == family[2] != family[3]
    assert genus[0] == genus[2] != genus[3]
    assert len({*species}) == 4
    assert {family[1], genus[1], species[1]} == {-1}


def test_a_source_without_names_has_no_taxa():
    assert taxa(records(order=[None, None])) == {}


def test_a_rank_without_names_is_none_throughout():
    assert (taxa(records(genus=["Pieris", "Aglais"]))["family"] == -1).all()


def test_ten_thousand_records_are_counted_once_a_name():
    draw = np.random.default_rng(0)
    names = [f"Genus{'abcdefgh'[n]} species" for n in draw.integers(0, 8, 10_000)]
    assert len({*taxa(records(scientificName=names))["species"]}) == 8
