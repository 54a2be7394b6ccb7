import cv2
import numpy as np
import pytest

from printed import INK, PAPER, card, light_of, with_wing
from wunderkammer.imaging.print_lines import (
    for_print,
    ink_of_letters,
    light_of_paper,
    lines_of_print,
    print_meets,
)


def test_a_line_is_found_where_its_letters_stand():
    image, ink = card()
    (line,) = lines_of_print(light_of(image), np.zeros(ink.shape, bool))
    rows, columns = np.nonzero(ink)
    assert abs(line.start + line.slope * columns.mean() - rows.mean()) < 4
    assert abs(line.left - columns.min()) < 3
    assert abs(line.right - columns.max()) < 3


def test_there_are_no_lines_on_blank_paper():
    light = light_of(np.full((300, 400, 3), PAPER, np.uint8))
    assert not ink_of_letters(light).any()
    assert lines_of_print(light, np.zeros(light.shape, bool)) == []


def test_a_page_full_of_specks_is_no_print():
    grey = np.full((800, 800), 230, np.uint8)
    grey[8::20, 8::20] = 60
    light = light_of_paper(cv2.erode(grey, np.ones((9, 9), np.uint8)))
    assert lines_of_print(light, grey < 0) == []


def test_ink_of_letters_is_as_high_as_they_are_and_specks_are_not():
    image, ink = card()
    image[100:104, 100:104] = INK
    found = ink_of_letters(light_of(image))
    assert found[ink].mean() > 0.9
    assert not found[90:110, 90:110].any()


def test_print_meets_a_wing_across_it_at_any_size():
    image, wing = with_wing(card()[0])
    assert print_meets(image, wing)
    assert print_meets(cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), wing)
    assert print_meets(image, cv2.resize(wing.astype(np.uint8), (400, 250)) > 0)


@pytest.mark.parametrize("case", ["above", "behind a gap", "blank"])
def test_print_that_ends_before_a_specimen_does_not_meet_it(case):
    image = card()[0] if case != "blank" else np.full((500, 800, 3), PAPER, np.uint8)
    specimen = np.zeros(image.shape[:2], np.uint8)
    middle = (250, 120) if case == "above" else (700, 245)
    cv2.ellipse(specimen, middle, (60, 60), 0, 0, 360, 1, -1)
    image[specimen > 0] = INK
    assert not print_meets(image, specimen > 0)


def test_blotches_in_a_row_are_no_print():
    image, wing = with_wing(card()[0])
    rng = np.random.default_rng(3)
    grain = cv2.resize(rng.uniform(0.72, 1, (170, 270)), (800, 500), interpolation=cv2.INTER_LINEAR)
    blotched = (image * grain[:, :, None]).astype(np.uint8)
    assert lines_of_print(light_of(blotched), wing), "blotches may look like letters"
    assert print_meets(image, wing)
    assert not print_meets(blotched, wing)


def test_print_is_looked_for_on_a_copy_no_larger_than_the_image():
    assert for_print(np.zeros((1200, 1600, 3), np.uint8)).shape == (600, 800, 3)
    assert for_print(np.zeros((30, 40, 3), np.uint8)).shape == (30, 40, 3)
