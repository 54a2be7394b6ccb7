"""``wk train segmenter``: from masks in a folder and in the browser to weights that are used."""

import json
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner

import wunderkammer
from wunderkammer.cli.main import wk as wk_itself
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.testing import SpecimenGenerator

N = 14
TINY = ("start=nothing", "n_epochs=1", "side_px=64", "look_px=64", "batch_size=4")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    (folder / "photographs").mkdir()
    (folder / "masks").mkdir()
    generator = SpecimenGenerator(seed=3, size_px=160, kinds=("moth",), bad_share=0)
    for n in range(N):
        specimen = generator.specimen(n)
        cv2.imwrite(str(folder / "photographs" / f"moth {n}.jpg"), specimen.image[:, :, ::-1])
        (folder / "masks" / f"moth {n}.png").write_bytes(encode_mask(specimen.mask))
    (folder / "masks" / "moth 3.png").write_bytes(b"\x89PNG broken")
    (folder / "masks" / "spider.png").write_bytes(encode_mask(specimen.mask))
    source = {"ingest.source.name": "folder", "ingest.source.path": str(folder / "photographs")}
    wunderkammer.create(folder / "moths", {**source, "cutout.margin": 0.02}).run(
        ["ingest", "fetch", "image"], n_workers=0
    )
    return folder


def wk(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(wk_itself, words, catch_exceptions=False)
    assert (result.exit_code == 0) is ok, result.output
    return result.output


@pytest.mark.slow
def test_masks_become_weights_and_the_weights_are_used(root: Path) -> None:
    settings = [word for one in TINY for word in ("--set", one)]
    collection = str(root / "moths")
    said = wk("train", "segmenter", "--masks", str(root / "masks"), *settings, "-C", collection)
    assert f"{N} photographs with a mask" in said
    assert "skipped spider.png" in said
    assert said.count("skipped") == 2, "the broken mask is named, all others are used"
    (weights,) = (root / "moths" / "weights").iterdir()
    assert len(weights.name) == 12
    figures = json.loads((weights / "metrics.json").read_text())
    assert f"iou                      {figures['iou']:.3f}" in said
    command = f"wk config set cutout.segmenter.weights={weights.name}"
    assert command in said

    before = wunderkammer.open(root / "moths").configuration.stage("cutout").digest()
    wk("config", "set", f"cutout.segmenter.weights={weights.name}", "-C", collection)
    opened = wunderkammer.open(root / "moths")
    assert opened.configuration.stage("cutout").digest() != before
    report = opened.run(["cutout"], n_workers=0)
    assert report is not None
    assert opened.query("SELECT count(*) AS n FROM cutout")["n"].to_pylist()[0] >= N


def test_too_few_masks_are_refused_with_what_to_do(root: Path, tmp_path: Path) -> None:
    (tmp_path / "moth 1.png").write_bytes((root / "masks" / "moth 1.png").read_bytes())
    words = ("train", "segmenter", "--masks", str(tmp_path), "-C", str(root / "moths"))
    result = CliRunner().invoke(wk_itself, words)
    assert result.exit_code != 0
    assert "1 masks can be trained on, and 10 are needed" in f"{result.output}{result.exception}"


def test_an_unknown_setting_is_refused_by_name(root: Path) -> None:
    words = ("train", "segmenter", "--set", "n_epoch=3", "-C", str(root / "moths"))
    result = CliRunner().invoke(wk_itself, words)
    assert result.exit_code != 0
    assert "n_epochs" in f"{result.output}{result.exception}"
