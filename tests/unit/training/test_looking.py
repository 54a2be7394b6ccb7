import numpy as np
import pytest

from wunderkammer.training.looking import (
    around,
    as_input,
    half,
    known,
    letterboxed,
    nearby,
    put_back,
    together,
    unframed,
)


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


def seen_at(shape, *boxes) -> np.ndarray:
    chance = np.zeros(shape, np.float32)
    for top, left, bottom, right in boxes:
        chance[top:bottom, left:right] = 0.9
    return chance


def test_what_is_small_is_looked_at_again_with_ground_around_it() -> None:
    chance = seen_at((300, 400), (100, 200, 140, 300))
    rows, columns = nearby(chance, (600, 800, 3))
    assert (rows.start, rows.stop) == (2 * (100 - 35), 2 * (140 + 35))
    assert (columns.start, columns.stop) == (2 * (200 - 35), 2 * (300 + 35))


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [(100, 200, 140, 301)],
        [(10, 10, 40, 40), (250, 350, 280, 380)],
    ],
    ids=["nothing", "large", "far apart"],
)
def test_what_is_not_small_is_looked_at_once(boxes) -> None:
    assert nearby(seen_at((300, 400), *boxes), (300, 400)) is None


def test_a_speck_does_not_keep_from_a_closer_look() -> None:
    chance = seen_at((300, 400), (100, 200, 140, 240), (290, 390, 293, 393))
    assert nearby(chance, (300, 400)) == (slice(86, 154), slice(186, 254))


def test_the_part_ends_where_the_image_does() -> None:
    chance = seen_at((300, 400), (0, 360, 30, 400))
    assert nearby(chance, (300, 400)) == (slice(0, 44), slice(346, 400))


def test_a_closer_look_takes_its_place_and_is_as_fine_as_it_is() -> None:
    wide = seen_at((120, 160), (40, 60, 60, 80), (100, 10, 110, 20))
    part = (slice(330, 670), slice(530, 870))
    near = seen_at((512, 512), (128, 128, 384, 384))
    whole = put_back(wide, near, part, (1200, 1600))
    assert whole.shape == (1200, 1600), "no larger than the image"
    expected = np.zeros((1200, 1600), bool)
    expected[415:585, 615:785] = True
    assert (whole[330:670, 530:870] > 0.5).sum() == pytest.approx(170 * 170, rel=0.03)
    assert ((whole > 0.5)[330:670, 530:870] == expected[330:670, 530:870]).mean() > 0.99
    assert whole[1050, 150] == pytest.approx(0.9), "what lies elsewhere stays"


def test_the_map_of_a_closer_look_stays_small_for_a_huge_image() -> None:
    wide = seen_at((384, 512), (40, 60, 50, 70))
    part = nearby(wide, (18_000, 24_000))
    whole = put_back(wide, seen_at((512, 512), (150, 150, 360, 360)), part, (18_000, 24_000))
    assert max(whole.shape) == 2048


def test_thin_parts_that_were_seen_before_stay() -> None:
    wide = seen_at((400, 400), (150, 150, 200, 200), (170, 200, 172, 240))
    part = nearby(wide, (400, 400))
    blind = np.zeros((512, 512), np.float32)
    whole = put_back(wide, blind, part, (400, 400))
    assert whole[171, 220] > 0.5, "an antenna"
    assert whole[175, 175] < 0.5, "a card"


def test_what_is_seen_is_shown_with_ground_however_large_it_is() -> None:
    chance = seen_at((300, 400), (100, 100, 150, 300), (5, 5, 7, 7))
    assert around(chance, (600, 800)) == (slice(60, 440), slice(60, 740))
    assert nearby(chance, (600, 800)) is None
    assert around(seen_at((300, 400)), (600, 800)) is None


def test_print_that_was_taken_for_a_leg_goes_with_the_look_that_knows_it() -> None:
    wide = seen_at((400, 400), (150, 150, 200, 200), (170, 200, 172, 240))
    part = around(wide, (400, 400))
    whole = put_back(wide, np.zeros((512, 512), np.float32), part, (400, 400), thin_stays=False)
    assert not (whole > 0.5).any()


def test_a_piece_that_nothing_was_seen_of_before_is_not_known() -> None:
    wide = seen_at((400, 400), (150, 150, 200, 200)) + np.float32(0.01)
    near = seen_at((512, 512), (200, 200, 400, 300), (20, 20, 60, 60))
    part = (slice(200, 500), slice(200, 500))
    kept = known(near, wide, part, (800, 800))
    assert (kept[200:400, 200:300] == np.float32(0.9)).all(), "more of what was seen in part"
    assert kept[20:60, 20:60].max() < 0.02
