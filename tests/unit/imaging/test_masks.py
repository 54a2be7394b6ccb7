import io

import cv2
import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.masks import (
    as_grey,
    confidence,
    decode_mask,
    encode_mask,
    from_grey,
    resize_mask,
)

TRUTH = np.zeros((9, 14), bool)
TRUTH[2:6, 3:11] = True
WHITE = np.where(TRUTH, 255, 0).astype(np.uint8)


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def rgba(colour, alpha):
    return Image.fromarray(np.dstack([*colour, alpha]).astype(np.uint8), "RGBA")


def palette(colours, places):
    image = Image.fromarray(places.astype(np.uint8), "P")
    image.putpalette(colours)
    return image


NOISE = np.random.default_rng(0).integers(60, 200, (3, *TRUTH.shape))
MODES = {
    "one bit": Image.fromarray(TRUTH),
    "grey": Image.fromarray(WHITE),
    "grey that stops at 200": Image.fromarray((WHITE * 0.8).astype(np.uint8)),
    "zero and one": Image.fromarray(TRUTH.astype(np.uint8)),
    "sixteen bits": Image.fromarray(np.where(TRUTH, 65535, 0).astype(np.uint16)),
    "sixteen bits that hold eight": Image.fromarray(WHITE.astype(np.uint16)),
    "colour": Image.fromarray(np.dstack([WHITE] * 3)),
    "red on black": Image.fromarray(np.dstack([WHITE, 0 * WHITE, 0 * WHITE])),
    "palette": palette([0, 0, 0, 255, 255, 255], TRUTH),
    "palette the other way round": palette([255, 255, 255, 0, 0, 0], ~TRUTH),
    "grey with alpha": Image.fromarray(np.dstack([WHITE, 0 * WHITE + 255]), "LA"),
    "white brush on nothing": rgba([0 * WHITE + 255] * 3, WHITE),
    "white brush on transparent black": rgba([WHITE] * 3, WHITE),
    "black brush on nothing": rgba([0 * WHITE] * 3, WHITE),
    "cut-out": rgba(NOISE, WHITE),
    "opaque": rgba([WHITE] * 3, 0 * WHITE + 255),
    "white and black, partly erased": rgba(
        [WHITE] * 3, np.where(np.arange(14) > 11, 0, 255) + 0 * WHITE
    ),
}


@pytest.mark.parametrize("name", MODES)
def test_a_mask_is_read_from_an_image_of_any_mode(name):
    found = decode_mask(png(MODES[name]))
    assert found.dtype == bool
    assert (found == TRUTH).all()


def test_what_is_written_is_read_again_and_is_small():
    draw = np.random.default_rng(1)
    for shape in [(1, 1), (7, 3), (64, 65), (1, 90)]:
        mask = draw.random(shape) < 0.5
        assert (decode_mask(encode_mask(mask)) == mask).all()
    assert len(encode_mask(np.ones((1000, 1000), bool))) < 2000
    with Image.open(io.BytesIO(encode_mask(TRUTH))) as image:
        assert image.mode == "1"


def test_an_empty_mask_is_no_error():
    assert not decode_mask(encode_mask(np.zeros((5, 6), bool))).any()
    assert not decode_mask(png(Image.new("RGBA", (6, 5)))).any()


def test_a_photograph_is_no_mask():
    photograph = Image.fromarray(np.dstack(NOISE).astype(np.uint8))
    with pytest.raises(ImageError, match=r"no mask: \d+% of its pixels") as caught:
        decode_mask(png(photograph))
    assert "white on the specimen" in caught.value.hint


BROKEN_OFF = encode_mask(np.random.default_rng(5).random((90, 90)) < 0.5)[:600]


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", BROKEN_OFF])
def test_what_is_broken_off_or_no_image_is_refused(content):
    with pytest.raises(ImageError) as caught:
        decode_mask(content)
    assert caught.value.hint


def test_a_bomb_is_refused_before_it_is_decoded():
    with pytest.raises(ImageError, match=r"14 x 9 pixels, and 100 are allowed"):
        decode_mask(png(MODES["grey"]), max_pixels=100)


def test_larger_and_back_again_changes_nothing():
    draw = np.random.default_rng(2)
    mask = draw.random((20, 30)) < 0.4
    large = resize_mask(mask, 60, 90)
    assert large.shape == (60, 90)
    assert (large[1::3, 1::3] == mask).all()
    assert (resize_mask(large, 20, 30) == mask).all()
    assert resize_mask(mask, 20, 30) is mask


def test_made_smaller_half_of_the_area_decides():
    mask = np.zeros((4, 6), bool)
    mask[:, 1:3] = True
    mask[0, 4] = True
    assert resize_mask(mask, 2, 3).tolist() == [[True, True, False]] * 2


def test_confidence_is_the_expected_overlap():
    certain = np.where(TRUTH, 1, 0).astype(np.float32)
    assert confidence(certain) == 1.0
    assert confidence(np.zeros((3, 3), np.float32)) == 0.0
    halves = np.full((4, 4), 0.5, np.float32)
    assert confidence(halves) == 0.5
    halves[0] = 0.25
    assert confidence(halves) == pytest.approx(6 / (12 + 1))


def test_confidence_is_the_mean_overlap_of_truths_drawn_from_it():
    draw = np.random.default_rng(3)
    probability = draw.beta(0.4, 0.6, (100, 100)).astype(np.float32)
    inside = probability >= 0.5
    overlaps = []
    for _ in range(30):
        truth = draw.random(probability.shape) < probability
        overlaps.append((truth & inside).sum() / (truth | inside).sum())
    assert confidence(probability) == pytest.approx(np.mean(overlaps), abs=0.003)


def test_probabilities_survive_as_grey_to_half_a_step():
    probability = np.random.default_rng(4).random((30, 20)).astype(np.float32)
    back = from_grey(as_grey(probability))
    assert back.dtype == np.float32
    assert np.abs(back - probability).max() <= 0.5 / 255 + 1e-6
    assert (from_grey(as_grey(np.float32([[0, 1]]))) == [[0, 1]]).all()
    assert cv2.imdecode(np.frombuffer(as_grey(probability), np.uint8), -1).dtype == np.uint8


@pytest.mark.parametrize("content", [b"", b"nothing"])
def test_no_probabilities_are_refused(content):
    with pytest.raises(ImageError, match="no PNG of probabilities"):
        from_grey(content)
