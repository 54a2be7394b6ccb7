import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.training.orientation import OrienterTraining, PreparedTurn, TurnExample
from wunderkammer.training.orienter import begun, parted_turns, train_orienter
from wunderkammer.training.weights import read_weights

RUN = textwrap.dedent(
    """
    import sys, functools, numpy as np
    from pathlib import Path
    from wunderkammer.core.device import Device
    from wunderkammer.training.orientation import OrienterTraining, TurnExample
    from wunderkammer.training.orienter import train_orienter

    def wedge(colour):
        rows, columns = np.mgrid[:60, :50]
        rgba = np.zeros((60, 50, 4), np.uint8)
        rgba[np.abs(columns - 25) < rows * 0.35] = (colour, 60, 250 - colour, 255)
        return rgba

    examples = [
        TurnExample(f"m{k}", f"s{k}", functools.partial(wedge, 10 * k), 0.0) for k in range(20)
    ]
    training = OrienterTraining(
        start="nothing", n_blocks=2, side_px=32, n_epochs=int(sys.argv[2]), n_looks=64,
        batch_size=16, seed=1, learning_rate=3e-3,
    )
    work = Path(sys.argv[1])
    watch = lambda figures: print("epoch", int(figures["epoch"]), flush=True)
    done = train_orienter(
        examples, training, work, work / "weights", device=Device("cpu", 1), watch=watch
    )
    print(done.folder, flush=True)
    """
)


def start(work, n_epochs):
    return subprocess.Popen(
        [sys.executable, "-c", RUN, work, str(n_epochs)], stdout=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """Return the weights of a training that nobody stopped."""
    process = start(tmp_path_factory.mktemp("unbroken"), 5)
    lines = process.communicate(timeout=200)[0].splitlines()
    assert lines[:-1] == [f"epoch {k}" for k in range(5)]
    return lines[-1]


def test_a_killed_training_goes_on_and_ends_as_if_unbroken(tmp_path, unbroken):
    process = start(tmp_path, 5)
    for line in process.stdout:
        if line == "epoch 1\n":
            os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = start(tmp_path, 5).communicate(timeout=200)[0].splitlines()
    epochs = [int(line.split()[1]) for line in again[:-1]]
    assert epochs[0] >= 1  # not from the beginning
    assert epochs[-1] == 4
    one, other = (
        read_weights(Path(folder), "rotation-net").tensors for folder in (unbroken, again[-1])
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_weights_come_with_card_settings_split_and_figures(unbroken):
    weights = read_weights(Path(unbroken), "rotation-net")
    assert weights.settings["side_px"] == 32
    assert weights.card["n_train"] + weights.card["n_validation"] + weights.card["n_test"] == 20
    assert {"median_deg", "p95_deg", "upside_down", "looks_8"} <= set(weights.metrics)
    assert json.dumps(dict(weights.metrics))
    split = weights.split().to_pydict()
    assert sorted(split["media_id"]) == sorted(f"m{k}" for k in range(20))
    assert set(split["part"]) == {"train", "validation", "test"}


def prepared(groups, part=""):
    return [PreparedTurn(f"m{k}", group, Path(), 0.0, 1.0, part) for k, group in enumerate(groups)]


def test_a_group_is_never_parted_and_no_part_is_empty():
    parts = parted_turns(prepared([f"s{k // 2}" for k in range(12)]), seed=0)
    assert all(parts.values())
    where = {}
    for name, some in parts.items():
        for one in some:
            assert where.setdefault(one.group, name) == name


def test_a_part_that_was_named_is_kept():
    some = [*prepared(["a", "b", "c", "d"]), *prepared(["e"], "test")]
    assert "e" in {one.group for one in parted_turns(some, seed=0)["test"]}


def test_too_few_groups_are_said():
    with pytest.raises(NotEnoughMediaError, match="fewer than three specimens"):
        parted_turns(prepared(["a"] * 12), seed=0)


def test_too_few_examples_are_said_with_reasons(tmp_path):
    nothing = TurnExample("bad", "bad", lambda: np.zeros((4, 4, 4), np.uint8), 0.0)
    with pytest.raises(NotEnoughMediaError, match=r"0 turns .* bad: The cut-out has no visible"):
        train_orienter([nothing], OrienterTraining(), tmp_path, tmp_path, device=Device())


def test_imagenet_gives_the_trunk_its_weights_and_alpha_none():
    training = OrienterTraining(start="imagenet", n_blocks=3, side_px=32)
    network = begun(training, None)
    stem = network.trunk.stem.convolution.weight
    assert stem.shape[1] == 4
    assert stem[:, 3].abs().max() == 0
    assert stem[:, :3].abs().mean() > 0.05
    assert network.trunk.blocks[2].expand.norm.running_var.std() > 0.01


def test_weights_of_another_size_are_refused(unbroken):
    with pytest.raises(StageError, match="is asked for"):
        begun(OrienterTraining(), Path(unbroken))
    same = begun(OrienterTraining(n_blocks=2, side_px=32), Path(unbroken))
    expected = read_weights(Path(unbroken), "rotation-net").tensors["answer.4.bias"]
    assert torch.equal(same.answer[4].bias, expected)
