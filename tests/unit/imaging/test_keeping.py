import cv2
import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.keeping import KeepRule, specimens
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.testing import SpecimenGenerator

PAPER, GROUND = (236, 232, 222), (150, 160, 170)
RULE = KeepRule()


def scene(height=200, width=300):
    """Return a photograph of nothing, slightly grainy, and probabilities of nothing."""
    grain = np.random.default_rng(0).integers(-4, 5, (height, width, 1))
    image = (np.full((height, width, 3), GROUND) + grain).astype(np.uint8)
    return image, np.zeros((height, width), np.float32)


def draw(scene, paint, colour, probability=0.95):
    """Paint a shape on the photograph and make it as probable as told; return where it is."""
    image, seen = scene
    stencil = np.zeros(seen.shape, np.uint8)
    paint(stencil)
    where = stencil > 0
    grain = np.random.default_rng(1).integers(-25, 26, (*seen.shape, 3))
    image[where] = np.clip(np.array(colour) + grain, 0, 255)[where]
    seen[where] = probability
    return where


def insect(x, y, size=30, legs=True):
    """Return what paints an insect from above, about 2.6 sizes high."""

    def paint(stencil):
        cv2.ellipse(stencil, (x, y), (size // 2, size), 0, 0, 360, 1, -1)
        cv2.circle(stencil, (x, y - size), size // 3, 1, -1)
        for side in (-1, 1):
            for dy in (-size // 2, 0, size // 2) if legs else ():
                cv2.line(stencil, (x, y + dy), (x + side * size, y + dy + size // 4), 1, 2)

    return paint


def wing(x, y, side, size=40):
    """Return what paints one pair of wings, left or right of a body at x."""

    def paint(stencil):
        upper = [(x, y), (x + side * 2 * size, y - size), (x + side * 2 * size, y - size // 4)]
        lower = [(x, y), (x + side * 3 * size // 2, y + size), (x + side * size // 3, y + size)]
        cv2.fillPoly(stencil, [np.array(upper), np.array(lower)], 1)

    return paint


def rectangle(left, top, width, height):
    return lambda stencil: stencil.__setitem__(
        (slice(top, top + height), slice(left, left + width)), 1
    )


def reasons(kept):
    return [part.reason for part in kept.dropped]


BROWN, BLACK = (90, 60, 40), (30, 28, 30)


def test_an_insect_with_its_legs_is_kept_whole():
    image, seen = scene()
    where = draw((image, seen), insect(150, 100), BROWN)
    kept = specimens(seen, image, RULE)
    assert len(kept.masks) == 1
    assert (kept.masks[0] == where).all()
    assert kept.touches_border == [0.0]
    assert kept.dropped == []


def test_labels_rulers_and_colour_cards_are_dropped_whatever_their_probability():
    image, seen = scene(240, 320)
    where = draw((image, seen), insect(80, 90), BROWN)
    draw((image, seen), rectangle(180, 20, 90, 50), PAPER, 1)
    image[28:62:6, 190:260] = 40
    draw((image, seen), rectangle(20, 205, 260, 22), PAPER, 1)
    image[205:213, 25:275:5] = 20
    draw((image, seen), rectangle(190, 120, 96, 24), PAPER, 1)
    hues = [(220, 40, 40), (40, 160, 60), (40, 60, 200), (230, 210, 30), (200, 60, 190)]
    for place, colour in enumerate([*hues, (60, 190, 200)]):
        image[120:144, 190 + 16 * place : 206 + 16 * place] = colour
    kept = specimens(seen, image, RULE)
    assert len(kept.masks) == 1
    assert (kept.masks[0] == where).all()
    assert sorted(reasons(kept)) == ["colour card", "label", "ruler"]
    label = next(part for part in kept.dropped if part.reason == "label")
    assert (label.left, label.top, label.width, label.height) == (180, 20, 90, 50)
    assert label.area == 90 * 50


def test_with_furniture_allowed_a_label_is_a_specimen():
    image, seen = scene()
    draw((image, seen), rectangle(50, 50, 120, 80), PAPER)
    assert specimens(seen, image, RULE).masks == []
    assert len(specimens(seen, image, KeepRule(furniture=False)).masks) == 1


def test_a_round_label_is_dropped_beside_an_insect_and_kept_alone():
    image, seen = scene()
    draw((image, seen), lambda s: cv2.circle(s, (240, 60), 25, 1, -1), PAPER)
    assert len(specimens(seen, image, RULE).masks) == 1
    where = draw((image, seen), insect(100, 100), BROWN)
    kept = specimens(seen, image, RULE)
    assert [(mask == where).all() for mask in kept.masks] == [True]
    assert reasons(kept) == ["label"]


def test_a_loose_leg_nearby_is_kept_and_a_crumb_far_away_is_dropped():
    image, seen = scene()
    where = draw((image, seen), insect(100, 100), BROWN)
    where |= draw((image, seen), lambda s: cv2.line(s, (137, 130), (150, 150), 1, 3), BROWN)
    draw((image, seen), lambda s: cv2.line(s, (270, 20), (285, 40), 1, 4), BROWN)
    draw((image, seen), rectangle(280, 190, 2, 2), BROWN)
    kept = specimens(seen, image, RULE)
    assert len(kept.masks) == 1
    assert (kept.masks[0] == where).all()
    assert reasons(kept) == ["far away", "too small"]
    assert specimens(seen, image, KeepRule(reach=0)).masks[0].sum() < where.sum()


@pytest.mark.parametrize("apart", [4, 14, 30])
def test_two_wings_without_a_body_are_one_specimen(apart):
    image, seen = scene()
    draw((image, seen), wing(150 - apart // 2, 100, -1), BROWN)
    draw((image, seen), wing(150 + apart // 2, 100, 1), BROWN)
    assert len(specimens(seen, image, RULE).masks) == 1


def test_a_body_with_four_wings_apart_is_one_specimen():
    image, seen = scene()
    draw((image, seen), lambda s: cv2.ellipse(s, (150, 100), (6, 40), 0, 0, 360, 1, -1), BROWN)
    for side in (-1, 1):
        for y in (70, 110):
            centre = (150 + side * 50, y)
            draw(
                (image, seen),
                lambda s, c=centre: cv2.ellipse(s, c, (38, 12), 0, 0, 360, 1, -1),
                BROWN,
            )
    assert len(specimens(seen, image, RULE).masks) == 1


def test_dorsal_over_ventral_become_two_from_top_to_bottom():
    image, seen = scene(400, 260)
    wholes = []
    for y in (90, 290):
        parts = [wing(130, y, -1), wing(130, y, 1), insect(130, y, 24)]
        wholes.append(np.any([draw((image, seen), part, BROWN) for part in parts], axis=0))
    kept = specimens(seen, image, RULE)
    assert len(kept.masks) == 2
    assert all(iou(mask, whole) > 0.999 for mask, whole in zip(kept.masks, wholes, strict=True))
    one = specimens(seen, image, KeepRule(several=False))
    assert len(one.masks) == 1
    assert reasons(one) == ["not the main one"]


def test_a_drawer_is_read_row_by_row_from_left_to_right():
    image, seen = scene(300, 400)
    places = [(60, 74), (190, 60), (330, 66), (70, 220), (200, 228), (320, 214)]
    for x, y in places:
        draw((image, seen), insect(x, y), BROWN)
    kept = specimens(seen, image, RULE)
    centres = [np.argwhere(mask).mean(axis=0)[::-1] for mask in kept.masks]
    assert np.abs(np.array(centres) - places).max() < 10


def test_small_holes_and_pale_spots_are_filled_and_gaps_are_kept():
    image, seen = scene()
    ring = draw((image, seen), lambda s: cv2.circle(s, (100, 100), 60, 1, -1), BROWN)
    gap = np.zeros_like(ring)
    gap[70:95, 70:95] = True
    image[gap], seen[gap] = GROUND, 0
    spot = np.zeros_like(ring)
    spot[110:130, 90:115] = True
    image[spot], seen[spot] = (240, 225, 160), 0.3
    seen[100:102, 140:142] = 0
    kept = specimens(seen, image, RULE).masks[0]
    assert (kept == (ring & ~gap)).all()


def test_a_gap_in_the_shadow_of_the_specimen_is_kept():
    image, seen = scene()
    ring = draw((image, seen), lambda s: cv2.circle(s, (100, 100), 60, 1, -1), BROWN)
    gap = np.zeros_like(ring)
    gap[70:95, 70:95] = True
    image[gap], seen[gap] = [value * 7 // 10 for value in GROUND], 0
    assert (specimens(seen, image, RULE).masks[0] == (ring & ~gap)).all()


def test_a_faint_antenna_is_followed_and_a_faint_shadow_is_not():
    image, seen = scene()
    where = draw((image, seen), insect(150, 120), BROWN)
    antenna = draw((image, seen), lambda s: cv2.line(s, (152, 84), (190, 30), 1, 2), BLACK, 0.3)
    shadow = draw((image, seen), rectangle(120, 152, 60, 30), (120, 125, 130), 0.3)
    seen[where] = 0.95
    kept = specimens(seen, image, RULE).masks[0]
    assert (kept & antenna).sum() > 0.95 * antenna.sum()
    assert not (kept & shadow & ~where)[160:].any()


def test_what_leaves_the_photograph_is_told():
    image, seen = scene()
    draw((image, seen), insect(150, 180), BROWN)
    kept = specimens(seen, image, RULE)
    assert 0.05 < kept.touches_border[0] < 0.5
    draw((image, seen), insect(60, 60), BROWN)
    kept = specimens(seen, image, RULE)
    assert [touching > 0 for touching in kept.touches_border] == [False, True]


def test_the_edge_of_a_tray_beside_an_insect_is_no_specimen():
    image, seen = scene()
    where = draw((image, seen), insect(150, 90), BROWN)
    draw((image, seen), lambda s: cv2.circle(s, (20, 200), 45, 1, -1), (60, 50, 45))
    kept = specimens(seen, image, RULE)
    assert [(mask == where).all() for mask in kept.masks] == [True]
    assert reasons(kept) == ["on the border"]


def test_where_nothing_is_probable_nothing_is_kept():
    image, seen = scene()
    kept = specimens(seen, image, RULE)
    assert (kept.masks, kept.touches_border, kept.dropped) == ([], [], [])
    full = specimens(np.ones_like(seen), image, KeepRule(furniture=False))
    assert full.masks[0].all()
    assert full.touches_border == [1.0]


def test_sizes_that_differ_are_named():
    image, seen = scene()
    with pytest.raises(ImageError, match=r"300 x 100 pixels, and the photograph 300 x 200"):
        specimens(seen[:100], image, RULE)


@pytest.mark.parametrize("kind", ["butterfly", "moth", "beetle"])
def test_of_a_synthetic_specimen_nothing_is_lost_and_its_labels_go(kind):
    generator = SpecimenGenerator(seed=3, size_px=640, kinds=(kind,), bad_share=0)
    for index in range(4):
        specimen = generator.specimen(index)
        scale = 320 / max(specimen.mask.shape)
        size = [round(edge * scale) for edge in specimen.mask.shape[::-1]]
        image = cv2.resize(specimen.image, size, interpolation=cv2.INTER_AREA)
        seen = cv2.resize(specimen.mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        truth = seen >= 0.5
        kept = specimens(cv2.GaussianBlur(seen, (0, 0), 0.6), image, RULE)
        assert len(kept.masks) == 1
        assert iou(kept.masks[0], truth) > 0.97
