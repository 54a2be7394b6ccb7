import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wunderkammer.imaging._print import (
    ink_of_letters,
    letters_beside,
    light_of_paper,
    lines_of_print,
    without_print,
)

PAPER, INK, WING = (232, 226, 215), (60, 58, 60), (120, 85, 50)


def card(text="Collection National Museum", height=500, width=800):
    """Return a card with a line of print, and where its ink is."""
    drawn = Image.new("L", (width, height))  # OpenCV 4 and 5 have other letters
    font = ImageFont.load_default(24)
    ImageDraw.Draw(drawn).text((60, 250), text, 255, font, anchor="ls", stroke_width=0.5)
    ink = np.asarray(drawn)
    share = ink[:, :, None] / 255
    image = np.array(PAPER) * (1 - share) + np.array(INK) * share
    return image.astype(np.uint8), ink > 127


def with_wing(image, left=200, right=300):
    """Return it with a wing across the line, and where the wing is."""
    wing = np.zeros(image.shape[:2], np.uint8)
    middle, half = (left + right) // 2, (right - left) // 2
    cv2.ellipse(wing, (middle, 245), (half, 150), 0, 0, 360, 1, -1)
    image = np.where(wing[:, :, None] > 0, np.array(WING, np.uint8), image)
    return image, wing > 0


def light_of(image):
    """Return the share of the paper's light."""
    return light_of_paper(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def test_a_line_is_found_where_its_letters_stand():
    image, ink = card()
    (line,) = lines_of_print(light_of(image), np.zeros(ink.shape, bool))
    rows, columns = np.nonzero(ink)
    assert abs(line.start + line.slope * columns.mean() - rows.mean()) < 4
    assert abs(line.left - columns.min()) < 3
    assert abs(line.right - columns.max()) < 3


def test_letters_at_a_wing_are_taken_away_and_the_wing_stays():
    image, ink = card()
    image, wing = with_wing(image)
    near = cv2.dilate(wing.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    alpha = np.where(wing | (ink & near), 255, 0).astype(np.uint8)
    without_print(alpha, image)
    beside = ink & ~(cv2.dilate(wing.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    assert not alpha[beside].any()
    assert (alpha[wing] == 255).mean() > 0.995


def test_letters_go_behind_others_that_have_grown_together():
    image, ink = card("Collection U. S. National Museum")
    columns = np.flatnonzero(ink.any(axis=0))
    low, high = np.quantile(columns, [0.35, 0.85]).astype(int)
    image[245:248, low:high] = INK  # a stroke through them: no letters by themselves any more
    image, wing = with_wing(image, columns.max() - 20, columns.max() + 90)
    near = cv2.dilate(wing.astype(np.uint8), np.ones((41, 41), np.uint8)) > 0
    alpha = np.where(wing | (ink & near), 255, 0).astype(np.uint8)
    without_print(alpha, image)
    beside = ink & ~(cv2.dilate(wing.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    assert not alpha[beside].any()
    assert (alpha[wing] == 255).mean() > 0.995


def test_a_leg_across_the_line_stays():
    image, wing = with_wing(card()[0])
    leg = np.zeros(wing.shape, np.uint8)
    cv2.polylines(leg, [np.array([(290, 200), (330, 240), (320, 330)])], False, 1, 4)
    image[leg > 0] = INK
    alpha = np.where(wing | (leg > 0), 255, 0).astype(np.uint8)
    before = alpha.copy()
    without_print(alpha, image)
    assert (alpha == before).all()


def test_print_of_a_label_further_off_changes_nothing():
    image, ink = card("Museum", width=900)
    leg = np.zeros(ink.shape, np.uint8)
    cv2.ellipse(leg, (600, 245), (60, 40), 0, 0, 360, 1, -1)
    cv2.line(leg, (400, 245), (550, 245), 1, 4)
    image[leg > 0] = WING
    alpha = leg * np.uint8(255)
    without_print(alpha, image)
    assert (alpha == leg * 255).all()


def test_without_print_there_are_no_lines_and_nothing_goes():
    image = np.full((300, 400, 3), PAPER, np.uint8)
    light = light_of(image)
    specimen = np.ones(light.shape, bool)
    assert not ink_of_letters(light).any()
    assert lines_of_print(light, ~specimen) == []
    assert not letters_beside(specimen, ~specimen, []).any()


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
