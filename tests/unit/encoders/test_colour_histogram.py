import numpy as np
import pytest

from wunderkammer.encoders.colour_histogram import ColourHistogram

HISTOGRAM = ColourHistogram()


def plain(colour, shape=(40, 40)):
    return np.full((*shape, 3), colour, np.uint8)


def distance(one, other, encoder=HISTOGRAM):
    return np.linalg.norm(np.subtract(*encoder.encode([one, other])))


def test_vectors_have_length_one():
    noise = np.random.default_rng(0).integers(0, 256, (6, 50, 70, 3), np.uint8)
    np.testing.assert_allclose(np.linalg.norm(HISTOGRAM.encode(list(noise)), axis=1), 1, rtol=1e-6)


def test_size_and_repetition_do_not_matter():
    np.testing.assert_allclose(
        *HISTOGRAM.encode([plain((200, 30, 30)), plain((200, 30, 30), (90, 5))])
    )


def test_near_colours_are_near_and_opposite_ones_apart():
    red, near_red, green = plain((200, 30, 30)), plain((206, 34, 30)), plain((30, 200, 30))
    assert distance(red, near_red) < 0.35
    assert distance(red, green) > 1.2
    assert distance(red, green) <= np.sqrt(2) + 1e-6


def test_colours_change_vectors_without_jumps():
    ramp = [plain((value, 120, 90)) for value in range(0, 256, 2)]
    steps = np.linalg.norm(np.diff(HISTOGRAM.encode(ramp), axis=0), axis=1)
    assert steps.max() < 0.45
    assert (steps > 0).all()


def test_where_a_colour_lies_counts_only_with_levels():
    top = np.vstack([plain((250, 250, 250), (30, 60)), plain((10, 10, 10), (30, 60))])
    flipped = top[::-1]
    assert distance(top, flipped, ColourHistogram(levels=1)) < 1e-6
    assert distance(top, flipped, ColourHistogram(levels=2)) > 0.5


@pytest.mark.parametrize(("levels", "parts"), [(1, 1), (2, 5), (3, 21)])
def test_the_length_follows_from_the_settings(levels, parts):
    encoder = ColourHistogram(lightness_bins=3, chroma_bins=4, levels=levels)
    assert encoder.n_features == 48 * parts
    assert encoder.encode([plain((1, 2, 3), (1, 1))]).shape == (1, 48 * parts)
