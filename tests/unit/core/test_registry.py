"""Families of plug-ins."""

import sys
from importlib.metadata import EntryPoint
from typing import Literal

import pytest

from wunderkammer.core import registry as module
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


def test_a_foreign_package_adds_a_plugin_by_an_entry_point(tmp_path, monkeypatch):
    (tmp_path / "foreign.py").write_text(
        "from typing import Literal\n"
        "from wunderkammer.layouts import Layout, registry\n"
        "@registry.register\n"
        "class Spiral(Layout):\n"
        "    name: Literal['spiral'] = 'spiral'\n"
        "    version: Literal['1'] = '1'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("spiral", "foreign", "wunderkammer.layouts")
    monkeypatch.setattr(module, "entry_points", lambda group: [point] if "layouts" in group else [])
    from wunderkammer import layouts

    fresh: Registry[layouts.Layout] = Registry("layouts", "layout")
    monkeypatch.setattr(layouts, "registry", fresh)
    assert "spiral" in fresh.names()
    sys.modules.pop("foreign")


def test_two_plugins_of_one_name_are_refused():
    registry: Registry[Settings] = Registry("layouts", "layout")

    class One(Settings):
        name: Literal["same"] = "same"

    class Two(Settings):
        name: Literal["same"] = "same"

    registry.register(One)
    with pytest.raises(UnknownNameError, match="two plug-ins are called 'same'"):
        registry.register(Two)
