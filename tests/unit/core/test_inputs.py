from pathlib import Path

import numpy as np
import pyarrow as pa

from wunderkammer.core.inputs import Inputs


def inputs(**more):
    scalars = pa.table({"media_id": ["a", "b"], "year": pa.array([1859, None], pa.int64())})
    vectors = {"features/x": np.eye(2, dtype=np.float32)}
    return Inputs(["a", "b"], scalars, vectors, {"tile/relax": Path("t")}, **more)


def test_cells_are_given_as_they_are_needed():
    found = inputs()
    assert len(found) == 2
    assert found.column("year") == [1859, None]
    years = found.numbers("year")
    assert years.dtype == np.float64
    assert years[0] == 1859
    assert np.isnan(years[1])
    assert (found.vectors("features/x") == np.eye(2)).all()


def test_media_of_a_stage_before_are_those_of_this_one_unless_it_is_known_better():
    assert inputs().artifact_ids("neighbours/x") == ["a", "b"]
    told = inputs(artifact_ids=lambda group: [group, "c"])
    assert told.artifact_ids("neighbours/x") == ["neighbours/x", "c"]


def test_there_is_nothing_to_go_on_from_unless_it_is_handed_over():
    assert inputs().before is None
    assert not inputs().asked_again
