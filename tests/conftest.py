"""Fixtures for all tests."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Return the folder of real collections, or skip the test where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real collections are not beside this checkout")
    return SHARED_DATA
