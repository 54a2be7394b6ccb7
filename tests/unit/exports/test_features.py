"""Features that leave: all of them, in the order of their ids, with how they were made."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, QueryError
from wunderkammer.core.whole import gather
from wunderkammer.exports.features import FeaturesForm, export_features


@pytest.fixture(scope="module")
def known(collection):
    """Return ids and vectors as the pipeline itself reads them."""
    inputs = gather(collection.table(), collection.configuration.stage("embedding"))
    return inputs.ids, inputs.vectors("features/colour-histogram")


def test_an_array_and_its_ids_hold_every_vector_in_order(collection, known, tmp_path):
    made = export_features(collection, tmp_path / "out")
    ids, vectors = known
    array = np.load(tmp_path / "out" / "features.npy")
    assert (tmp_path / "out" / "ids.txt").read_text().splitlines() == ids == sorted(ids)
    np.testing.assert_array_equal(array, vectors)
    assert (made.n_media, made.n_columns, made.explained) == (*array.shape, 1.0)
    assert {one.name for one in (tmp_path / "out").iterdir()} == {
        "features.npy", "ids.txt", "features.json"
    }  # fmt: skip
    card = json.loads((tmp_path / "out" / "features.json").read_text())
    assert card["features"] == "colour-histogram"
    assert card["stage"]["settings"]["encoder"]["levels"] == 2


def test_one_table_holds_both(collection, known, tmp_path):
    export_features(collection, tmp_path / "out", FeaturesForm(form="parquet"))
    table = pq.read_table(tmp_path / "out" / "features.parquet")
    assert table["media_id"].to_pylist() == known[0]
    np.testing.assert_array_equal(np.stack(table["features"].to_numpy()), known[1])
    assert not (tmp_path / "out" / "features.npy").exists()


def test_ids_can_be_a_table_and_media_chosen(collection, known, tmp_path):
    chosen = known[0][3]
    where = f"media_id = '{chosen}'"
    export_features(collection, tmp_path / "out", FeaturesForm(ids="parquet"), where=where)
    assert pq.read_table(tmp_path / "out" / "ids.parquet")["media_id"].to_pylist() == [chosen]
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "features.npy"), known[1][3:4])


def test_components_are_scikit_learns_with_signs_that_stay(collection, known, tmp_path):
    from sklearn.decomposition import PCA

    made = export_features(collection, tmp_path / "out", FeaturesForm(pca=4))
    scores = np.load(tmp_path / "out" / "features.npy")
    saved = np.load(tmp_path / "out" / "components.npz")
    reference = PCA(4, svd_solver="full").fit(known[1].astype(np.float64))
    np.testing.assert_allclose(saved["mean"], reference.mean_, atol=1e-9)
    np.testing.assert_allclose(
        saved["explained_variance"], reference.explained_variance_, rtol=1e-6
    )
    ratio = reference.explained_variance_ratio_
    np.testing.assert_allclose(saved["explained_variance_ratio"], ratio, rtol=1e-6)
    likeness = np.abs(np.einsum("ij,ij->i", saved["components"], reference.components_))
    np.testing.assert_allclose(likeness, 1, atol=1e-6)
    largest = np.abs(saved["components"]).argmax(axis=1)
    assert (saved["components"][np.arange(4), largest] > 0).all()
    again = (known[1] - saved["mean"]) @ saved["components"].T
    np.testing.assert_allclose(scores, again, atol=1e-6)
    assert made.explained == pytest.approx(ratio.sum())
    assert made.n_columns == 4


def test_the_same_export_again_is_the_same_bytes(collection, tmp_path):
    found = []
    for _ in range(2):
        export_features(collection, tmp_path / "out", FeaturesForm(pca=3))
        found.append({one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()})
    assert found[0] == found[1]


def test_what_cannot_be_is_refused_with_the_way_out(collection, known, tmp_path):
    with pytest.raises(ConfigurationError, match="no features are called 'vae'") as caught:
        export_features(collection, tmp_path / "out", features="vae")
    assert "colour-histogram" in caught.value.hint
    with pytest.raises(NotEnoughMediaError, match="and meets the condition"):
        export_features(collection, tmp_path / "out", where="false")
    with pytest.raises(QueryError):
        export_features(collection, tmp_path / "out", where="no_such_column = 1")
    n = len(known[0])
    with pytest.raises(NotEnoughMediaError, match="principal components need") as caught:
        export_features(collection, tmp_path / "out", FeaturesForm(pca=1000))
    assert str(n - 1) in caught.value.hint
    assert not (tmp_path / "out").exists(), "nothing half made is left"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    with pytest.raises(ConfigurationError, match=r"holds other files, such as notes\.txt"):
        export_features(collection, tmp_path / "mine")


def test_the_command_says_what_it_wrote(collection, tmp_path):
    from click.testing import CliRunner

    from wunderkammer.cli.main import wk

    words = ["export", "features", "--to", str(tmp_path / "out"), "--pca", "2"]
    said = CliRunner().invoke(wk, [*words, "-C", str(collection.root)], catch_exceptions=False)
    assert said.exit_code == 0
    assert "x 2, " in said.output
    assert "% of the variance" in said.output
    assert np.load(tmp_path / "out" / "features.npy").shape[1] == 2
