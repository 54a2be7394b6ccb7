"""What every orienter promises, whatever the cut-outs."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.imaging.angles import difference_deg
from wunderkammer.imaging.turning import turn
from wunderkammer.orienters import registry
from wunderkammer.testing import SpecimenGenerator

GENERATOR = SpecimenGenerator(
    seed=31, size_px=240, kinds=("butterfly",), bad_share=0, partial_share=0
)
NOTHING = np.zeros((20, 30, 4), np.uint8)


def cutout(number):
    """Return a drawn butterfly cut out, and how far it is turned."""
    specimen = GENERATOR.specimen(number)
    return np.dstack([specimen.image, specimen.mask.astype(np.uint8) * 255]), specimen.angle_deg


BUTTERFLIES = [cutout(number) for number in range(4)]
SIZES = [(1, 1), (1, 40), (300, 7), (33, 50), (640, 500)]
DRAW = np.random.default_rng(0)
NOISE = [DRAW.integers(0, 256, (*shape, 4), np.uint8) for shape in SIZES]
CUTOUTS = [butterfly for butterfly, _ in BUTTERFLIES] + NOISE + [NOTHING]


@pytest.fixture(scope="module", params=registry.names())
def orienter(request):
    orienter = registry.get(request.param)()
    orienter.load(Device("cpu", 1), Path())
    return orienter


@pytest.fixture(scope="module")
def found(orienter):
    return orienter.orient(CUTOUTS)


def test_one_answer_a_cutout_within_its_range(found):
    assert len(found) == len(CUTOUTS)
    for one in found:
        assert type(one.angle_deg) is float
        assert type(one.confidence) is float
        assert -180 <= one.angle_deg < 180
        assert 0 <= one.confidence <= 1


def test_where_nothing_is_visible_nothing_is_trusted(found):
    assert found[-1].confidence == 0
    assert found[-1].angle_deg == 0


def test_the_same_cutouts_give_the_same_answers(orienter, found):
    assert orienter.orient(CUTOUTS) == found


def test_grouping_and_order_do_not_change_a_bit(orienter, found):
    assert [orienter.orient([one])[0] for one in CUTOUTS] == found
    order = DRAW.permutation(len(CUTOUTS))
    assert orienter.orient([CUTOUTS[k] for k in order]) == [found[k] for k in order]


def test_the_number_of_threads_does_not_change_a_bit(orienter, found):
    other = registry.get(orienter.name)()
    other.load(Device("cpu", 2), Path())
    assert other.orient(CUTOUTS) == found


def test_no_cutouts_give_no_answers(orienter):
    assert orienter.orient([]) == []


def test_cutouts_are_left_as_they_were(orienter):
    before = [one.copy() for one in CUTOUTS]
    orienter.orient(CUTOUTS)
    assert all((one == other).all() for one, other in zip(before, CUTOUTS, strict=True))


def test_views_that_are_not_contiguous_are_taken(orienter):
    view = np.rot90(BUTTERFLIES[0][0])
    assert orienter.orient([view]) == orienter.orient([np.ascontiguousarray(view)])


def test_colours_beneath_a_transparent_pixel_do_not_matter(orienter, found):
    other = BUTTERFLIES[0][0].copy()
    other[other[:, :, 3] == 0, :3] = 77
    assert orienter.orient([other])[0] == found[0]


def test_neither_margin_nor_size_turn_a_butterfly(orienter, found):
    butterfly = BUTTERFLIES[1][0]
    padded = np.pad(butterfly, ((50, 3), (0, 90), (0, 0)))
    large = np.kron(butterfly, np.ones((3, 3, 1), np.uint8))
    for one in orienter.orient([padded, large]):
        assert abs(difference_deg(one.angle_deg, found[1].angle_deg)) < 2


@pytest.mark.parametrize("turned", [90.0, 180.0, -90.0])
def test_a_quarter_turn_changes_the_answer_by_a_quarter(orienter, found, turned):
    answers = orienter.orient([turn(butterfly, turned) for butterfly, _ in BUTTERFLIES])
    for answer, before in zip(answers, found, strict=False):
        assert abs(difference_deg(answer.angle_deg, before.angle_deg + turned)) < 3


@pytest.mark.parametrize("turned", [37.0, 151.0, -68.0])
def test_a_drawn_butterfly_is_set_upright_from_any_angle(orienter, turned):
    answers = orienter.orient([turn(butterfly, turned) for butterfly, _ in BUTTERFLIES])
    for answer, (_, angle) in zip(answers, BUTTERFLIES, strict=True):
        assert abs(difference_deg(answer.angle_deg, angle + turned)) < 8


def test_a_loaded_orienter_travels_to_another_process(orienter, found):
    there = pickle.loads(pickle.dumps(orienter))
    assert there.settings_digest() == orienter.settings_digest()
    assert there.orient(CUTOUTS[:3]) == found[:3]


def test_files_that_decide_the_result_are_there(orienter):
    assert all(path.is_file() for path in orienter.files(Path()).values())


def test_describing_them_loads_neither_torch_nor_opencv():
    code = (
        "import sys\n"
        "from wunderkammer.orienters import registry\n"
        "[(p().settings(), p().model_json_schema(), p().input_px) for p in registry]\n"
        "loaded = {'torch', 'cv2', 'numba', 'sklearn', 'lightning'} & set(sys.modules)\n"
        "sys.exit(', '.join(loaded) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
