import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts.timeline import Timeline

DRAW = np.random.default_rng(0)
N = 900
POINTS = DRAW.normal(size=(N, 2)) * (1, 6)
ASPECTS = DRAW.uniform(0.5, 2, N)
YEARS = np.clip(DRAW.normal(1930, 25, N), 1860, 2010).round()


def records(values, name="year_from"):
    return pa.table({name: [None if np.isnan(v) else f"{v:g}" for v in values]})


def bounds(placement):
    return (placement.positions + placement.sizes / 2).max(axis=0)


def test_earlier_lies_left_of_later():
    x = Timeline().place(POINTS, ASPECTS, records(YEARS)).positions[:, 0]
    years = np.unique(YEARS)
    first = [x[year == YEARS].min() for year in years]
    last = [x[year == YEARS].max() for year in years]
    # two years may share a span; that after them lies to the right of both
    assert (np.array(first[2:]) > np.array(last[:-2])).all()


def test_equal_spans_are_equally_wide():
    x = Timeline().place(POINTS, ASPECTS, records(YEARS)).positions[:, 0]
    slope, start = np.polyfit(YEARS, x, 1)
    assert np.abs(x - (slope * YEARS + start)).max() < 2.5 * max(1.0, slope)


def test_like_lies_beside_like_from_top_to_bottom():
    y = Timeline().place(POINTS, ASPECTS, records(YEARS)).positions[:, 1]
    assert np.corrcoef(np.argsort(np.argsort(POINTS[:, 1])), y)[0, 1] > 0.98


@pytest.mark.parametrize("scale", ["linear", "even"])
def test_full_years_do_not_tower(scale):
    crowded = np.where(DRAW.random(N) < 0.3, 1900, YEARS)
    width, height = bounds(Timeline(scale=scale).place(POINTS, ASPECTS, records(crowded)))
    assert 1.2 < width / height < 3.5
    assert N / (width * height) > 0.05


def test_an_even_scale_fills_its_columns_evenly():
    placement = Timeline(scale="even").place(POINTS, np.ones(N), records(YEARS))
    counts = np.unique(placement.positions[:, 0].round(6), return_counts=True)[1]
    assert counts.max() - counts.min() <= 1
    order = np.argsort(placement.positions[:, 0], kind="stable")
    assert (np.diff(np.maximum.accumulate(YEARS[order]) - YEARS[order]) <= 0).mean() > 0.5
    assert np.corrcoef(np.argsort(np.argsort(YEARS)), placement.positions[:, 0])[0, 1] > 0.99


def test_media_without_a_date_lie_in_a_band_below():
    values = np.where(DRAW.random(N) < 0.1, np.nan, YEARS)
    placement = Timeline().place(POINTS, ASPECTS, records(values))
    bare = np.isnan(values)
    low = placement.positions[bare, 1] - placement.sizes[bare, 1] / 2
    high = placement.positions[~bare, 1] + placement.sizes[~bare, 1] / 2
    assert low.min() > high.max() + 1
    assert overlapping_pairs(*placement) == 0


def test_any_number_will_do_and_the_step_is_kept():
    values = DRAW.uniform(0, 3, N)
    layout = Timeline(column="length", step=0.5)
    assert layout.reads() == ("length",)
    x = layout.place(POINTS, ASPECTS, pa.table({"length": values})).positions[:, 0]
    span = np.floor(values / 0.5).astype(int)
    for left in range(5):
        assert x[span == left].max() < x[span == left + 1].min()


def test_the_gap_is_kept():
    placement = Timeline(gap=0.3).place(POINTS, ASPECTS, records(YEARS))
    assert overlapping_pairs(placement.positions, placement.sizes + 0.3 - 1e-8) == 0


def test_what_it_aims_at_is_the_value_and_not_the_embedding():
    aims = Timeline().aims(POINTS, records(np.where(np.arange(N) == 5, np.nan, YEARS)))
    assert np.isnan(aims[5]).all()
    rest = np.delete(np.arange(N), 5)
    assert np.corrcoef(aims[rest, 0], YEARS[rest])[0, 1] > 0.999999
    np.testing.assert_allclose(aims[rest].std(axis=0), 1)
