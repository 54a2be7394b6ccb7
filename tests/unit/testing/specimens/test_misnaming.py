"""Wrong names are of the kind that was asked for, and depend on the specimen alone."""

import csv

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing import Misnaming, SpecimenGenerator, Taxonomy, write_archive

TREE = Taxonomy.generate(3, n_families=3, n_genera=3, n_species=3, groups=("moth", "plant"))


@pytest.mark.parametrize("within", ["", "family", "genus"])
def test_a_wrong_name_is_related_as_asked(within):
    wrong = Misnaming(TREE, share=1.0, within=within)
    pairs = [(taxon, wrong.recorded(taxon, i)) for i in range(40) for taxon in TREE.taxa]
    assert all(one != other and one.group == other.group for one, other in pairs)
    assert all((one.genus == other.genus) is (within == "genus") for one, other in pairs)
    related = {one.family == other.family for one, other in pairs}
    assert related == ({True} if within else {True, False})


def test_about_the_share_is_wrong_and_always_the_same_specimens():
    taxon = TREE.taxa[0]
    few, more = Misnaming(TREE, 0.1, seed=5), Misnaming(TREE, 0.3, seed=5)
    wrong = {i for i in range(2000) if few.recorded(taxon, i) != taxon}
    assert 150 < len(wrong) < 250
    assert wrong < {i for i in range(2000) if more.recorded(taxon, i) != taxon}
    other = Misnaming(TREE, 0.1, seed=6)
    assert wrong != {i for i in range(2000) if other.recorded(taxon, i) != taxon}


def test_who_is_alone_keeps_its_name():
    tree = Taxonomy.generate(3, n_families=2, n_genera=1, n_species=1, groups=("moth",))
    alone = Misnaming(tree, 1.0, within="family")
    assert alone.recorded(tree.taxa[0], 7) == tree.taxa[0]


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ConfigurationError, match=r"share = 1\.2"):
        Misnaming(TREE, 1.2)


def test_records_say_the_wrong_name_and_the_truth_says_both(tmp_path):
    generator = SpecimenGenerator(
        4, size_px=160, kinds=("moth",), taxonomy=TREE, bad_share=0, again_share=0.5
    )
    misnaming = Misnaming(TREE, 0.5, within="family", seed=4)
    write_archive(tmp_path, generator, 12, misnaming=misnaming)
    with (tmp_path / "truth" / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["occurrenceID"]: row for row in csv.DictReader(file)}
    with (tmp_path / "occurrence.txt").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 12
    wrong = 0
    for row in rows:
        said = f"{row['genus']} {row['specificEpithet']}"
        fact = truth[row["occurrenceID"]]
        assert said == fact["recorded"]
        assert row["scientificName"].startswith(said)
        assert row["family"] == fact["family"]
        wrong += said != fact["species"]
    assert 2 <= wrong <= 10
