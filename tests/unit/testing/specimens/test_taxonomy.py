"""The invented tree and what is inherited in it."""

import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing import Taxonomy


def test_tree_has_the_asked_size_and_every_genus_one_family():
    tree = Taxonomy.generate(3, n_families=5, n_genera=4, n_species=3)
    assert len(tree.taxa) == 4 * 5 * 4 * 3
    families = {}
    for taxon in tree.taxa:
        assert families.setdefault(taxon.genus, taxon.family) == taxon.family
    assert len({taxon.name for taxon in tree.taxa}) == len(tree.taxa)
    assert len(families) == 4 * 5 * 4


def test_names_look_like_names():
    for taxon in Taxonomy.generate(9).taxa:
        ending = "aceae" if taxon.group == "plant" else "idae"
        assert taxon.family.endswith(ending)
        assert taxon.genus.istitle()
        assert taxon.species.isalpha()
        assert taxon.species.islower()


def test_orders_fit_their_groups():
    tree = Taxonomy.generate(0)
    assert {t.order for t in tree.of("beetle")} == {"Coleoptera"}
    assert {t.order for t in tree.of("moth") + tree.of("butterfly")} == {"Lepidoptera"}
    assert {t.kingdom for t in tree.of("plant")} == {"Plantae"}


def test_same_seed_same_tree_other_seed_other_tree():
    assert Taxonomy.generate(4) == Taxonomy.generate(4)
    assert Taxonomy.generate(4) != Taxonomy.generate(5)


def test_traits_vary_most_between_families_least_within_genera():
    tree = Taxonomy.generate(1, n_families=12, n_genera=4, n_species=4, groups=["moth"])
    traits = [f"trait {k}" for k in range(30)]
    values = np.array([[t.lineage.number(x, 0, 1) for x in traits] for t in tree.taxa])
    shaped = values.reshape(12, 4, 4, 30)
    within_genus = shaped.std(axis=2).mean()
    within_family = shaped.mean(axis=2).std(axis=1).mean()
    between = shaped.mean(axis=(1, 2)).std(axis=0).mean()
    assert within_genus < 0.5 * within_family < 0.8 * between
    assert 0 <= values.min() <= values.max() <= 1


def test_a_new_trait_leaves_the_others_alone():
    lineage = Taxonomy.generate(1).taxa[0].lineage
    before = lineage.number("width", 0, 1)
    lineage.number("colour", 0, 1)
    assert lineage.number("width", 0, 1) == before


@pytest.mark.parametrize("wrong", [{"n_families": 0}, {"n_genera": -1}, {"n_species": 1000}])
def test_impossible_counts_are_refused(wrong):
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        Taxonomy.generate(0, **wrong)
