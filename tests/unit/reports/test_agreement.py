"""Agreement of masks, against scikit-learn's figures."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, jaccard_score

from wunderkammer.core.errors import ImageError
from wunderkammer.reports.agreement import agreement


def disc(height, width, radius, shift=0.0):
    rows, columns = np.mgrid[0:height, 0:width]
    return np.hypot(rows - height / 2, columns - width / 2 - shift) <= radius


def test_area_figures_are_those_of_scikit_learn():
    truth, found = disc(90, 120, 30), disc(90, 120, 28, shift=9)
    ours = agreement(found.astype(np.float32), truth)
    assert ours.iou == pytest.approx(jaccard_score(truth.ravel(), found.ravel()))
    assert ours.dice == pytest.approx(f1_score(truth.ravel(), found.ravel()))


def test_the_same_mask_agrees_wholly_and_a_far_one_not_at_all():
    truth = disc(100, 100, 30)
    assert agreement(truth.astype(np.float32), truth)[:3] == (1, 1, 1)
    far = agreement(disc(100, 400, 30, -120).astype(np.float32), disc(100, 400, 30, 120))
    assert far[:3] == (0, 0, 0)


def test_a_coarse_mask_of_a_large_photograph_is_compared_at_its_size():
    truth = disc(3000, 4000, 1000)
    soft = np.clip(0.5 + (250 - np.hypot(*(np.mgrid[0:750, 0:1000] - 0.0
        - np.array([375, 500])[:, None, None]))) / 4, 0, 1).astype(np.float32)  # fmt: skip
    found = agreement(soft, truth)
    assert found.iou > 0.985
    assert found.boundary_f == 1


def test_a_lost_antenna_shows_in_the_thin_parts_and_hardly_in_the_area():
    truth = disc(400, 400, 100)
    truth[20:110, 199:201] = True
    found = truth.copy()
    found[:101] = False
    ours = agreement(found.astype(np.float32), truth)
    assert ours.iou > 0.99
    assert ours.thin_part_recall < 0.3
    assert np.isnan(agreement(np.ones((9, 9), np.float32), np.ones((9, 9), bool)).thin_part_recall)


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        (np.zeros((90, 120), bool), "mask is empty"),
        (np.ones((120, 90), bool), "90 x 120 pixels and the photograph 120 x 90"),
    ],
)
def test_a_mask_that_cannot_be_compared_is_refused(truth, said):
    with pytest.raises(ImageError, match=said):
        agreement(np.ones((90, 120), np.float32), truth)
