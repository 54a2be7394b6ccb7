import numpy as np
import pytest

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.evaluation.vectors import encoded, encoders_of, vectors_of
from wunderkammer.exports.features import export_features


def test_vectors_are_read_by_id_as_they_are_exported(collection, tmp_path):
    (stage,) = encoders_of(collection).values()
    some = encoded(collection, stage)
    assert some.encoder == "colour-histogram"
    assert list(some.ids) == sorted(some.ids)
    assert len(set(some.digests)) > 1
    vectors = vectors_of(collection, stage, some.ids)
    np.testing.assert_array_equal(vectors_of(collection, stage, some.ids[3:9:2]), vectors[3:9:2])
    export_features(collection, tmp_path / "out")
    np.testing.assert_array_equal(vectors, np.load(tmp_path / "out" / "features.npy"))


def test_features_that_were_never_made_are_refused(tmp_path):
    from drawn_cases import drawn_collection

    made = drawn_collection(tmp_path, n_each=1)
    (stage,) = encoders_of(made).values()
    with pytest.raises(NotEnoughMediaError, match="no medium has 'features/colour-histogram'"):
        encoded(made, stage)
