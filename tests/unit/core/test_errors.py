"""Errors users meet."""

import pickle

from wunderkammer.core.errors import ImageError, nearest


def test_an_error_keeps_its_hint_across_processes():
    error = pickle.loads(pickle.dumps(ImageError("broken off.", hint="Get it again.")))
    assert (type(error), error.message, error.hint) == (ImageError, "broken off.", "Get it again.")
    assert str(error) == "broken off. Get it again."


def test_nearest_names_are_only_offered_when_near():
    assert nearest("relaxx", ["grid", "relax"]).startswith("Did you mean 'relax'?")
    assert nearest("spiral", ["grid", "relax"]) == "Known: grid, relax."
    assert nearest("x", []) == "None is known."
