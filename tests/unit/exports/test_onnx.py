"""Networks that leave: they give elsewhere what they give here."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.exports.onnx import export_encoder
from wunderkammer.imaging.preparing import Preparation

HOW = Preparation(16, (0.5, 0.4, 0.3), (0.2, 0.2, 0.2), "area", padding="grey")


class Small(nn.Module):
    """Two layers with what networks have: convolution, normalisation, a mean."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU6())

    def forward(self, pixels):
        return self.layers(pixels).mean((2, 3))


class Unfit(nn.Module):
    """Asks the values themselves which way to go."""

    def forward(self, pixels):
        return pixels.mean((2, 3)) if pixels.sum().item() > 0 else pixels.amax((2, 3))


class Toy:
    """An encoder as the export sees it."""

    name, version = "toy", "1"

    def __init__(self, network):
        self._network = network

    def settings(self):
        return {"name": "toy", "padding": "grey"}

    def network(self):
        return self._network

    def preparation(self):
        return HOW


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    pytest.importorskip("onnxscript")
    path = tmp_path_factory.mktemp("onnx") / "toy.onnx"
    return export_encoder(Toy(Small().eval()), path), path


def test_another_program_gets_the_same_vectors_for_any_number_of_images(exported):
    import onnxruntime

    made, path = exported
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    network = Small().eval()
    for n in (1, 2, 5):
        pixels = np.random.default_rng(n).normal(size=(n, 3, 16, 16)).astype(np.float32)
        [found] = session.run(["features"], {"pixels": pixels})
        with torch.inference_mode():
            np.testing.assert_allclose(found, network(torch.from_numpy(pixels)), atol=1e-5)
    assert made.n_features == 8
    assert made.n_bytes == path.stat().st_size
    assert made.difference < 1e-5


def test_weights_in_half_precision_take_half_the_bytes_and_change_little(tmp_path):
    pytest.importorskip("onnxscript")

    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(1)
            self.layer = nn.Linear(3 * 16 * 16, 64)

        def forward(self, pixels):
            return self.layer(pixels.flatten(1))

    whole = export_encoder(Toy(Wide().eval()), tmp_path / "whole.onnx")
    half = export_encoder(Toy(Wide().eval()), tmp_path / "half.onnx", half=True)
    assert half.n_bytes < 0.55 * whole.n_bytes
    assert whole.relative < 1e-5 < half.relative < 1e-3


def test_the_file_says_how_its_input_is_made(exported):
    import onnxruntime

    found = onnxruntime.InferenceSession(exported[1]).get_modelmeta().custom_metadata_map
    assert json.loads(found["preparation"]) == {**HOW.described(), "mean": [0.5, 0.4, 0.3],
                                                "std": [0.2, 0.2, 0.2]}  # fmt: skip
    assert json.loads(found["settings"])["padding"] == "grey"
    assert "padded to a square with grey" in found["input"]
    assert found["encoder"] == "toy"


def test_what_is_no_network_or_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="toy is no network"):
        export_encoder(Toy(None), tmp_path / "toy.onnx")
    pytest.importorskip("onnxscript")
    with pytest.raises(StageError, match="cannot be written as ONNX"):
        export_encoder(Toy(Unfit()), tmp_path / "toy.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_an_encoder_without_a_network(tmp_path):
    from click.testing import CliRunner

    from wunderkammer.cli.main import wk

    words = ["export", "encoder", "--to", str(tmp_path / "x.onnx"), "--encoder", "colour-histogram"]
    with pytest.raises(ConfigurationError, match="colour-histogram is no network"):
        CliRunner().invoke(wk, words, catch_exceptions=False)
