import hashlib
from typing import ClassVar

import numpy as np
import pytest
import torch

from tiny_checkpoints import TinyVgg, vgg_state, write_vgg
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.vgg16_fc2 import Vgg16Fc2

IMAGES = list(np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), np.uint8))


def loaded(root, **settings):
    encoder = TinyVgg(**settings)
    encoder.load(Device(), root)
    return encoder


def test_safetensors_and_pth_give_the_same_vectors(tmp_path):
    from safetensors.torch import save_file

    encoder = loaded(tmp_path, **write_vgg(tmp_path))
    save_file(vgg_state(), tmp_path / "vgg16.safetensors")
    other = loaded(tmp_path, weights="vgg16.safetensors")
    vectors = encoder.encode(IMAGES)
    assert (other.encode(IMAGES) == vectors).all()
    assert encoder.settings_digest() == other.settings_digest(), "a path is context"
    assert encoder.files(tmp_path) == {"weights": tmp_path / "vgg16.pth"}


def test_pixels_are_scaled_as_the_weights_were_trained(tmp_path):
    encoder = loaded(tmp_path, **write_vgg(tmp_path))
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    pixels = (torch.from_numpy(np.stack(IMAGES)) / 255 - mean) / std
    with torch.inference_mode():
        expected = encoder.network()(pixels.permute(0, 3, 1, 2)).numpy()
    np.testing.assert_allclose(encoder.encode(IMAGES), expected, rtol=1e-4, atol=1e-5)


def test_wide_images_are_seen_whole_unless_cropped(tmp_path):
    settings = write_vgg(tmp_path)
    plain = np.full((60, 240, 3), 128, np.uint8)
    marked = plain.copy()
    marked[20:40, 220:] = (255, 0, 0)
    for fit, differs in (("pad", True), ("squash", True), ("crop", False)):
        one, other = loaded(tmp_path, **settings, fit=fit).encode([plain, marked])
        assert (one != other).any() == differs


def test_weights_that_are_missing_or_of_another_network_are_named(tmp_path):
    with pytest.raises(StageError, match=r"there is no file .*none\.pth") as caught:
        loaded(tmp_path, weights="none.pth")
    assert "collection's folder" in caught.value.hint
    torch.save({"fc.weight": torch.zeros(2)}, tmp_path / "resnet.pth")
    with pytest.raises(StageError, match=r"resnet\.pth cannot be read"):
        loaded(tmp_path, weights="resnet.pth")


def test_a_file_that_would_run_code_is_not_opened(tmp_path):
    import pickle

    class Evil:
        def __reduce__(self):
            return (print, ("run",))

    (tmp_path / "evil.pth").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(StageError, match="cannot be read"):
        loaded(tmp_path, weights="evil.pth")


def test_without_a_file_the_published_one_is_taken_from_torchs_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    home = tmp_path / "torch" / "hub" / "checkpoints"
    home.mkdir(parents=True)
    write_vgg(home)

    class Published(TinyVgg):
        address: ClassVar[str] = "http://127.0.0.1:9/vgg16.pth"
        sha256: ClassVar[str] = hashlib.sha256((home / "vgg16.pth").read_bytes()).hexdigest()

    encoder = Published()
    assert encoder.files(tmp_path) == {}
    write_vgg(tmp_path)
    expected = loaded(tmp_path, weights="vgg16.pth").encode(IMAGES)
    assert (encoder.encode(IMAGES) == expected).all()


def test_the_file_that_is_meant_is_the_one_its_name_speaks_of():
    assert Vgg16Fc2.sha256[:8] == Vgg16Fc2.address.rpartition("-")[2].removesuffix(".pth")
    assert Vgg16Fc2().n_features == 4096
