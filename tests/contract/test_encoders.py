"""What every encoder promises, whatever the images."""

import pickle

import numpy as np
import pytest

from tiny_checkpoints import KINDS, written
from tiny_encoders import tiny, trained_in
from wunderkammer.core.device import Device
from wunderkammer.encoders import registry

DRAW = np.random.default_rng(0)
SHAPES = [(64, 64), (300, 200), (50, 400), (7, 3), (1, 1), (1, 90), (513, 512), (224, 224), (90, 1)]


def picture(height, width, seed):
    """Return a smooth picture of its own, so that no two vectors are alike."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    waves = [
        np.sin(rows * draw.uniform(1, 20) + columns * draw.uniform(1, 20) + draw.uniform(0, 6))
        for _ in range(3)
    ]
    return ((np.dstack(waves) + 1) * 127).astype(np.uint8)


IMAGES = [picture(*shape, seed) for seed, shape in enumerate(SHAPES)]


SETTINGS = {"trained": {"weights": "tiny", "length": 8}}
"""What an encoder cannot do without."""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collection")
    trained_in(folder, tiny("autoencoder", n_epochs=1), name="tiny")
    return folder


def loaded(name, root, n_threads=1):
    kind = KINDS.get(name) or registry.get(name)
    encoder = kind(**written(name, root), **SETTINGS.get(name, {}))
    encoder.load(Device("cpu", n_threads), root)
    return encoder


@pytest.fixture(scope="module", params=registry.names())
def encoder(request, root):
    return loaded(request.param, root)


@pytest.fixture(scope="module")
def vectors(encoder):
    return encoder.encode(IMAGES)


def test_one_float32_row_an_image_of_the_stated_length(encoder, vectors):
    assert vectors.shape == (len(IMAGES), encoder.n_features)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert vectors.flags.c_contiguous


def test_images_of_any_size_even_one_pixel_give_different_vectors(vectors):
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    assert distances[~np.eye(len(vectors), dtype=bool)].min() > 1e-3


def test_the_same_images_give_the_same_bytes(encoder, vectors):
    assert encoder.encode(IMAGES).tobytes() == vectors.tobytes()


def test_grouping_and_order_do_not_change_a_bit(encoder, vectors):
    alone = np.vstack([encoder.encode([image]) for image in IMAGES])
    assert alone.tobytes() == vectors.tobytes()
    threes = [encoder.encode(IMAGES[start : start + 3]) for start in range(0, len(IMAGES), 3)]
    assert np.vstack(threes).tobytes() == vectors.tobytes()
    order = DRAW.permutation(len(IMAGES))
    shuffled = encoder.encode([IMAGES[place] for place in order])
    assert shuffled.tobytes() == vectors[order].tobytes()


def test_the_number_of_threads_does_not_change_a_bit(encoder, vectors, root):
    other = loaded(encoder.name, root, n_threads=2)
    assert other.encode(IMAGES).tobytes() == vectors.tobytes()


def test_grey_images_are_taken(encoder):
    grey = np.repeat(DRAW.integers(0, 256, (40, 60, 1), np.uint8), 3, axis=2)
    flat = [np.full((30, 30, 3), value, np.uint8) for value in (0, 127, 255)]
    found = encoder.encode([grey, *flat])
    assert np.isfinite(found).all()
    assert len(np.unique(found, axis=0)) == 4


def test_views_that_are_not_contiguous_are_taken(encoder):
    turned = np.rot90(IMAGES[1])
    assert not turned.flags.c_contiguous
    same = np.ascontiguousarray(turned)
    assert (encoder.encode([turned]) == encoder.encode([same])).all()


def test_no_images_give_no_rows(encoder):
    assert encoder.encode([]).shape == (0, encoder.n_features)


def test_images_are_left_as_they_were(encoder):
    before = [image.copy() for image in IMAGES[:3]]
    encoder.encode(IMAGES[:3])
    assert all((one == other).all() for one, other in zip(before, IMAGES[:3], strict=True))


def test_more_pixels_than_it_looks_at_change_little(encoder):
    large = picture(4 * encoder.input_px, 3 * encoder.input_px, 5)
    import cv2

    small = cv2.resize(large, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    one, other = encoder.encode([large, small]).astype(float)
    assert one @ other > 0.995 * np.linalg.norm(one) * np.linalg.norm(other)


def test_a_loaded_encoder_travels_to_another_process(encoder, vectors):
    there = pickle.loads(pickle.dumps(encoder))
    assert there.settings_digest() == encoder.settings_digest()
    assert there.encode(IMAGES[:2]).tobytes() == vectors[:2].tobytes()
