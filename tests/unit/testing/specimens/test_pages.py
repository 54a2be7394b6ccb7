"""Plates and pages of text."""

import numpy as np
import pytest

from wunderkammer.testing import SpecimenGenerator
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import ellipse
from wunderkammer.testing.specimens.pages import engrave


@pytest.fixture(scope="module")
def generator():
    return SpecimenGenerator(2, size_px=400, kinds=("plate", "text"), bad_share=0)


def test_plates_have_figures_and_text_has_none(generator):
    for i in range(10):
        page = generator.specimen(i)
        assert (page.n_figures > 0) == (page.kind == "plate") == bool(page.mask.any())
        assert page.angle_deg == 0
        assert page.view == "page"


def test_text_is_lines_of_ink(generator):
    page = next(s for s in map(generator.specimen, range(20)) if s.kind == "text")
    ink = (page.image[60:340, 60:240].mean(axis=2) < 110).mean(axis=1)
    assert (ink > 0.05).sum() > 40
    assert (ink == 0).sum() > 30


def test_engraving_is_darker_where_the_figure_is():
    grounds = []
    for grey in (40, 120, 220):
        canvas = Canvas(200, 200)
        canvas.fill(ellipse((100, 100), (80, 80)), (grey, grey, grey))
        cut = engrave(canvas)
        assert np.array_equal(cut[..., 3], canvas.alpha)
        grounds.append(cut[60:140, 60:140, :3].mean())
    assert grounds == sorted(grounds)
    assert grounds[2] - grounds[0] > 40
