"""``wk train encoder``: from a collection's pictures to features of its own."""

from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner

import wunderkammer
from tiny_encoders import stripes
from wunderkammer.cli.main import wk as wk_itself

N = 16
QUICK = ("n_epochs=1", "side_px=32", "network=lite", "n_blocks=2", "start=''")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train-encoder")
    (folder / "photographs").mkdir()
    rows = ["file,genus"]
    for n in range(N):
        cv2.imwrite(str(folder / "photographs" / f"s{n}.png"), stripes(n))
        rows.append(f"s{n}.png,{'AB'[n % 2] if n else ''}")
    (folder / "table.csv").write_text("\n".join(rows))
    source = {
        "ingest.source.name": "table",
        "ingest.source.path": str(folder / "table.csv"),
        "ingest.source.images": str(folder / "photographs"),
        "ingest.source.file_column": "file",
        "features.encoder": "colour-histogram",
        "embedding.projection": "pca",
    }
    wunderkammer.create(folder / "stripes", source).run(["ingest", "fetch", "image"], n_workers=0)
    return folder / "stripes"


def wk(root: Path, *words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(wk_itself, [*words, "-C", str(root)])
    assert (result.exit_code == 0) is ok, result.output
    return f"{result.output}{result.exception or ''}"


def test_an_encoder_is_trained_and_its_vectors_are_the_features(root: Path) -> None:
    settings = [word for one in QUICK for word in ("--set", one)]
    said = wk(root, "train", "encoder", "--kind", "triplet", "--labels", "genus", *settings)
    assert f"{N} pictures" in said
    assert said.count("skipped") == 1, "the one without a genus"
    (weights,) = (root / "weights").iterdir()
    (line,) = [one.strip() for one in said.splitlines() if "config set" in one]
    assert line.endswith(f"weights={weights.name} features.encoder.length=24")
    wk(root, *line.split()[1:])
    collection = wunderkammer.open(root)
    assert collection.configuration.stage("features").file_digests()
    collection.run(["features"], n_workers=0)
    found = collection.query('SELECT * FROM "features/trained"')
    assert len(found) == N


def test_features_of_a_new_encoder_stand_beside_the_others(root: Path) -> None:
    before = {stage.group for stage in wunderkammer.open(root).configuration.called("features")}
    settings = [word for one in QUICK for word in ("--set", one)]
    options = ("--called", "mine", "--picture", "image", "--kind", "simclr")
    wk(root, "train", "encoder", *options, *settings)
    collection = wunderkammer.open(root)
    features = {stage.group: stage for stage in collection.configuration.called("features")}
    assert set(features) == before | {"features/mine"}
    assert features["features/mine"].picture == "image"
    assert collection.configuration.stage("features/mine").writes()[0].length == 24
    collection.run(["features/mine"], n_workers=0)
    assert len(collection.query('SELECT * FROM "features/mine"')) == N


def test_what_cannot_be_trained_is_refused_with_what_to_do(root: Path) -> None:
    said = wk(root, "train", "encoder", "--kind", "simcrl", ok=False)
    assert "Did you mean 'simclr'" in said
    said = wk(root, "train", "encoder", "--kind", "triplet", "--labels", "genius", ok=False)
    assert "Did you mean 'genus'" in said
    said = wk(root, "train", "encoder", "--kind", "vae", "--picture", "upright", ok=False)
    assert "no medium has a picture of the stage 'upright'" in said
