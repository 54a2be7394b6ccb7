"""One collection on this machine, on Dask and on Ray: the same bytes."""

import shutil
import subprocess
import sys

import pytest

import toy
import wunderkammer
from clusters import started
from conftest import SMALL

WK = [sys.executable, "-m", "wunderkammer"]


@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_a_cluster_makes_the_bytes_of_one_process(tmp_path, archive, collection, kind):
    root = tmp_path / "small-cabinet"
    shutil.copytree(archive, root / "source")
    wunderkammer.create(root, SMALL)
    with started(kind) as address:
        done = subprocess.run(
            [*WK, "run", "-C", root, "--engine", kind, "--address", address],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].startswith(f"{kind.capitalize()} at ")
    assert toy.content(root) == toy.content(collection.root)
