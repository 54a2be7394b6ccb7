"""The Ray engine; what all engines promise is in tests/contract."""

import sys

import pytest

from clusters import HAS_RAY, NO_RAY
from wunderkammer.core.errors import EngineError
from wunderkammer.core.resources import EngineSettings
from wunderkammer.engines import engine_of
from wunderkammer.engines.ray import RayEngine


def test_a_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError) as caught:
        engine_of(EngineSettings(kind="ray", address="auto"))
    assert "pip install 'wunderkammer[ray]'" in caught.value.hint


@pytest.mark.skipif(not HAS_RAY, reason=NO_RAY)
def test_without_an_address_it_says_how_to_start_a_cluster(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(EngineError) as caught:
        RayEngine("")
    assert "ray start --head" in caught.value.hint
