"""One Chromium for all tests of pages."""

import pytest

import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium.launched() as found:
        yield found


@pytest.fixture
def screen():
    return "desk"
