import numpy as np
import pytest

from tiny_checkpoints import MEAN, SIDE, STD, skip_without, write_open_clip
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders.open_clip import OpenClip

IMAGES = list(np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    skip_without("open_clip")
    folder = tmp_path_factory.mktemp("open_clip")
    write_open_clip(folder)
    return folder


def loaded(root, **settings):
    encoder = OpenClip(**{"weights": "open_clip", "length": 12, **settings})
    encoder.load(Device(), root)
    return encoder


def test_vectors_are_the_models_image_embeddings(root):
    import open_clip
    import torch

    model = open_clip.create_model(f"local-dir:{root / 'open_clip'}").eval()
    pixels = (torch.from_numpy(np.stack(IMAGES)) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.inference_mode():
        expected = model.encode_image(pixels.permute(0, 3, 1, 2).float()).numpy()
    np.testing.assert_allclose(loaded(root).encode(IMAGES), expected, rtol=1e-4, atol=1e-5)


def test_images_are_prepared_as_the_model_says_and_cropped_only_if_asked(root):
    whole = loaded(root).preparation()
    assert (whole.side_px, whole.interpolation, whole.fit) == (SIDE, "bicubic", "pad")
    assert whole.mean == tuple(MEAN)
    assert loaded(root, fit="own").preparation().fit == "crop"


def test_the_length_is_checked_and_the_right_one_named(root):
    with pytest.raises(StageError, match="gives vectors of 12, and length = 768"):
        loaded(root, length=768)


def test_a_folder_without_weights_is_refused_not_drawn_at_random(root, tmp_path):
    config = "open_clip_config.json"
    (tmp_path / config).write_bytes((root / "open_clip" / config).read_bytes())
    with pytest.raises(StageError, match="cannot be read"):
        loaded(tmp_path, weights=".")
    with pytest.raises(StageError, match=r"holds no open_clip_config\.json"):
        loaded(tmp_path.parent, weights=".")


def test_bioclip_2_is_the_default():
    encoder = OpenClip()
    assert encoder.repository() == "imageomics/bioclip-2"
    assert encoder.n_features == 768
