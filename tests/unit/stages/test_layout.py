"""The layout of a finished collection."""

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context
from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.stages.layout import LayoutStage


def test_no_two_sprites_overlap_and_shapes_are_those_of_the_images(collection):
    parts = ", ".join(f'"layout/relax/{part}" AS {part}_' for part in ("x", "y", "width", "height"))
    rows = collection.query(f"SELECT {parts}, width, height FROM media")
    positions = np.column_stack([rows["x_"].to_numpy(), rows["y_"].to_numpy()])
    sizes = np.column_stack([rows["width_"].to_numpy(), rows["height_"].to_numpy()])
    assert overlapping_pairs(positions, sizes) == 0
    aspects = rows["width"].to_numpy() / rows["height"].to_numpy()
    np.testing.assert_allclose(sizes[:, 0] / sizes[:, 1], aspects)
    quality = collection.table().state(collection.configuration.stage("layout"))["quality"]
    assert quality["n_overlapping_pairs"] == 0
    assert quality["mean_displacement"] >= 0


@pytest.mark.parametrize(
    ("method", "column"),
    [("taxonomy", "genus"), ("timeline", "year_from"), ("map", "decimalLatitude")],
)
def test_what_a_layout_goes_by_is_read_and_handed_over(collection, tmp_path, method, column):
    stage = LayoutStage(embedding="pca", method=method, picture="image")
    assert column in stage.reads()
    assert column not in LayoutStage(embedding="pca", picture="image").reads()
    rows = collection.query("SELECT * FROM media ORDER BY media_id")
    for name in set(stage.reads()) - set(rows.column_names):  # ranks that no record tells
        rows = rows.append_column(name, pa.nulls(rows.num_rows))
    inputs = Inputs(rows["media_id"].to_pylist(), rows, {}, {})
    result = stage.process(inputs, Context(collection.root, artifacts=tmp_path))
    assert result.quality["n_overlapping_pairs"] == 0
    assert result.quality["n_apart"] < len(inputs)
    assert {len(values) for values in result.values.values()} == {len(inputs)}


def test_it_says_why_a_first_time_is_slow(tmp_path):
    told = []
    context = Context(tmp_path, artifacts=tmp_path, tell=told.append)
    ids, table = map_of(5)
    LayoutStage(embedding="pca").process(Inputs(ids, table, {}, {}), context)
    assert "compiles" in told[0]


def map_of(n, seed=0, year=1900):
    """Return what the stage reads of so many media: a cloud, shapes and years."""
    draw = np.random.default_rng(seed)
    table = pa.table(
        {
            "embedding/pca/x": draw.normal(size=n) * 10,
            "embedding/pca/y": draw.normal(size=n) * 10,
            "width": draw.integers(60, 240, n),
            "height": draw.integers(60, 240, n),
            "year_from": [str(found) for found in draw.integers(year, year + 30, n)],
        }
    )
    return [f"{row:020x}" for row in range(n)], table


def grown(stage, root, n_old, n, *, changed=(), asked_again=False):
    """Return the boxes of the first media, then the result when there are more."""
    ids, table = map_of(n)
    first = stage.process(Inputs(ids[:n_old], table[:n_old], {}, {}), Context(root, artifacts=root))
    boxes = {
        name: np.r_[np.asarray(values, float), np.full(n - n_old, np.nan)]
        for name, values in first.values.items()
    }
    nulls = np.arange(n) >= n_old
    before = pa.table({name: pa.array(values, mask=nulls) for name, values in boxes.items()})
    same = pa.array([row < n_old and row not in changed for row in range(n)])
    before = before.append_column("unchanged", same)
    inputs = Inputs(ids, table, {}, {}, before=before, asked_again=asked_again)
    return boxes, stage.process(inputs, Context(root, artifacts=root))


def moved_rows(boxes, result):
    ways = [np.asarray(result.values[name]) - boxes[name] for name in list(boxes)[:2]]
    return np.flatnonzero(np.hypot(*ways) > 0).tolist()


@pytest.mark.parametrize("method", ["relax", "grid", "timeline"])
def test_when_media_are_added_no_old_one_moves(tmp_path, method):
    stage = LayoutStage(embedding="pca", method=method, picture="image")
    boxes, result = grown(stage, tmp_path, 198, 200)
    assert moved_rows(boxes, result) == []
    assert result.quality["n_overlapping_pairs"] == 0
    assert (result.quality["n_new"], result.quality["n_moved"]) == (2, 0)
    assert result.quality["median_moved"] == result.quality["max_moved"] == 0
    assert result.note == "2 new, the other 198 where they were"
    assert (tmp_path / "moved.csv").read_text().count("\n") == 1


def test_one_that_changed_is_placed_again_and_told(tmp_path):
    stage = LayoutStage(embedding="pca", method="timeline", picture="image")
    boxes, result = grown(stage, tmp_path, 200, 200, changed={17})
    assert set(moved_rows(boxes, result)) <= {17}
    assert result.quality["n_new"] == 0


@pytest.mark.parametrize(
    ("settings", "n_old", "asked"),
    [({}, 150, False), ({"keep": 0.005}, 198, False), ({}, 198, True)],
    ids=["too many are new", "more than asked are new", "a person asked"],
)
def test_otherwise_it_is_laid_out_anew_and_what_moved_is_listed(tmp_path, settings, n_old, asked):
    stage = LayoutStage(embedding="pca", method="relax", picture="image", **settings)
    boxes, result = grown(stage, tmp_path, n_old, 200, asked_again=asked)
    moved = moved_rows(boxes, result)
    assert len(moved) > n_old / 2
    assert result.quality["n_moved"] == len(moved)
    assert result.quality["max_moved"] > 0
    listed = (tmp_path / "moved.csv").read_text().splitlines()
    assert listed[0] == '"media_id","moved","x_before","y_before","x","y"'
    assert len(listed) == len(moved) + 1
    assert "moved.csv" in result.note


def test_without_keeping_nothing_is_remembered():
    assert LayoutStage(embedding="pca", keep=0).remembers() == ()
    assert len(LayoutStage(embedding="pca").remembers()) == 4
