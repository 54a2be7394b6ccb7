import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.classes import classes_of
from wunderkammer.sampling.pool import Outcomes, Pool


def pool(species, stratify="", seed=1):
    n = len(species)
    columns = {"species": classes_of(pa.chunked_array([species], pa.string()))}
    ids = pa.array([f"s{i}" for i in range(n)])
    return Pool(seed, ids, np.full(n, 2), columns, stratify=stratify)


def test_a_unit_is_inside_until_something_is_said_of_it():
    units = pool(["a", "a", "b"])
    units.put(np.array([True, False, False]), "test")
    units.leave_out(np.array([True, True, False]), "cap")
    assert units.inside.tolist() == [False, False, True]
    assert units.sets.codes.tolist() == [0, -1, -1]
    assert units.reasons.codes.tolist() == [-1, 0, -1]


def test_what_is_withdrawn_from_a_set_is_left_out():
    units = pool(["a", "a", "b"])
    units.put(np.array([True, True, False]), "test")
    units.withdraw(np.array([True, False, True]), "why not")
    assert units.sets.codes.tolist() == [-1, 0, -1]
    assert units.reasons.codes.tolist() == [0, -1, -1]
    assert units.inside.tolist() == [False, False, True]


def test_steps_count_media_not_units():
    units = pool(["a", None, "b"])
    units.note("all")
    units.keep_known("species", "no species name")
    assert [(step.name, step.n_media) for step in units.steps] == [
        ("all", 6), ("no species name", 4),
    ]  # fmt: skip


def test_a_cap_holds_for_each_class_and_is_nested():
    species = ["a"] * 9 + ["b"] * 2 + ["c"] * 5
    few, more = pool(species), pool(species)
    few.cap("species", 3)
    more.cap("species", 4)
    assert np.bincount(few.columns["species"].codes[few.inside]).tolist() == [3, 2, 3]
    assert (few.inside <= more.inside).all()


def test_small_classes_leave_and_units_without_a_value_are_one_class():
    units = pool(["a", "a", "a", "b", None, None, None])
    units.keep_large("species", 3)
    assert units.inside.tolist() == [True, True, True, False, True, True, True]


def test_a_draw_of_n_keeps_the_shares_of_classes():
    units = pool(["a"] * 60 + ["b"] * 30 + ["c"] * 10, stratify="species")
    units.take(10, 0)
    assert np.bincount(units.columns["species"].codes[units.inside]).tolist() == [6, 3, 1]


def test_more_than_there_is_takes_all():
    units = pool(["a"] * 4)
    units.take(9, 0)
    assert units.inside.all()


def test_a_minimum_that_does_not_fit_is_refused_with_the_number_that_would():
    units = pool(["a"] * 60 + ["b"] * 30 + ["c"], stratify="species")
    with pytest.raises(ConfigurationError, match=r"n = 10 .* 5 of each of 3 .* Raise n to 11"):
        units.take(10, 5)


def test_outcomes_say_each_word_once():
    outcomes = Outcomes(2)
    outcomes.say(np.array([True, False]), "n")
    outcomes.say(np.array([False, True]), "n")
    assert outcomes.words == ["n"]
    assert outcomes.codes.tolist() == [0, 0]
