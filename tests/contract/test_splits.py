"""What every split promises, whatever it divides by."""

import pyarrow as pa
import pytest

from wunderkammer.sampling import registry
from wunderkammer.sampling.draw import Draw

NAMES = registry.names()


@pytest.fixture(params=NAMES)
def split(request):
    return registry.get(request.param)()


def media(n):
    return pa.table(
        {
            "media_id": [f"{number:04}" for number in range(n)],
            "specimen_id": [f"s{number // 2}" for number in range(n)],
            "scientificName": [("Acer alba", "Acer nigra", "Carex minor")[k % 3] for k in range(n)],
            "institutionCode": [("NY", "NY", "NY", "K")[number // 2 % 4] for number in range(n)],
        }
    )


def divided(split, table, seed=1, unit="specimen"):
    draw = Draw(table, seed=seed, unit=unit)
    pool = draw.pool(split.reads(), institution="institutionCode", stratify="")
    split.divide(pool)
    return pool, draw.drawn(pool)


@pytest.mark.parametrize("unit", ["specimen", "medium"])
def test_every_unit_ends_in_one_of_the_sets_or_with_a_reason(split, unit):
    pool, made = divided(split, media(120), unit=unit)
    assert not pool.inside.any()
    assert ((pool.sets.codes >= 0) != (pool.reasons.codes >= 0)).all()
    assert {side for side in made.split.to_pylist() if side} <= set(split.sets())


def test_what_was_left_out_before_stays_out(split):
    table = media(120)
    draw = Draw(table, seed=1)
    pool = draw.pool(split.reads(), institution="institutionCode", stratify="")
    pool.take(40, 0)
    out = ~pool.inside
    split.divide(pool)
    assert (pool.sets.codes[out] < 0).all()
    assert out.sum() == 20


def test_the_same_seed_divides_alike_and_another_otherwise(split):
    table = media(400)
    first, again, other = (divided(split, table, seed)[1].split for seed in (1, 1, 2))
    assert first.equals(again)
    assert first.equals(other) == (len(split.sets()) == 1)


def test_it_tells_its_sets_once_each(split):
    assert len(split.sets()) == len(set(split.sets())) > 0
