import json

import numpy as np
import pytest

from tiny_checkpoints import MEAN, SIDE, STD, skip_without, write_transformers
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.transformers import Transformers

IMAGES = list(np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    skip_without("transformers")
    folder = tmp_path_factory.mktemp("transformers")
    write_transformers(folder)
    return folder


def loaded(root, **settings):
    encoder = Transformers(**{"weights": "transformers", "length": 16, **settings})
    encoder.load(Device(), root)
    return encoder


def test_vectors_are_the_models_own(root):
    import torch
    from transformers import Dinov2Model

    model = Dinov2Model.from_pretrained(root / "transformers").eval()
    pixels = (torch.from_numpy(np.stack(IMAGES)) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.inference_mode():
        answer = model(pixels.permute(0, 3, 1, 2).float())
    np.testing.assert_allclose(
        loaded(root).encode(IMAGES), answer.pooler_output, rtol=1e-4, atol=1e-5
    )
    cls = loaded(root, vector="cls").encode(IMAGES)
    np.testing.assert_allclose(cls, answer.last_hidden_state[:, 0], rtol=1e-4, atol=1e-5)


def test_images_are_prepared_as_the_model_says_and_cropped_only_if_asked(root):
    whole = loaded(root).preparation()
    assert (whole.side_px, whole.interpolation, whole.fit) == (SIDE, "bicubic", "pad")
    assert whole.std == tuple(STD)
    own = loaded(root, fit="own").preparation()
    assert (own.fit, own.shortest_px) == ("crop", 40)


@pytest.mark.parametrize(
    ("about", "fit", "side"),
    [
        ({"size": {"height": 64, "width": 64}, "resample": 2}, "squash", 64),
        ({"size": {"shortest_edge": 48}, "do_center_crop": False}, "crop", 48),
        ({"size": 256, "crop_size": 224, "do_center_crop": True}, "crop", 224),
        ({"size": {"height": 64, "width": 64}, "do_normalize": False}, "squash", 64),
    ],
)
def test_every_way_of_writing_a_preprocessor_is_read(about, fit, side):
    scaling = {"image_mean": MEAN, "image_std": STD}
    own = Transformers(fit="own")._prepares({**scaling, **about})
    assert (own.fit, own.side_px) == (fit, side)
    assert own.mean == (tuple(MEAN) if about.get("do_normalize", True) else (0, 0, 0))
    with pytest.raises(ValueError, match="only squares"):
        Transformers()._prepares({**scaling, "size": {"height": 3, "width": 4}})


def test_weights_with_a_gap_are_refused_not_filled_at_random(root, tmp_path):
    from safetensors.torch import load_file, save_file

    for file in (root / "transformers").glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    state = load_file(root / "transformers" / "model.safetensors")
    state = {name: value for name, value in state.items() if not name.startswith("layernorm")}
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(StageError, match=r"lack 2 tensors, such as layernorm\.bias"):
        loaded(tmp_path, weights=".")


def test_without_a_trained_pooler_the_first_token_is_offered():
    encoder = Transformers(weights="vit")
    with pytest.raises(StageError, match=r"such as pooler\.dense\.bias") as caught:
        encoder._refuse_gaps(["pooler.dense.bias", "pooler.dense.weight"])
    assert caught.value.hint == "Take the first token: vector = 'cls'."
    Transformers(weights="vit", vector="cls")._refuse_gaps(["pooler.dense.bias"])


def test_a_folder_that_does_not_say_how_images_are_prepared_is_refused(root, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "dinov2"}))
    with pytest.raises(StageError, match=r"holds no preprocessor_config\.json"):
        loaded(tmp_path, weights=".")
