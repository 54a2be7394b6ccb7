import cv2
import numpy as np
import pytest

from wunderkammer.imaging.perceptual_hash import grey_square
from wunderkammer.imaging.registration import SIDE_PX, agreement


def label(number, words="BRITISH MUSEUM (N.H.)"):
    """Return a photograph of a typed label."""
    paper = np.full((600, 900, 3), 240, np.uint8)
    for line, text in enumerate([words, f"No. {number}", "det. A. Jones 1951", "Coll. Smith"]):
        cv2.putText(
            paper, text, (50, 120 + 120 * line), cv2.FONT_HERSHEY_DUPLEX, 2, (30, 30, 30), 4
        )
    noise = np.random.default_rng(number).normal(0, 2, paper.shape)
    return np.clip(paper + noise, 0, 255).astype(np.uint8)


def seen(pixels):
    return grey_square(pixels, SIDE_PX)


def test_a_copy_agrees_whole():
    first = seen(label(104231))
    found = agreement(first, first)
    assert found.correlation == pytest.approx(1)
    assert found.worst_patch == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "copy",
    [
        lambda pixels: cv2.resize(pixels, (300, 200), interpolation=cv2.INTER_AREA),
        lambda pixels: cv2.imdecode(cv2.imencode(".jpg", pixels, [1, 40])[1], cv2.IMREAD_COLOR),
        lambda pixels: (pixels * 0.8).astype(np.uint8),
        lambda pixels: pixels[6:-6, 9:-9],
        lambda pixels: pixels[12:, 18:],
    ],
    ids=["smaller", "quality 40", "darker", "margin trimmed", "corner trimmed"],
)
def test_altered_copies_agree(copy):
    original = label(104231)
    found = agreement(seen(original), seen(copy(original)))
    assert found.correlation > 0.96
    assert found.worst_patch < 0.1


@pytest.mark.parametrize("other", [104237, 117231, 104281])
def test_one_digit_of_a_label_is_a_patch_that_differs(other):
    found = agreement(seen(label(104231)), seen(label(other)))
    assert found.correlation > 0.9
    assert found.worst_patch > 0.1


def test_another_picture_and_a_turned_one_do_not_agree():
    first = seen(label(104231))
    assert agreement(first, seen(label(104231)[::-1, ::-1])).correlation < 0.5
    noise = np.random.default_rng(0).normal(128, 30, (SIDE_PX, SIDE_PX)).astype(np.float32)
    assert agreement(first, noise).correlation < 0.3


def test_a_picture_without_detail_agrees_with_nothing():
    flat = np.full((SIDE_PX, SIDE_PX), 200, np.float32)
    assert agreement(flat, flat).correlation == 0
    assert agreement(seen(label(1)), flat).correlation == 0
