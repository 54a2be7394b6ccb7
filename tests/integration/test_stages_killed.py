"""Each step killed at a moment drawn by lot, and gone on with: it ends as if left alone.

Five steps of different kinds are killed once each time; ``make test-kills`` kills every step
there is as often as WK_KILLS says.
"""

import json
import os
import subprocess
import sys

import pytest

import killing
from wunderkammer.testing import SpecimenGenerator, write_archive

N_KILLS = int(os.environ.get("WK_KILLS", "0"))
SEED = os.environ.get("WK_KILLS_SEED", "1")
FEW = ("deepzoom", "layout", "atlas", "publish", "export coco")
TRIED = tuple(killing.STEPS) if N_KILLS else FEW
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return what was found of each step."""
    folder = tmp_path_factory.mktemp("killed")
    drawn = SpecimenGenerator(seed=5, size_px=320, ventral_share=0)
    write_archive(folder / "source", drawn, 24 if N_KILLS else 8)
    command = [sys.executable, killing.__file__, folder, str(max(N_KILLS, 1)), SEED, *TRIED]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"step"')]
    assert done.returncode == 0, done.stderr
    return {one["step"]: one for one in told}


@pytest.mark.parametrize("step", TRIED)
def test_killed_and_gone_on_with_it_ends_as_if_left_alone(found, step):
    one = found[step]
    assert one["n_kills"] == max(N_KILLS, 1), "it was killed as often as was asked"
    assert one["wrong"] == [], "nothing half written may be taken for whole"
    assert one["differs"] == []
    assert one["unfinished"] == [], "nothing is left of what was being written"
