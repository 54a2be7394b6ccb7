from collections import Counter, defaultdict

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.draw import Draw
from wunderkammer.sampling.shares import Shares


def divided(media, split, unit="specimen", stratify="", seed=1):
    draw = Draw(media, seed=seed, unit=unit)
    pool = draw.pool([*split.reads(), *filter(None, [stratify])],
                     institution="institutionCode", stratify=stratify)  # fmt: skip
    split.divide(pool)
    return draw.drawn(pool).split.to_pylist()


def test_counts_of_media_are_the_shares(herbarium):
    sides = Counter(divided(herbarium(200), Shares(validation=0.15, test=0.25), unit="medium"))
    assert sides == {"train": 120, "validation": 30, "test": 50}


def test_specimens_are_not_divided(herbarium):
    media = herbarium(200)
    sides = defaultdict(set)
    split = divided(media, Shares())
    for specimen, side in zip(media["specimen_id"].to_pylist(), split, strict=True):
        sides[specimen].add(side)
    assert {len(one) for one in sides.values()} == {1}
    counts = Counter(side for one in sides.values() for side in one)
    assert counts["test"] == counts["validation"] == round(len(sides) / 10)


def test_each_class_is_divided_alike(herbarium):
    media = herbarium(400)
    split = Shares(validation=0.1, test=0.2)
    sides = divided(media, split, unit="medium", stratify="family")
    table = defaultdict(Counter)
    for family, side in zip(media["family"].to_pylist(), sides, strict=True):
        table[family][side] += 1
    for counts in table.values():
        n = counts.total()
        assert abs(counts["test"] - 0.2 * n) <= 1
        assert abs(counts["validation"] - 0.1 * n) <= 1.5
    assert sum(counts["test"] for counts in table.values()) == 80


def test_equal_values_of_the_group_stay_together_and_empty_ones_are_alone(herbarium):
    media = herbarium(300)
    years = media["year_from"].to_pylist()
    years[:20] = [None] * 20
    media = media.set_column(media.schema.get_field_index("year_from"), "year_from", [years])
    sides = divided(media, Shares(test=0.4, group="year_from"), unit="medium")
    of = defaultdict(set)
    for year, side in zip(years[20:], sides[20:], strict=True):
        of[year].add(side)
    assert {len(one) for one in of.values()} == {1}
    assert len(set(sides[:20])) > 1


def test_a_group_may_be_the_species_read_from_names(herbarium):
    media = herbarium(300)
    split = Shares(validation=0.2, test=0.3, group="species")
    draw = Draw(media, seed=4)
    pool = draw.pool([], institution="institutionCode", stratify="")
    split.divide(pool)
    of = defaultdict(set)
    for name, side in zip(
        media["scientificName"].to_pylist(), draw.drawn(pool).split.to_pylist(), strict=True
    ):
        of[name].add(side)
    assert {len(one) for one in of.values()} == {1}


def test_nothing_to_train_on_is_refused():
    with pytest.raises(ConfigurationError, match="leave nothing to train on"):
        Shares(validation=0.5, test=0.5)
