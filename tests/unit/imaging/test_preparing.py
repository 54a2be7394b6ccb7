import numpy as np
import pytest
from PIL import Image

from wunderkammer.imaging.preparing import Preparation, prepared
from wunderkammer.imaging.resampling import pad_to_square, resize_to

NONE = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
PICTURE = np.random.default_rng(0).integers(0, 256, (40, 100, 3), np.uint8)


def how(side_px=32, **more):
    return Preparation(side_px, *NONE, **more)


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (7, 3), (32, 32), (300, 200)])
@pytest.mark.parametrize("fit", ["pad", "crop", "squash"])
@pytest.mark.parametrize("interpolation", ["area", "bilinear", "bicubic"])
def test_any_image_becomes_the_square(shape, fit, interpolation):
    image = np.full((*shape, 3), (10, 90, 200), np.uint8)
    found = prepared(image, how(fit=fit, interpolation=interpolation, shortest_px=36))
    assert found.shape == (32, 32, 3)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    assert (found[15, 15] == (10, 90, 200)).all()


def test_padding_keeps_all_of_a_wide_image_and_cropping_its_middle():
    marked = np.zeros((20, 80, 3), np.uint8)
    marked[:, :10], marked[:, -10:] = (255, 0, 0), (0, 0, 255)
    whole = prepared(marked, how(interpolation="nearest"))
    assert (whole[16, 1] == (255, 0, 0)).all()
    assert (whole[16, -2] == (0, 0, 255)).all()
    assert (whole[0] == 255).all(), "filled up above"
    assert not prepared(marked, how(fit="crop", interpolation="nearest")).any()


def test_squashing_is_pillows_resize_and_padding_too():
    squashed = prepared(PICTURE, how(fit="squash"))
    expected = Image.fromarray(PICTURE).resize((32, 32), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(squashed, np.asarray(expected))
    padded = prepared(PICTURE, how(interpolation="bilinear"))
    small = Image.fromarray(PICTURE).resize((32, 13), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(padded[9:22], np.asarray(small))


def test_cropping_takes_the_middle_of_the_shortest_side():
    found = prepared(PICTURE, how(fit="crop", shortest_px=40))
    np.testing.assert_array_equal(found, PICTURE[4:36, 34:66])


def test_by_area_it_is_the_mean_as_everywhere_else():
    expected = pad_to_square(resize_to(PICTURE, 32), (127, 127, 127))
    found = prepared(PICTURE, how(interpolation="area", padding="grey"))
    np.testing.assert_array_equal(found, expected)


def test_edge_padding_continues_a_plain_ground():
    plain = np.full((10, 40, 3), (30, 90, 40), np.uint8)
    assert (prepared(plain, how(padding="edge")) == (30, 90, 40)).all()


def test_it_is_described_as_json_values():
    import json

    described = json.loads(json.dumps(how(padding="edge").described()))
    assert described["side_px"] == 32
    assert described["padding"] == "edge"
    assert described["std"] == [1.0, 1.0, 1.0]
