import pickle

import numpy as np
import pytest

from tiny_onnx import darkness
from wunderkammer.core.device import Device
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.imaging.masks import decode_mask, resize_mask
from wunderkammer.segmenters.onnx import Onnx

PLAIN = {"mean": (0.5, 0.5, 0.5), "std": (1.0, 1.0, 1.0)}


@pytest.fixture
def write(tmp_path):
    def write(**options):
        (tmp_path / "dark.onnx").write_bytes(darkness(**options))
        return tmp_path

    return write


def loaded(root, **settings):
    segmenter = Onnx(path="dark.onnx", **settings)
    segmenter.load(Device(), root)
    return segmenter


def photograph(height=60, width=120):
    image = np.full((height, width, 3), 235, np.uint8)
    image[height // 4 : height // 2, width // 4 : width // 2] = 10
    return image


def test_what_is_dark_is_found_in_the_aspect_of_the_photograph(write):
    seen = loaded(write(side=32), **PLAIN).segment([photograph()])[0]
    assert seen.probability.shape == (16, 32)
    truth = resize_mask((photograph() < 100).all(axis=2), 16, 32)
    assert iou(seen.probability > 0.5, truth) == 1.0
    assert 0.2 < seen.confidence < 1


def test_the_network_sees_colours_as_the_settings_scale_them(write):
    grey = np.full((8, 8, 3), 51, np.uint8)
    seen = loaded(write(), mean=(0.1, 0.1, 0.1), std=(0.5, 0.5, 0.5)).segment([grey])[0]
    assert seen.probability == pytest.approx(1 / (1 + np.exp(4 * (0.2 - 0.1) / 0.5)), abs=1e-5)


@pytest.mark.parametrize("letterbox", [False, True])
def test_squashed_or_letterboxed_the_answer_lies_on_the_photograph(write, letterbox):
    image = photograph(300, 90)
    seen = loaded(write(side=64), letterbox=letterbox, **PLAIN).segment([image])[0]
    assert seen.probability.shape == (64, 19)
    truth = resize_mask((image < 100).all(axis=2), 64, 19)
    assert iou(seen.probability > 0.5, truth) > 0.85


def test_an_output_that_is_no_probability_becomes_one(write):
    image = photograph()
    probability = loaded(write(side=32), **PLAIN).segment([image])[0].probability
    root = write(side=32, sigmoid=False)
    for scaling in ("auto", "sigmoid"):
        seen = loaded(root, scaling=scaling, **PLAIN).segment([image])[0].probability
        assert np.abs(seen - probability).max() < 1e-3
    stretched = loaded(root, scaling="min-max", **PLAIN).segment([image])[0].probability
    assert (stretched.min(), stretched.max()) == (0, 1)
    cut = loaded(root, scaling="none", **PLAIN).segment([image])[0].probability
    assert set(np.unique(np.round(cut[:2]))) == {0}


def test_an_input_of_any_size_takes_the_side_that_is_set(write):
    root = write(side="n")
    assert loaded(root).input_px == 320
    segmenter = loaded(root, side_px=48, **PLAIN)
    assert segmenter.input_px == 48
    assert segmenter.segment([photograph()])[0].probability.shape == (24, 48)


def test_a_side_that_contradicts_the_file_is_named(write):
    with pytest.raises(ConfigurationError, match=r"side_px = 48, and dark.onnx takes .* 16 x 16"):
        loaded(write(), side_px=48)


def test_nothing_set_or_no_such_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="'path' is empty") as caught:
        Onnx().load(Device(), tmp_path)
    assert "path = " in caught.value.hint
    with pytest.raises(StageError, match=r"there is no file .*nowhere\.onnx"):
        Onnx(path="nowhere.onnx").files(tmp_path)


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>" * 9, darkness()[:90]])
def test_a_file_that_is_no_network_is_named(tmp_path, content):
    (tmp_path / "dark.onnx").write_bytes(content)
    with pytest.raises(StageError, match=r"dark\.onnx is no network that can be run: \S") as caught:
        loaded(tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize("options", [{"channels": 1}, {"inputs": ("image", "other")}])
def test_a_network_of_another_kind_is_named(write, options):
    with pytest.raises(StageError, match="one input of 1 x 3 x height x width, float, is needed"):
        loaded(write(**options))


def test_more_than_one_map_is_named(write):
    segmenter = loaded(write(n_outputs=2))
    with pytest.raises(StageError, match=r"the first output of dark\.onnx is 1 x 2 x 16 x 16"):
        segmenter.segment([photograph()])


def test_the_content_of_the_file_enters_the_key_and_not_its_place(write):
    root = write()
    assert Onnx(path="dark.onnx").files(root) == {"network": root / "dark.onnx"}
    assert Onnx(path="dark.onnx").settings_digest() == Onnx(path="b.onnx").settings_digest()
    assert Onnx(letterbox=True).settings_digest() != Onnx().settings_digest()


def test_it_travels_and_reads_the_network_again(write):
    segmenter = loaded(write(), **PLAIN)
    there = pickle.loads(pickle.dumps(segmenter))
    one, other = (one.segment([photograph()])[0] for one in (segmenter, there))
    assert one.probability.tobytes() == other.probability.tobytes()


@pytest.mark.shared_data
def test_a_salient_object_network_finds_butterflies_in_the_field(shared_data):
    segmenter = Onnx(path="u2netp.onnx")
    segmenter.load(Device(), shared_data / "weights")
    assert segmenter.input_px == 320
    folder, overlaps = shared_data / "butterflies-with-masks", []
    for path in sorted((folder / "images").iterdir())[::150]:
        image = decode(path.read_bytes(), max_pixels=10**8).pixels
        truth = decode_mask((folder / "masks" / f"{path.stem}.png").read_bytes())
        seen = segmenter.segment([image])[0].probability
        overlaps.append(iou(resize_mask(seen > 0.5, *truth.shape), truth))
    assert np.mean(overlaps) > 0.75
