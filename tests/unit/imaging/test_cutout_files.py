"""Cut-outs as files."""

import io

import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.cutout_files import WEBP_MOST_PX, decode_cutout, encode_cutout, size_of


@pytest.fixture(scope="module")
def rgba():
    """Return a smooth disc of colour with a soft edge."""
    rows, columns = np.mgrid[:200, :300]
    distance = np.hypot(rows - 100, columns - 150)
    alpha = np.clip((80 - distance) * 16 + 128, 0, 255)
    return np.dstack([rows, columns * 0.8, np.full_like(rows, 60), alpha]).astype(np.uint8)


def test_webp_is_small_and_close(rgba):
    content, suffix = encode_cutout(rgba, "webp", 90)
    assert suffix == ".webp"
    assert Image.open(io.BytesIO(content)).format == "WEBP"
    back = decode_cutout(content)
    np.testing.assert_array_equal(back, np.asarray(Image.open(io.BytesIO(content))))
    alpha = rgba[:, :, 3]
    assert (back[:, :, 3][alpha == 0] == 0).all()
    assert (back[:, :, 3][alpha == 255] == 255).all()
    assert np.abs(back[:, :, 3].astype(int) - alpha).max() <= 8
    inside = alpha > 200
    assert np.abs(back[inside].astype(int) - rgba[inside]).mean() < 4
    assert len(content) < len(encode_cutout(rgba, "png", 90)[0])


def test_png_loses_nothing(rgba):
    content, suffix = encode_cutout(rgba, "png", 1)
    assert suffix == ".png"
    np.testing.assert_array_equal(decode_cutout(content), rgba)


def test_what_webp_cannot_hold_becomes_png():
    long = np.zeros((2, WEBP_MOST_PX + 1, 4), np.uint8)
    assert encode_cutout(long, "webp", 90)[1] == ".png"


def test_a_photograph_is_opaque_throughout():
    out = io.BytesIO()
    Image.new("RGB", (8, 6), (10, 20, 30)).save(out, "PNG")
    back = decode_cutout(out.getvalue())
    assert back.shape == (6, 8, 4)
    assert (back == (10, 20, 30, 255)).all()


@pytest.mark.parametrize("content", [b"", b"<html>", "png", "webp"])
def test_what_is_no_image_is_said(rgba, content):
    if isinstance(content, str):
        content = encode_cutout(rgba, content, 90)[0]
        content = content[: len(content) // 2]
    with pytest.raises(ImageError, match="cut-out"):
        decode_cutout(content)


def test_the_size_is_known_without_decoding(rgba):
    assert size_of(encode_cutout(rgba, "webp", 90)[0]) == (300, 200)
    with pytest.raises(ImageError, match="cannot be read"):
        size_of(b"<html>")
