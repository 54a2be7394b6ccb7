"""The tutorial on the herbarium study works as it is written, on a herbarium of a few sheets."""

import re

import pyarrow.parquet as pq
import pytest

from followed import followed, typed

SMALLER = {
    "--n 900": "--n 90", "--size 480": "--size 160", "--taxa 4x4x3": "--taxa 2x2x1",
    "n_epochs=12": "n_epochs=1", "n_epochs=4": "n_epochs=1", "side_px=64": "side_px=32",
    "--split protocol": "--split protocol --set silhouette.n_resamples=20 --set "
    "mislabels.n_resamples=20 --set mislabels.fractions=[0.1] --set learning_curve.n_draws=1",
}  # fmt: skip
ENCODERS = {"kew-ae", "kew-triplet", "kew-classifier", "efficientnet-lite0"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the folder in which the tutorial was followed, and each block with what it said."""
    folder = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder, followed("herbarium-study.md", SMALLER)


def test_the_whole_protocol_is_measured_for_every_network(study):
    folder, _ = study
    rows = pq.read_table(folder / "herbarium" / "evaluation" / "figures.parquet").to_pylist()
    tasks = {"silhouette", "neighbours", "leakage", "identification", "mislabels", "embedding"}
    for encoder in ENCODERS:
        assert tasks <= {row["task"] for row in rows if row["encoder"] == encoder}
    assert {"train", "random", "institutions"} <= {row["split"] for row in rows}
    assert (folder / "herbarium" / "evaluation" / "report.html").is_file()


def test_no_network_saw_a_sheet_of_a_test(study):
    folder, _ = study
    sample = typed(
        'wk query "select media_id from media where \\"sample/protocol/split\\" = \'train\'" '
        "--format csv -C herbarium"
    ).split()[1:]
    for path in (folder / "herbarium" / "weights").glob("*/split.parquet"):
        assert set(pq.read_table(path)["media_id"].to_pylist()) <= set(sample)


def test_the_tables_name_the_networks_and_the_wrong_names_are_counted(study):
    _, said = study
    tables = [out for code, out in said if code.startswith("import duckdb")]
    assert len(tables) == 2
    assert all(name in tables[0] for name in ENCODERS)
    assert "institutions" in tables[0]
    assert "really_wrong" in tables[1]


def test_given_again_the_examination_does_nothing(study):
    _, said = study
    [command] = [code for code, _ in said if "wk evaluate" in code]
    assert re.search(r"^measured 0, up to date \d+$", typed(command), re.MULTILINE)
