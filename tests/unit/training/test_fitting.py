import numpy as np
import pytest
import torch

from wunderkammer.training.fitting import begun, calibrated
from wunderkammer.training.segmentation import SegmenterTraining


def test_a_calibration_rises_and_is_true_where_it_was_measured() -> None:
    rng = np.random.default_rng(0)
    expected = rng.uniform(0.5, 1, 400)
    reached = np.clip(expected - 0.1 + rng.normal(0, 0.03, 400), 0, 1)
    line = calibrated(expected.tolist(), reached.tolist())
    assert line["expected"] == sorted(line["expected"])
    assert line["measured"] == sorted(line["measured"])
    assert np.interp(0.8, line["expected"], line["measured"]) == pytest.approx(0.7, abs=0.03)
    assert np.interp(0.0, line["expected"], line["measured"]) == 0


def test_one_example_is_enough_to_calibrate_by() -> None:
    line = calibrated([0.9], [0.8])
    assert np.interp(0.9, line["expected"], line["measured"]) == pytest.approx(0.8)


def test_training_begins_where_it_is_told_to() -> None:
    torch.manual_seed(0)
    known = [begun(SegmenterTraining(start="imagenet"), None) for _ in range(2)]
    name = "trunk.blocks.3.depthwise.convolution.weight"
    assert torch.equal(known[0].state_dict()[name], known[1].state_dict()[name])
    unknown = begun(SegmenterTraining(start="nothing"), None)
    assert not torch.equal(known[0].state_dict()[name], unknown.state_dict()[name])
