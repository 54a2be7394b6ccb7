"""Fixtures for tests of sorting."""

import pytest

from sorting_room import copy_of, make_room
from wunderkammer.curation.sorting import Sorting


@pytest.fixture(scope="package")
def room(tmp_path_factory):
    """Return the folder of a finished small collection; tests only copy it."""
    root = tmp_path_factory.mktemp("rooms") / "room"
    make_room(root)
    return root


@pytest.fixture
def sorting(room, tmp_path):
    """Return the task of a collection that the test may change."""
    return Sorting(copy_of(room, tmp_path / "room"))
