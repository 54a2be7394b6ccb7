from collections import Counter

import pytest

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.evaluation.media import Media
from wunderkammer.evaluation.split import _checked, _made

N = 200


def media(n=N):
    ids = tuple(f"{k:04}" for k in range(n))
    groups = tuple(f"s{k // 2}" for k in range(n))
    species = tuple("AB"[k // 2 % 4 == 0] for k in range(n))
    return Media(ids, groups, {"family": ("F",) * n, "species": species})


def test_specimens_are_never_parted_and_names_keep_their_shares():
    one = media()
    found = _made(one, ("family", "species"), 0.2, 7)
    sides = {}
    for group, part in zip(one.groups, found.of, strict=True):
        sides.setdefault(group, set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())
    of_test = Counter(
        name for name, part in zip(one.labels["species"], found.of, strict=True) if part == "test"
    )
    assert of_test == {"A": 30, "B": 10}
    assert found.names == ("train", "test")


def test_the_seed_decides_the_split_and_nothing_else_does():
    one = media()
    assert _made(one, ("species",), 0.2, 7).of == _made(one, ("species",), 0.2, 7).of
    assert _made(one, ("species",), 0.2, 7).of != _made(one, ("species",), 0.2, 8).of


def test_media_without_any_name_are_divided_too():
    assert Counter(_made(media(), (), 0.25, 1).of)["test"] == N // 4


def test_too_few_specimens_are_refused():
    with pytest.raises(NotEnoughMediaError, match="too few"):
        _made(media(2), (), 0.2, 1)


def test_a_column_names_its_tests_and_validation_stands_aside():
    found = _checked(["train", "herb", None, "validation", "random"], "kew")
    assert found.tests == ("herb", "random")
    assert found.of == ("train", "herb", None, None, "random")
    with pytest.raises(ConfigurationError, match="it holds herb"):
        _checked(["herb", None], "kew")
