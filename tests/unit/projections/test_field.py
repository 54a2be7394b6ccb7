import numpy as np
import pytest

from wunderkammer.projections._compiling import Parts
from wunderkammer.projections._field import Fields

POINTS = np.random.default_rng(0).normal(size=(400, 2))


def by_all_pairs(points, others):
    apart = others[:, None] - points[None]
    kernels = 1 / (1 + np.square(apart).sum(axis=2))
    return (apart * np.square(kernels)[:, :, None]).sum(axis=1), kernels.sum(axis=1)


@pytest.mark.parametrize(("width", "error"), [(1e-4, 1e-5), (0.5, 1e-4), (6, 0.06)])
def test_the_push_is_that_of_all_pairs(width, error):
    points = (POINTS * width).astype(np.float32)
    found = np.empty((400, 3), np.float32)
    parts = Parts(400, 1)
    total = Fields(1).of(points, parts).at(points, found, parts, own=True)
    push, kernels = by_all_pairs(points.astype(float), points.astype(float))
    assert np.sqrt(np.square(found[:, :2] - push).mean() / np.square(push).mean()) < error
    assert total == pytest.approx(kernels.sum() - 400, rel=error)


def test_a_point_far_off_the_grid_is_finite_and_a_stranger_meets_all():
    parts = Parts(400, 1)
    field = Fields(1).of((POINTS * 5).astype(np.float32), parts)
    strangers = np.array([[0.3, -0.2], [11.0, 9.0]], np.float32)
    found = np.empty((2, 3), np.float32)
    field.at(strangers, found, Parts(2, 1), own=False)
    push, kernels = by_all_pairs(POINTS * 5, strangers.astype(float))
    assert np.allclose(found[:, 2], kernels, rtol=0.02)
    assert np.allclose(found[:, :2], push, atol=0.05 * np.abs(push).max())


def test_threads_do_not_change_it():
    points = (POINTS * 9).astype(np.float32)
    results = []
    for n_threads in (1, 2):
        parts = Parts(400, n_threads)
        field = Fields(n_threads).of(points, parts)
        parts.close()
        results.append(field.values.tobytes())
    assert results[0] == results[1]
