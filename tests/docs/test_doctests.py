"""Every example in a docstring gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import wunderkammer

NAMES = [
    "wunderkammer",
    *sorted(
        module.name
        for module in pkgutil.walk_packages(wunderkammer.__path__, "wunderkammer.")
        if not module.name.endswith("__main__")  # importing it would run the command line
    ),
]


def test_there_are_modules_and_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [finder.find(importlib.import_module(name)) for name in NAMES]
    assert len(NAMES) > 50
    assert sum(bool(test.examples) for tests in found for test in tests) > 10


@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
