import cv2
import numpy as np

from printed import INK, PAPER, WING, card, with_wing
from wunderkammer.imaging._print import letters_beside, without_print


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


def test_without_lines_nothing_goes():
    specimen = np.ones((300, 400), bool)
    assert not letters_beside(specimen, ~specimen, []).any()
    alpha = np.full((300, 400), 255, np.uint8)
    without_print(alpha, np.full((300, 400, 3), PAPER, np.uint8))
    assert alpha.all()
