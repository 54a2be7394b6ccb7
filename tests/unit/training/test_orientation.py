from functools import partial

import numpy as np
import pytest
import torch

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.centring import centred, turning
from wunderkammer.training.orientation import (
    HeldOut,
    OrienterTraining,
    TurnExample,
    TurnLooks,
    angles_of,
    prepare_turns,
    unit,
)

TRAINING = OrienterTraining(side_px=32, start="nothing", n_blocks=2)


def wedge():
    rows, columns = np.mgrid[:90, :70]
    rgba = np.zeros((90, 70, 4), np.uint8)
    rgba[np.abs(columns - 35) < rows * 0.35] = (120, 60, 20, 255)
    return rgba


def unreadable():
    raise ImageError("It is no image.")


@pytest.fixture
def prepared(tmp_path):
    examples = [TurnExample(f"m{k}", f"s{k}", wedge, 0.0, weight=1 + k % 2) for k in range(6)]
    return prepare_turns(examples, tmp_path, 32)[0]


def test_examples_are_stored_small_and_read_back(tmp_path):
    done, skipped = prepare_turns([TurnExample("a", "a", wedge, 370.0)], tmp_path, 32)
    assert skipped == []
    assert max(done[0].read().shape[:2]) == 48
    assert done[0].angle_deg == 10.0


def test_what_cannot_be_used_is_named_and_skipped(tmp_path):
    nothing = partial(np.zeros, (9, 9, 4), np.uint8)
    examples = [
        TurnExample("broken", "a", unreadable, 0.0),
        TurnExample("transparent", "b", nothing, 0.0),
        TurnExample("unknown", "c", wedge, float("nan")),
        TurnExample("fine", "d", wedge, 0.0),
    ]
    done, skipped = prepare_turns(examples, tmp_path, 32)
    assert [one.media_id for one in done] == ["fine"]
    assert [one.media_id for one in skipped] == ["broken", "transparent", "unknown"]
    assert "no visible pixel" in skipped[1].error.message
    assert "nan" in skipped[2].error.message


def test_looks_depend_on_seed_and_epoch_alone(prepared):
    first, again = TurnLooks(prepared, TRAINING, 3), TurnLooks(prepared, TRAINING, 3)
    other = TurnLooks(prepared, TRAINING, 4)
    for place in (5, 0, 2):
        assert (first[place][0] == again[place][0]).all()
        assert (first[place][1] == again[place][1]).all()
    assert any((first[place][1] != other[place][1]).any() for place in range(6))


def test_weights_say_how_often_an_example_is_looked_at(prepared):
    training = TRAINING.model_copy(update={"n_looks": 900})
    drawn = [one.media_id for one in TurnLooks(prepared, training, 0).examples]
    assert len(drawn) == 900
    assert drawn.count("m1") == pytest.approx(200, abs=2)
    assert drawn.count("m0") == pytest.approx(100, abs=2)


def test_looks_cover_all_angles(prepared):
    training = TRAINING.model_copy(update={"n_looks": 200})
    looks = TurnLooks(prepared, training, 0)
    angles = angles_of(torch.stack([looks[place][1] for place in range(200)])).numpy()
    counts, _ = np.histogram(angles, 8, (-180, 180))
    assert counts.min() > 10


def test_held_out_looks_lie_as_their_truth_says(prepared):
    looks = HeldOut(prepared, TRAINING, 3)
    assert len(looks) == 18
    square, truth = looks[7]
    assert square.shape == (4, 32, 32)
    expected = centred(prepared[2].read(), 32, turning(float(angles_of(truth[None])[0])))
    assert np.abs(square.numpy().transpose(1, 2, 0).astype(int) - expected).mean() < 1


@pytest.mark.parametrize("angle", [-180.0, -90.0, 0.0, 12.5, 179.0])
def test_a_unit_vector_tells_its_angle(angle):
    found = float(angles_of(unit(angle)[None])[0])
    assert (found - angle + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)
