import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts.taxonomy import Taxonomy
from wunderkammer.metrics.layout import neighbours_kept

DRAW = np.random.default_rng(0)
N = 700
POINTS = DRAW.normal(size=(N, 2))
GENUS = np.minimum(DRAW.geometric(0.15, N) - 1, 19)
FAMILY = GENUS // 4
RECORDS = pa.table(
    {
        "order": ["Coleoptera"] * N,
        "family": [f"Familia{'abcdefgh'[k]}dae" for k in FAMILY],
        "genus": [f"Genus{'abcdefghijklmnopqrst'[k]}" for k in GENUS],
    }
)


def boxes_of(placement, groups):
    low = placement.positions - placement.sizes / 2
    high = placement.positions + placement.sizes / 2
    return np.array(
        [
            (*low[groups == group].min(axis=0), *high[groups == group].max(axis=0))
            for group in np.unique(groups)
        ]
    )


def least_distance(boxes):
    apart = np.full((len(boxes), len(boxes)), np.inf)
    for i, one in enumerate(boxes):
        for j, other in enumerate(boxes[:i]):
            apart[i, j] = np.maximum(one[:2] - other[2:], other[:2] - one[2:]).max()
    return apart.min()


def test_blocks_of_genera_and_of_families_stand_apart():
    placement = Taxonomy(margin=0.6).place(POINTS, np.ones(N), RECORDS)
    assert least_distance(boxes_of(placement, GENUS)) >= 0.6
    assert least_distance(boxes_of(placement, FAMILY)) >= 1.2


def test_a_block_is_as_large_as_it_has_media():
    placement = Taxonomy().place(POINTS, np.ones(N), RECORDS)
    boxes = boxes_of(placement, GENUS)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    counts = np.bincount(GENUS)
    many = counts >= 10
    assert (areas[many] / counts[many]).max() < 1.6 * (areas[many] / counts[many]).min()


def test_in_a_block_like_lies_beside_like():
    placement = Taxonomy(ranks=("family",)).place(POINTS, np.ones(N), RECORDS)
    largest = np.bincount(FAMILY).argmax() == FAMILY
    assert neighbours_kept(POINTS[largest], placement.positions[largest]) > 0.45


def test_media_without_a_name_have_a_block_of_their_own():
    unnamed = DRAW.random(N) < 0.2
    names = [None if bare else name for bare, name in zip(unnamed, RECORDS["genus"].to_pylist())]  # noqa: B905 - one length
    records = RECORDS.set_column(2, "genus", pa.array(names))
    placement = Taxonomy().place(POINTS, np.ones(N), records)
    groups = np.where(unnamed, 100 + FAMILY, GENUS)
    assert least_distance(boxes_of(placement, groups)) >= 0.6


def test_the_whole_has_the_asked_aspect_and_little_empty_ground():
    for aspect in (0.7, 1.5, 3.0):
        placement = Taxonomy(aspect=aspect).place(POINTS, np.ones(N), RECORDS)
        width, height = (placement.positions + placement.sizes / 2).max(axis=0)
        assert width / height == pytest.approx(aspect, rel=0.2)
        assert N / (width * height) > 0.4


def test_names_are_read_from_scientific_names_too():
    records = pa.table({"scientificName": ["Danaus plexippus (L.)", "Danaus sp.", "Pieris rapae"]})
    layout = Taxonomy(ranks=("genus", "species"), margin=5)
    assert {"scientificName", "specificEpithet", "genus"} <= set(layout.reads())
    assert "species" not in layout.reads()
    positions = layout.place(np.zeros((3, 2)), np.ones(3), records).positions
    ways = np.hypot(*(positions[:, None] - positions).T)
    assert ways[0, 1] < min(ways[0, 2], ways[1, 2])


def test_wide_ranks_read_no_names_and_stand_in_their_order():
    layout = Taxonomy(ranks="family, order")
    assert layout.ranks == layout.reads() == ("order", "family")


def test_what_is_no_rank_is_refused_with_the_nearest():
    with pytest.raises(ConfigurationError, match="no rank is called 'famly'") as caught:
        Taxonomy(ranks=("famly",))
    assert "Did you mean 'family'?" in caught.value.hint
