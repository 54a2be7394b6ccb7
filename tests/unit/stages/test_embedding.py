"""The embedding of a finished collection."""

import numpy as np
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections.pca import Pca
from wunderkammer.stages.embedding import refuse_unsorted


def test_every_medium_has_a_finite_point_and_the_map_is_measured(collection):
    rows = collection.query('SELECT "embedding/pca/x" AS x, "embedding/pca/y" AS y FROM media')
    points = np.column_stack([rows["x"].to_numpy(), rows["y"].to_numpy()])
    assert points.shape == (24, 2)
    assert np.isfinite(points).all()
    quality = collection.table().state(collection.configuration.stage("embedding"))["quality"]
    assert 0.5 < quality["trustworthiness"] <= 1


def test_without_neighbours_the_key_is_what_it_was(collection):
    stage = collection.configuration.stage("embedding")
    assert stage.reads_artifacts() == ()
    assert "neighbours" not in stage.settings()


def test_a_map_that_lost_all_order_is_refused():
    draw = np.random.default_rng(0)
    features = draw.normal(size=(1_200, 2)).astype(np.float32) @ draw.normal(size=(2, 12))
    features = (features + 3).astype(np.float32)
    with pytest.raises(StageError, match=r"the map is unsorted: its trustworthiness is 0\.[45]"):
        refuse_unsorted(features, embedding_quality(features, draw.normal(size=(1_200, 2))))
    refuse_unsorted(features, embedding_quality(features, Pca().project(features)))
    refuse_unsorted(features[:900], embedding_quality(features[:900], draw.normal(size=(900, 2))))
