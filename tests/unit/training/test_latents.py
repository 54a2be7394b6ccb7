"""What an autoencoder paints: codes come back as they were, and lines are straight."""

import numpy as np
import pytest

from tiny_encoders import stripes, tiny, trained_in
from wunderkammer.core.errors import StageError
from wunderkammer.training.latents import (
    Latents,
    between,
    likeness,
    most_variable,
    traversal,
)
from wunderkammer.training.trained_encoder import TrainedEncoder

CODES = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32) * [3, 1, 1, 1, 5, 1]


@pytest.fixture(scope="module", params=["autoencoder", "vae"])
def latents(request, tmp_path_factory):
    """Return the latents of an autoencoder of each kind."""
    made = trained_in(tmp_path_factory.mktemp("trained"), tiny(request.param, n_epochs=1))
    return Latents(TrainedEncoder.read(made.folder))


def test_pictures_have_the_networks_side_and_codes_do_not_depend_on_their_company(latents):
    squares = latents.squares([stripes(k) for k in range(40)])
    assert squares.shape == (40, 32, 32, 3)
    assert squares.dtype == np.uint8
    codes = latents.codes(squares)
    assert codes.shape == (40, 8)
    assert np.allclose(latents.codes(squares[7:8]), codes[7:8], atol=1e-4)
    made = latents.pictures(codes)
    assert made.shape == squares.shape
    assert made.dtype == np.uint8
    assert (latents.pictures(codes) == made).all()


def test_codes_are_the_features_of_the_same_encoder(latents):
    squares = latents.squares([stripes(k) for k in range(3)])
    import torch

    features = latents._encoder.features(torch.from_numpy(squares).permute(0, 3, 1, 2))
    if not latents._encoder.network.before_code:
        assert np.allclose(features.numpy(), latents.codes(squares), atol=1e-5)


def test_a_picture_is_most_like_itself():
    squares = np.stack([stripes(k)[:30, :30] for k in range(4)])
    [itself, *_] = likeness(squares, squares)
    assert itself.error == 0
    assert itself.similarity == pytest.approx(1)
    assert all(one.similarity < 0.9 for one in likeness(squares, squares[::-1].copy()))
    white = np.full((1, 20, 20, 3), 255, np.uint8)
    assert likeness(white, np.zeros_like(white))[0].error == 1


def test_a_line_begins_and_ends_at_the_media():
    line = between(CODES[0], CODES[1], 5)
    assert np.allclose(line[[0, -1]], CODES[:2])
    assert np.allclose(line[2], CODES[:2].mean(axis=0), atol=1e-6)


def test_a_traversal_moves_one_latent_alone():
    found = traversal(CODES, 4, 7, reach=2)
    assert np.allclose(np.delete(found, 4, axis=1), np.delete(CODES.mean(axis=0), 4), atol=1e-6)
    steps = (found[:, 4] - CODES[:, 4].mean()) / CODES[:, 4].std()
    assert np.allclose(steps, np.linspace(-2, 2, 7), atol=1e-4)


def test_channels_are_ranked_by_variance():
    assert most_variable(CODES, 2) == [4, 0]


def test_an_encoder_without_a_decoder_says_what_would_paint(tmp_path):
    made = trained_in(tmp_path, tiny("simclr", n_epochs=1))
    with pytest.raises(StageError, match="'simclr' makes no pictures") as caught:
        Latents(TrainedEncoder.read(made.folder))
    assert "autoencoder or vae" in caught.value.hint
