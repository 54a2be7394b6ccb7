"""Families of plug-ins."""

import os
import subprocess
import sys
from typing import Literal

import pytest

from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


def test_a_foreign_package_adds_a_plugin_by_an_entry_point(tmp_path):
    (tmp_path / "foreign.py").write_text(
        "from typing import Literal\n"
        "from wunderkammer.layouts import Layout, registry\n"
        "@registry.register\n"
        "class Spiral(Layout):\n"
        "    name: Literal['spiral'] = 'spiral'\n"
        "    version: Literal['1'] = '1'\n"
    )
    installed = tmp_path / "foreign-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[wunderkammer.layouts]\nspiral = foreign\n")
    done = subprocess.run(
        [sys.executable, "-m", "wunderkammer", "plugins", "layouts"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "spiral" in done.stdout
    assert "relax" in done.stdout


def test_two_plugins_of_one_name_are_refused():
    registry: Registry[Settings] = Registry("layouts", "layout")

    class One(Settings):
        name: Literal["same"] = "same"

    class Two(Settings):
        name: Literal["same"] = "same"

    registry.register(One)
    with pytest.raises(UnknownNameError, match="two plug-ins are called 'same'"):
        registry.register(Two)
