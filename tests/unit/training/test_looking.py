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


def test_of_two_looks_either_can_doubt_and_sharp_edges_stay() -> None:
    fine = np.zeros((64, 40), np.float32)
    fine[10:30, 10:30] = fine[40:60, 10:30] = 1  # a specimen and a petal
    coarse = np.zeros((32, 20), np.float32)
    coarse[5:15, 5:15] = 1
    both = together(fine, coarse)
    assert both.shape == fine.shape
    assert ((both > 0.5)[:35] == (fine > 0.5)[:35]).mean() > 0.98
    assert not both[40:].any()
    assert half(512) == 256
