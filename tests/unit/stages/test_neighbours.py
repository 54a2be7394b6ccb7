"""Neighbours as a stage, and the map that reads them."""

import shutil

import numpy as np
import pytest

import wunderkammer
from conftest import SMALL
from wunderkammer.projections.neighbours import load_neighbours

pytest.importorskip("faiss")


@pytest.fixture(scope="module")
def neighbourly(tmp_path_factory, archive):
    root = tmp_path_factory.mktemp("neighbourly") / "cabinet"
    shutil.copytree(archive, root / "source")
    settings = {
        **SMALL,
        "neighbours.k": 8,
        "embedding.projection": {"name": "tsne", "engine": "fast", "perplexity": 2},
    }
    made = wunderkammer.create(root, settings)
    groups = [stage.group for stage in made.configuration.stages]
    made.run(groups[: groups.index("embedding/tsne") + 1], n_workers=0)
    return made


def test_every_medium_has_its_nearest_and_the_recall_is_kept(neighbourly):
    stage = neighbourly.configuration.stage("neighbours")
    assert stage.group == "neighbours/colour-histogram"
    assert neighbourly.table().state(stage)["quality"] == {"recall": 1.0, "k": 8.0}
    graph = load_neighbours(neighbourly.artifacts(stage.group))
    assert graph.indices.shape == (24, 8)
    assert not (graph.indices == np.arange(24)[:, None]).any()


def test_the_map_reads_them_and_keeps_what_it_was_told(neighbourly):
    stage = neighbourly.configuration.stage("embedding")
    assert stage.reads_artifacts() == ("neighbours/colour-histogram",)
    quality = neighbourly.table().state(stage)["quality"]
    assert quality["kl_divergence"] > 0
    assert quality["predicted_bytes"] > 0
    assert "neighbour_recall" not in quality
