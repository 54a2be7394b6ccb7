"""What takes more memory than a visitor's photograph may ends in words, and nothing else ends."""

import subprocess
import sys

import pytest

TRY = """
from pathlib import Path

import numpy as np

from wunderkammer.web.memory import bounded_memory, give_way

MB = 1 << 20
with bounded_memory(256 * MB):
    np.ones(128 * MB, np.uint8)
    try:
        np.ones(512 * MB, np.uint8)
    except MemoryError:
        print("refused")
np.ones(512 * MB, np.uint8)
print("free again")
give_way()
print(Path("/proc/self/oom_score_adj").read_text().strip())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what is held")
def test_a_block_may_take_so_much_more_and_no_more():
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:3] == ["refused", "free again", "1000"], done.stderr
