"""A training that is killed goes on from its last checkpoint."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from wunderkammer.core.device import Device
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.training.augmentation import Augmentation
from wunderkammer.training.examples import MaskExample
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.segmenter import train_segmenter

rows, columns = np.mgrid[:64, :64]
examples = []
for n in range(24):
    mask = (rows - 32) ** 2 + (columns - 16 - n) ** 2 < 144
    image = np.where(mask[:, :, None], 40, 220).astype(np.uint8).repeat(3, 2)
    examples.append(
        MaskExample(f"m{n}", f"m{n}", lambda i=image: i, lambda m=mask: encode_mask(m))
    )
training = SegmenterTraining(
    start="nothing", n_epochs=6, batch_size=4, side_px=64, look_px=64, patience=9,
    augmentation=Augmentation(furniture=0, new_background=0),
)
folder = Path(sys.argv[1])
trained = train_segmenter(
    examples, training, folder / "work", folder / "weights", device=Device("cpu", 1),
    watch=lambda figures: print(int(figures["epoch"]), flush=True),
)
print(trained.folder.name)
"""


def started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_killed_training_goes_on_where_it_was_and_ends_in_the_same_weights(
    tmp_path: Path,
) -> None:
    whole = started(tmp_path / "whole")
    undisturbed = whole.communicate(timeout=250)[0].split()

    victim = started(tmp_path / "killed")
    for line in victim.stdout:
        if line.strip() == "2":
            break
    deadline = time.monotonic() + 60
    while not list((tmp_path / "killed" / "work").rglob("last.ckpt")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()

    again = started(tmp_path / "killed").communicate(timeout=250)[0].split()
    assert undisturbed[:6] == list("012345")
    assert int(again[0]) in {2, 3}, "epochs that were finished are not done again"
    assert again[-1] == undisturbed[-1]
