"""The documentation as mkdocs builds it, once."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))  # the modules that docs/hooks.py is made of


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the built documentation; a warning is an error."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
    return folder
