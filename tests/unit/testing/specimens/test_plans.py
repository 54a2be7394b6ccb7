"""What a lineage says about butterflies and moths."""

import numpy as np

from wunderkammer.testing import Taxonomy
from wunderkammer.testing.specimens.plans import look

TREE = Taxonomy.generate(6, n_families=6, n_genera=3, n_species=3, groups=["butterfly"])


def test_neighbouring_families_have_different_plans():
    plans = {}
    for taxon in TREE.taxa:
        plans.setdefault(taxon.family, set()).add(look(taxon, "male").plan.name)
    assert all(len(names) == 1 for names in plans.values())
    assert len(set.union(*plans.values())) == 6


def test_females_are_larger_and_duller():
    for taxon in TREE.taxa:
        male, female = look(taxon, "male"), look(taxon, "female")
        assert female.number["size"] > male.number["size"]
        assert female.number["sheen"] <= male.number["sheen"]


def test_ground_colours_of_a_genus_are_close():
    grounds = np.array([look(t, "male").palette["ground"] for t in TREE.taxa]).reshape(6, 3, 3, 3)
    within = np.abs(grounds - grounds.mean(axis=2, keepdims=True)).mean()
    between = np.abs(grounds - grounds.mean(axis=(0, 1, 2))).mean()
    assert within < 0.25 * between
