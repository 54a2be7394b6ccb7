import cv2
import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging import matting
from wunderkammer.imaging._strips import strips
from wunderkammer.imaging.keeping import KeepRule, specimens
from wunderkammer.imaging.mask_agreement import boundary_f, iou, thin_part_recall
from wunderkammer.imaging.masks import resize_mask
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.testing import SpecimenGenerator

GROUND = (205, 200, 190)


def photograph(height=480, width=640, paint=None):
    """Return a brown figure on a grainy ground, and where it is."""
    draw = np.random.default_rng(0)
    truth = np.zeros((height, width), np.uint8)
    paint = paint or (lambda canvas: cv2.ellipse(canvas, (320, 240), (110, 150), 20, 0, 360, 1, -1))
    paint(truth)
    image = np.where(truth[:, :, None] > 0, np.array((85, 60, 45)), np.array(GROUND))
    image = image + draw.integers(-5, 6, image.shape)
    return image.astype(np.uint8), truth > 0


def seen(truth, longest=160, blur=0.8):
    """Return what a network of some resolution sees of it."""
    scale = longest / max(truth.shape)
    size = [round(edge * scale) for edge in truth.shape[::-1]]
    small = cv2.resize(truth.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), blur) if blur else small


def test_alpha_follows_the_edge_of_the_photograph_not_of_the_probabilities():
    image, truth = photograph()
    probability = seen(truth)
    alpha = soft_alpha(probability, image, probability >= 0.5)
    assert alpha.dtype == np.uint8
    assert alpha.shape == truth.shape
    assert boundary_f(alpha > 127, truth, 1) > 0.99
    rough = cv2.resize(probability, truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    assert np.abs(alpha / 255 - truth).sum() < 0.25 * np.abs(rough - truth).sum()


def test_well_inside_it_is_opaque_and_well_outside_it_is_nothing():
    image, truth = photograph()
    probability = seen(truth)
    alpha = soft_alpha(probability, image, probability >= 0.5)
    outer = cv2.distanceTransform((~truth).astype(np.uint8), cv2.DIST_L2, 5)
    inner = cv2.distanceTransform(truth.astype(np.uint8), cv2.DIST_L2, 5)
    assert (alpha[inner > 16] == 255).all()
    assert (alpha[outer > 8] == 0).all()


def test_away_from_what_is_kept_nothing_appears_however_probable():
    image, truth = photograph(
        paint=lambda canvas: [cv2.circle(canvas, (x, 240), 90, 1, -1) for x in (150, 480)]
    )
    probability = seen(truth)
    keep = probability >= 0.5
    keep[:, 80:] = False
    alpha = soft_alpha(probability, image, keep)
    assert alpha[:, 320:].max() == 0
    assert iou(alpha[:, :320] > 127, truth[:, :320]) > 0.99


def test_an_antenna_thinner_than_a_pixel_of_the_probabilities_is_kept():
    def paint(canvas):
        cv2.ellipse(canvas, (320, 300), (60, 110), 0, 0, 360, 1, -1)
        cv2.line(canvas, (310, 200), (290, 178), 1, 2)
        cv2.line(canvas, (330, 200), (350, 178), 1, 2)

    image, truth = photograph(paint=paint)
    probability = seen(truth)
    keep = probability >= 0.5
    alpha = soft_alpha(probability, image, keep)
    rough = cv2.resize(probability, truth.shape[::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    assert thin_part_recall(rough, truth, 5) < 0.5
    assert thin_part_recall(alpha > 100, truth, 5) > 0.9


def test_a_scratch_that_does_not_touch_the_specimen_is_not_kept():
    image, truth = photograph()
    image[60:420, 110:112] = (60, 50, 40)
    probability = seen(truth)
    alpha = soft_alpha(probability, image, probability >= 0.5)
    assert alpha[:, 108:114].max() == 0


def test_a_broad_shadow_beside_the_specimen_is_not_kept():
    image, truth = photograph()
    shadow = np.roll(truth, (14, 14), (0, 1)) & ~truth
    image[shadow] = image[shadow] * 0.8
    probability = seen(truth)
    alpha = soft_alpha(probability, image, probability >= 0.5)
    assert alpha[shadow].mean() < 8


def test_a_mask_drawn_at_full_size_comes_back_with_a_fine_edge():
    image, truth = photograph()
    alpha = soft_alpha(truth.astype(np.float32), image, truth)
    assert iou(alpha > 127, truth) > 0.998


def test_strips_give_what_the_whole_gives(monkeypatch):
    image, truth = photograph(
        1600, 2000, lambda c: cv2.ellipse(c, (990, 810), (400, 600), 30, 0, 360, 1, -1)
    )
    probability = seen(truth, 320)
    whole = soft_alpha(probability, image, probability >= 0.5)
    monkeypatch.setattr(strips, "__defaults__", (2000 * 130,))
    parts = soft_alpha(probability, image, probability >= 0.5)
    assert np.abs(parts.astype(int) - whole).max() <= 1
    assert boundary_f(whole > 127, truth, 1.5) > 0.98


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3), (7, 90)])
def test_photographs_of_any_size_are_taken(shape):
    image = np.full((*shape, 3), 90, np.uint8)
    keep = np.ones((max(1, shape[0] // 2), max(1, shape[1] // 2)), bool)
    assert soft_alpha(keep.astype(np.float32), image, keep).min() == 255
    assert soft_alpha(keep.astype(np.float32), image, ~keep).max() == 0


def test_sizes_that_differ_are_named():
    image, truth = photograph()
    with pytest.raises(ImageError, match=r"640 x 480 pixels, and the mask 64 x 48"):
        soft_alpha(truth.astype(np.float32), image, resize_mask(truth, 48, 64))


def test_flat_pictures_give_numbers():
    image = np.full((300, 400, 3), 128, np.uint8)
    probability = seen(photograph(300, 400)[1])
    alpha = soft_alpha(probability, image, probability >= 0.5)
    rough = cv2.resize(probability, (400, 300), interpolation=cv2.INTER_LINEAR)
    assert iou(alpha > 127, rough > 0.5) > 0.93


def test_of_synthetic_specimens_the_thin_parts_stay():
    generator = SpecimenGenerator(seed=11, size_px=800, kinds=("butterfly", "beetle"), bad_share=0)
    overlaps, thin = [], []
    for index in range(4):
        specimen = generator.specimen(index)
        probability = seen(specimen.mask, 400)
        size = probability.shape[::-1]
        small = cv2.resize(specimen.image, size, interpolation=cv2.INTER_AREA)
        keep = specimens(probability, small, KeepRule()).masks[0]
        alpha = soft_alpha(probability, specimen.image, keep)
        overlaps.append(iou(alpha > 127, specimen.mask))
        thin.append(thin_part_recall(alpha > 100, specimen.mask, 7))
    assert min(overlaps) > 0.99
    assert np.nanmean(thin) > 0.97


def test_the_guide_is_no_larger_than_it_needs_to_be():
    assert matting._guide_shape((600, 800), (240, 320)) == (600, 800)
    assert matting._guide_shape((6000, 8000), (240, 320)) == (768, 1024)
    assert matting._guide_shape((6000, 8000), (768, 1024)) == (1536, 2048)
