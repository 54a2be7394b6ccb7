"""The documentation as mkdocs builds it, once for all processes that test."""

import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))  # the modules that docs/hooks.py is made of


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the built documentation; a warning is an error."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, built = shared / "site", shared / "site.built"
    with FileLock(shared / "site.lock"):
        if not built.exists():
            build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
            built.touch()
    return folder
