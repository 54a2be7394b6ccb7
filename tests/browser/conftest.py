"""A Chromium for each file of tests of pages."""

import pytest

import chromium


@pytest.fixture(scope="module")
def browser():
    # not for the session: Playwright keeps an event loop running, and other tests need their own
    with chromium.launched() as found:
        yield found


@pytest.fixture
def screen():
    return "desk"
