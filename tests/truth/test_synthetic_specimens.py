"""The truth that comes with synthetic specimens is true."""

import cv2
import numpy as np
import pytest

from wunderkammer.testing import SpecimenGenerator, Taxonomy


@pytest.fixture(scope="module")
def generator():
    return SpecimenGenerator(5, size_px=320, n_institutions=6, bad_share=0, turned_share=0.3)


@pytest.fixture(scope="module")
def butterflies():
    tree = Taxonomy.generate(8, n_families=5, n_genera=3, n_species=2, groups=["butterfly"])
    drawer = SpecimenGenerator(
        8, size_px=240, kinds=("butterfly",), taxonomy=tree, bad_share=0, partial_share=0,
        ventral_share=0, n_institutions=6, institution_bias=0,
    )  # fmt: skip
    return [drawer.specimen(i) for i in range(220)]


@pytest.mark.parametrize("i", range(24))
def test_the_mask_is_where_the_specimen_changes_the_photograph(generator, i):
    view = generator.views(i)[-1]
    specimen, bare = generator.specimen(i, view), generator.without_specimen(i, view)
    changed = np.abs(specimen.image.astype(int) - bare).max(axis=2) > 6
    near = cv2.dilate(specimen.mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert (changed & ~near).sum() < 60
    if specimen.n_figures:
        assert (changed & specimen.mask).sum() > 0.93 * specimen.mask.sum()
    else:
        assert not specimen.mask.any()


def _upright(specimen, angle_deg):
    """Return the mask turned by -angle about its middle, centred."""
    mask = specimen.mask.astype(np.float32)
    rows, columns = np.nonzero(specimen.mask)
    matrix = cv2.getRotationMatrix2D((columns.mean(), rows.mean()), -angle_deg, 1.0)
    matrix[:, 2] += 320 - np.array([columns.mean(), rows.mean()])
    return cv2.warpAffine(mask, matrix, (640, 640)) > 0.5


def _mirror_iou(mask):
    """Return how well a mask fits its mirror image, best over small shifts."""
    best = 0.0
    for shift in range(-8, 9, 2):
        other = np.roll(mask[:, ::-1], shift, axis=1)
        best = max(best, (mask & other).sum() / (mask | other).sum())
    return best


def test_turning_back_by_the_angle_sets_insects_upright():
    drawer = SpecimenGenerator(
        4, size_px=320, kinds=("butterfly", "moth", "beetle"), bad_share=0, partial_share=0,
        turned_share=0.5, n_institutions=6,
    )  # fmt: skip
    errors = []
    for i in range(24):
        specimen = drawer.specimen(i)
        turns = np.arange(-16, 17, 2)
        fits = [_mirror_iou(_upright(specimen, specimen.angle_deg + t)) for t in turns]
        errors.append(abs(turns[int(np.argmax(fits))]))
        if specimen.kind != "beetle":
            upright = _upright(specimen, specimen.angle_deg)
            rows = np.flatnonzero(upright.any(axis=1))
            half = (rows[0] + rows[-1]) // 2
            wide = [np.flatnonzero(part.any(axis=0)) for part in (upright[:half], upright[half:])]
            assert np.ptp(wide[0]) > np.ptp(wide[1])
    assert np.mean(np.array(errors) <= 2) > 0.85


def _histogram(specimen):
    """Return the colours of the specimen's pixels as a histogram."""
    pixels = specimen.image[specimen.mask] // 43
    codes = pixels @ np.array([36, 6, 1])
    return np.bincount(codes, minlength=216) / len(codes)


def test_looks_follow_the_tree(butterflies):
    features = np.sqrt([_histogram(s) for s in butterflies])
    far = np.sqrt(((features[:, None] - features[None]) ** 2).sum(axis=2))
    np.fill_diagonal(far, np.nan)
    male = np.array([s.sex == "male" for s in butterflies])
    same_sex = male[:, None] == male[None]
    species, genus, family = (
        np.array([name(s) for s in butterflies])
        for name in (lambda s: s.taxon.name, lambda s: s.taxon.genus, lambda s: s.taxon.family)
    )
    same = [x[:, None] == x[None] for x in (species, genus, family)]
    within_species = np.nanmean(far[same[0] & same_sex])
    within_genus = np.nanmean(far[same[1] & ~same[0] & same_sex])
    within_family = np.nanmean(far[same[2] & ~same[1] & same_sex])
    between = np.nanmean(far[~same[2] & same_sex])
    assert within_species < within_genus < within_family < between


def test_five_neighbours_in_colour_tell_the_family(butterflies):
    features = np.sqrt([_histogram(s) for s in butterflies])
    family = np.unique([s.taxon.family for s in butterflies], return_inverse=True)[1]
    far = ((features[:, None] - features[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    nearest = family[np.argsort(far, axis=1)[:, :5]]
    votes = np.array([np.bincount(row, minlength=5).argmax() for row in nearest])
    assert (votes == family).mean() > 0.8


def test_the_ground_tells_the_institution(butterflies):
    corners = np.array(
        [
            np.concatenate([s.image[:12, :12].mean((0, 1)), s.image[-12:, :12].mean((0, 1))])
            for s in butterflies
        ]
    )
    home = np.array([s.institution.code for s in butterflies])
    far = ((corners[:, None] - corners[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    assert (home[far.argmin(axis=1)] == home).mean() > 0.9


def test_every_fault_looks_like_one():
    drawer = SpecimenGenerator(
        1, size_px=320, kinds=("butterfly", "beetle"), bad_share=1, n_institutions=6
    )
    seen = {}
    for i in range(40):
        specimen = drawer.specimen(i)
        assert specimen.quality == "bad"
        seen.setdefault(specimen.reason, []).append(specimen)
    assert set(seen) == {"blurred", "dark", "empty", "label only", "wrong crop"}
    sharp = [_sharpness(s) for s in seen["wrong crop"]]
    assert max(_sharpness(s) for s in seen["blurred"]) < min(sharp)
    assert max(s.image.mean() for s in seen["dark"]) < 40
    for reason in ("empty", "label only"):
        assert not any(s.mask.any() for s in seen[reason])
    for specimen in seen["wrong crop"]:
        assert specimen.mask[:, [0, -1]].any()


def _sharpness(specimen):
    """Return the variance of the Laplacian, small on blurred images."""
    return cv2.Laplacian(cv2.cvtColor(specimen.image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var()


def test_codes_on_photographs_name_the_specimen():
    drawer = SpecimenGenerator(3, size_px=800, kinds=("beetle",), bad_share=0, n_institutions=6)
    station = [i for i in range(60) if drawer.identity(i).institution.habit == "station"][:3]
    for i in station:
        specimen = drawer.specimen(i)
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(specimen.image)
        assert text == specimen.catalogue_number
    assert station


def test_damage_is_what_the_truth_says():
    def drawer(share):
        return SpecimenGenerator(
            2, size_px=240, kinds=("butterfly",), bad_share=0, partial_share=share, turned_share=0.3
        )

    torn_ones, whole_ones = drawer(1.0), drawer(0.0)
    for i in range(16):
        torn, whole = torn_ones.specimen(i), whole_ones.specimen(i)
        assert torn.quality == "partial"
        assert whole.quality == "good"
        x, y = _upright_offset(whole.mask & ~torn.mask, whole)
        if len(torn.damage) == 1:
            assert (x < 0) == torn.damage[0].startswith("left")
            assert (y < 0.1) == torn.damage[0].endswith("forewing")


def _upright_offset(lost, whole):
    """Return where the middle of lost pixels lies, upright, in half widths of the whole."""
    middle = np.array([np.mean(np.nonzero(m)[::-1], axis=1) for m in (lost, whole.mask)])
    x, y = (middle[0] - middle[1]) / (np.sqrt(whole.mask.sum()) / 2)
    turn = np.radians(whole.angle_deg)
    return x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
