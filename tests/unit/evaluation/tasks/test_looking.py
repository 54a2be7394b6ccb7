import numpy as np
import pytest

from drawn_cases import case_of
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.evaluation.tasks import Question
from wunderkammer.evaluation.tasks.looking import Activations, Embedding
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections import registry


def test_the_map_is_that_of_the_training_set_and_tests_find_their_place_on_it(tmp_path):
    case = case_of(root=tmp_path, spread=5.0)
    task = Embedding(projections=("pca",))
    first, *others = task.questions(case)
    answer = task.answer(case, first)
    (table,) = answer.tables.values()
    places = {row["media_id"]: (row["x"], row["y"]) for row in table.rows}
    train, test = case.of("train"), case.of("test")
    expected = registry.get("pca")().project_both(train.features, test.features)
    for some, points in zip((train, test), expected, strict=True):
        np.testing.assert_allclose([places[one] for one in some.ids], points)
        quality = embedding_quality(some.features, points)
        found = answer.figures[str(some.parts[0])]
        assert {name: found[name] for name in quality} == quality
    told = task.answer(case, next(one for one in others if one.rank == "family"))
    assert told.figures["test"]["accuracy"]["value"] > 0.5
    assert not told.tables, "places are written once"


def test_a_projection_that_nobody_knows_is_refused():
    task = Embedding(projections=("tnse",))
    with pytest.raises(UnknownNameError, match="no projection is called 'tnse'"):
        task.answer(case_of(), Question(None, "tnse", ("train", "test")))


def test_the_channel_that_varies_most_comes_first_with_its_extremes(tmp_path):
    case = case_of(root=tmp_path, wide=4)
    task = Activations(n_channels=2, n_extremes=3)
    (question,) = task.questions(case)
    answer = task.answer(case, question)
    (table,) = answer.tables.values()
    first = table.rows[0]
    assert first["channel"] == 4
    values = dict(zip(case.ids, case.of().features[:, 4], strict=True))
    assert first["lowest"][0] == min(values, key=values.__getitem__)
    assert first["highest"][0] == max(values, key=values.__getitem__)
    specimens = dict(zip(case.ids, case.groups, strict=True))
    for end in ("lowest", "highest"):
        assert len({specimens[one] for one in first[end]}) == 3, "each of another specimen"
    assert len(table.rows) == 2
    assert answer.figures["n_channels"] == 6
