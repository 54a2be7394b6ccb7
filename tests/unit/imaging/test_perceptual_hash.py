import cv2
import numpy as np
import pytest

from wunderkammer.imaging.perceptual_hash import (
    N_BITS,
    contrast,
    dct_hash,
    distance,
    grey_square,
)


def picture(seed, height=300, width=420):
    """Return smooth blobs of colour: something with all frequencies, most of them low."""
    noise = np.random.default_rng(seed).normal(0, 1, (12, 16, 3)).astype(np.float32)
    blobs = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 45 * blobs, 0, 255).astype(np.uint8)


def wave(row, column):
    """Return a picture that is one cosine: half waves down and across."""
    y, x = np.mgrid[:256, :256]
    down = np.cos(np.pi * row * (2 * y + 1) / 512)
    across = np.cos(np.pi * column * (2 * x + 1) / 512)
    grey = np.rint(128 + 100 * down * across).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def test_a_wave_sets_the_bit_of_its_frequency():
    bits = [np.unpackbits(dct_hash(wave(*place))) for place in ((0, 1), (1, 0), (1, 1))]
    assert [int(np.argmax(one)) for one in bits] == [0, 1, 2]
    assert np.unpackbits(dct_hash(255 - wave(1, 1)))[2] == 0


def test_it_has_256_bits_about_half_of_them_set():
    found = dct_hash(picture(0))
    assert found.shape == (N_BITS // 8,)
    assert found.dtype == np.uint8
    assert 80 < np.unpackbits(found).sum() < 176


def test_light_and_colour_of_a_flat_image_set_no_bit():
    for colour in ((255, 255, 255), (12, 200, 90)):
        assert not dct_hash(np.full((80, 60, 3), colour, np.uint8)).any()


@pytest.mark.parametrize("seed", range(5))
def test_copies_are_near_and_other_pictures_are_not(seed):
    original = picture(seed)
    small = cv2.resize(original, (140, 100), interpolation=cv2.INTER_AREA)
    coarse = cv2.imdecode(
        cv2.imencode(".jpg", original, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR
    )
    brighter = np.clip(original * 1.1, 0, 255).astype(np.uint8)
    for copy in (small, coarse, brighter):
        assert distance(dct_hash(original), dct_hash(copy)) <= 12
    assert distance(dct_hash(original), dct_hash(picture(seed + 100))) > 80
    assert distance(dct_hash(original), dct_hash(original[:, ::-1])) > 80


def test_distance_counts_bits():
    none, all_ = np.zeros(32, np.uint8), np.full(32, 255, np.uint8)
    one = none.copy()
    one[7] = 0b1000_0001
    assert [distance(none, other) for other in (none, one, all_)] == [0, 2, 256]


def test_contrast_is_that_of_the_reduced_image():
    half = np.zeros((128, 128, 3), np.uint8)
    half[:, 64:] = 255
    assert contrast(half) == pytest.approx(127.5)
    assert contrast(np.full((50, 50, 3), 240, np.uint8)) == 0
    grain = np.random.default_rng(0).integers(0, 2, (640, 640, 1), np.uint8) * 20
    assert contrast(np.repeat(grain, 3, axis=2)) < 1.5


def test_the_square_is_a_mean_over_areas_and_grows_where_it_must():
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[::2] = 200
    assert grey_square(stripes, 64) == pytest.approx(100)
    assert grey_square(stripes[:9, :5], 64).shape == (64, 64)
