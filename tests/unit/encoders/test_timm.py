import json

import numpy as np
import pytest

from tiny_checkpoints import MEAN, SIDE, STD, skip_without, write_timm
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.timm import Timm

IMAGES = list(np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    skip_without("timm")
    folder = tmp_path_factory.mktemp("timm")
    write_timm(folder)
    return folder


def loaded(root, **settings):
    encoder = Timm(**{"weights": "timm", "length": 24, **settings})
    encoder.load(Device(), root)
    return encoder


def test_vectors_are_what_the_model_hands_to_its_classifier(root):
    import timm
    import torch

    model = timm.create_model(f"local-dir:{root / 'timm'}", pretrained=True).eval()
    pixels = (torch.from_numpy(np.stack(IMAGES)) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.inference_mode():
        maps = model.forward_features(pixels.permute(0, 3, 1, 2).float())
        expected = model.forward_head(maps, pre_logits=True).numpy()
    np.testing.assert_allclose(loaded(root).encode(IMAGES), expected, rtol=1e-4, atol=1e-5)


def test_images_are_prepared_as_the_model_says_and_cropped_only_if_asked(root):
    whole = loaded(root).preparation()
    assert (whole.side_px, whole.interpolation, whole.fit) == (SIDE, "bilinear", "pad")
    assert whole.mean == tuple(MEAN)
    assert whole.std == tuple(STD)
    own = loaded(root, fit="own").preparation()
    assert (own.fit, own.shortest_px) == ("crop", SIDE / 0.8)


def test_the_files_decide_the_key_and_where_they_lie_does_not(root):
    encoder = loaded(root)
    assert set(encoder.files(root)) == {"config.json", "model.safetensors"}
    assert encoder.settings_digest() == Timm(weights="elsewhere", length=24).settings_digest()


def test_the_length_is_checked_and_the_right_one_named(root):
    with pytest.raises(StageError, match="gives vectors of 24, and length = 768") as caught:
        loaded(root, length=768)
    assert "features.encoder.length=24" in caught.value.hint


def test_weights_with_a_gap_are_refused_not_filled_at_random(root, tmp_path):
    from safetensors.torch import load_file, save_file

    state = load_file(root / "timm" / "model.safetensors")
    del state["blocks.0.attn.qkv.weight"]
    save_file(state, tmp_path / "model.safetensors")
    about = (root / "timm" / "config.json").read_text()
    (tmp_path / "config.json").write_text(about)
    with pytest.raises(StageError, match="cannot be read") as caught:
        loaded(tmp_path, weights=".")
    assert caught.value.hint == "Get the model's folder again, whole."


def test_one_file_of_weights_of_the_model_that_is_named(root, tmp_path):
    import timm
    from safetensors.torch import save_file

    model = timm.create_model("test_vit", num_classes=1000)
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    encoder = loaded(tmp_path, model="test_vit", weights="weights.safetensors", length=64)
    assert encoder.encode(IMAGES).shape == (2, 64)
    assert encoder.files(tmp_path) == {"weights": tmp_path / "weights.safetensors"}


def test_what_is_not_there_is_named(root, tmp_path):
    with pytest.raises(StageError, match="there is no file or folder"):
        loaded(tmp_path, weights="nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StageError, match=r"holds no config\.json"):
        loaded(tmp_path, weights="empty")
    with pytest.raises(StageError, match="no model is called 'resent18'") as caught:
        loaded(tmp_path, model="resent18", weights="")
    assert "resnet18" in caught.value.hint


def test_a_model_of_the_hub_is_called_as_there():
    assert Timm(model="hf-hub:owner/model").repository() == "owner/model"
    skip_without("timm")
    assert Timm(model="resnet18.a1_in1k").repository() == "timm/resnet18.a1_in1k"
    assert json.dumps(Timm().settings())
