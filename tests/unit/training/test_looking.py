import numpy as np
import pytest

from wunderkammer.training.looking import as_input, half, letterboxed, together, unframed


@pytest.mark.parametrize("shape", [(300, 200), (1, 1), (37, 640), (64, 64)])
def test_a_frame_fits_the_network_and_holds_the_whole_image(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 200, np.uint8)
    frame, (height, width) = letterboxed(image, 128, 32)
    assert frame.shape[0] % 32 == frame.shape[1] % 32 == 0
    assert max(height, width) == 128
    assert (frame[:height, :width] == 200).all()
    assert (frame[height:] == 127).all()
    assert (frame[:, width:] == 127).all()


def test_frames_of_different_images_are_alike_when_they_are_square() -> None:
    shapes = {
        letterboxed(np.zeros((rows, 50, 3), np.uint8), 100, 32, square=True)[0].shape
        for rows in (20, 50, 90)
    }
    assert shapes == {(128, 128, 3)}


def test_grey_enters_as_zero() -> None:
    pixels = as_input(np.full((1, 32, 32, 3), 127, np.uint8), "cpu")
    assert pixels.shape == (1, 3, 32, 32)
    assert not pixels.any()


def test_what_was_seen_comes_back_to_its_place() -> None:
    image = np.zeros((90, 60, 3), np.uint8)
    image[30:60, 20:40] = 255
    frame, size = letterboxed(image, 64, 32)
    answer = frame[:, :, 0].astype(np.float32) / 255
    back = unframed(answer, size, (90, 60)) > 0.5
    assert back[32:58, 22:38].all()
    assert not back[:28].any()
    assert not back[:, :18].any()


def test_of_two_looks_either_can_doubt_what_is_not_too_thin_for_it() -> None:
    fine = np.zeros((512, 320), np.float32)
    specimen, petal, antenna = np.s_[80:240, 80:240], np.s_[320:480, 80:240], np.s_[20:78, 160:163]
    fine[specimen] = fine[petal] = fine[antenna] = 1
    coarse = np.zeros((256, 160), np.float32)
    coarse[40:120, 40:120] = 1
    both = together(fine, coarse) > 0.5
    assert both[specimen].mean() > 0.98
    assert both[petal].mean() < 0.01
    assert both[antenna].all(), "the coarse look cannot see it, and has no say"
    assert half(512) == 256
