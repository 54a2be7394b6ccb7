"""Programs that open what we export, each in a folder beside the environment with its libraries."""

import os
import sys
from pathlib import Path

import pytest

PEERS = Path(sys.prefix) / "peers"
"""Where 'make test-peers' puts them: they ask for other libraries than ours."""


def environment(name, **more):
    """Return what a process is started with so that it finds a program; or skip."""
    folder = PEERS / name
    if not (folder / "ready").exists():
        pytest.skip(f"{folder} is not there: 'make test-peers' fills it and runs this")
    return {**os.environ, "PYTHONPATH": str(folder), **more}
