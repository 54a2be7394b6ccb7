import csv

import pytest

from wunderkammer.vocab.darwin_core import TERMS
from wunderkammer.vocab.ranks import RANKS, NameParts, classification, name_parts

CROSS = "\N{MULTIPLICATION SIGN}"


def test_ranks_run_from_wide_to_narrow_and_are_columns_but_for_species():
    assert RANKS.index("class") < RANKS.index("family") < RANKS.index("genus")
    assert {*RANKS[:-2]} <= {*TERMS}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Danaus plexippus", NameParts("Danaus", "", "plexippus")),
        ("Danaus plexippus (Linnaeus, 1758)", NameParts("Danaus", "", "plexippus")),
        ("Papilio (Princeps) xuthus L.", NameParts("Papilio", "Princeps", "xuthus")),
        ("Papilio (Linnaeus)", NameParts("Papilio")),
        ("Cerceris compar compar", NameParts("Cerceris", "", "compar", "compar")),
        ("Rosa canina subsp. andegavensis (Bastard) Des Moul.",
         NameParts("Rosa", "", "canina", "andegavensis")),
        ("Rosa canina L. var. andegavensis", NameParts("Rosa", "", "canina", "andegavensis")),
        ("Polygonia c-album", NameParts("Polygonia", "", "c-album")),
        (f"Mentha {CROSS} piperita L.", NameParts("Mentha", "", "piperita")),
        ("Stigmus sp.", NameParts("Stigmus")),
        ("Cerceris cf. compar", NameParts("Cerceris")),
        (f"Quercus robur {CROSS} Quercus petraea", NameParts("Quercus")),
        ("Aus von Bus", NameParts("Aus")),
        ("lepidoptera", NameParts()),
        ("Unknown 17", NameParts("Unknown")),
        ("", NameParts()),
    ],
)  # fmt: skip
def test_parts_of_names(name, parts):
    assert name_parts(name) == parts


def test_columns_win_over_the_name():
    terms = {
        "genus": "Aus",
        "specificEpithet": "bus",
        "scientificName": "Xus yus Zed",
        "class": "Insecta",
    }
    assert classification(terms) == [
        ("class", "Insecta"),
        ("genus", "Aus"),
        ("species", "Aus bus"),
    ]


def test_doubt_leaves_out_the_species():
    terms = {"scientificName": "Aus bus", "identificationQualifier": "cf."}
    assert classification(terms) == [("genus", "Aus")]


def test_subspecies_carry_the_whole_name():
    terms = {"genus": "Aus", "specificEpithet": "bus", "infraspecificEpithet": "cus"}
    assert classification(terms)[-1] == ("subspecies", "Aus bus cus")


@pytest.mark.shared_data
def test_every_museum_insect_has_a_genus_and_its_own_name(shared_data):
    path = shared_data / "museum-insects" / "occurrence.txt"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        taxa = dict(classification(row))
        assert taxa.get("genus", "") == row["genus"]
        if "species" in taxa:
            assert row["scientificName"].startswith(taxa["species"])
    assert (
        sum("species" in dict(classification(row)) for row in rows) == 463
    )  # one is named by its genus alone


def test_the_name_of_a_family_is_not_read_as_a_genus():
    terms = {"family": "Nymphalidae", "scientificName": "Nymphalidae"}
    assert classification(terms) == [("family", "Nymphalidae")]
