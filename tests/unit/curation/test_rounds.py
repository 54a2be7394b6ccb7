"""Rounds as they are kept."""

import json

import pytest
from filelock import FileLock

from sorting_room import truth_of
from wunderkammer.core.errors import CollectionLockedError, StageError
from wunderkammer.curation.rounds import (
    read_round,
    read_rounds,
    round_numbers,
    rounds_folder,
)


@pytest.fixture
def labelled(sorting):
    truth = truth_of(sorting)
    sorting.say({one: truth[one] for one in sorting.media.ids[:9]}, "ada")
    sorting.say({sorting.media.ids[9]: "unsure"}, "ada")
    sorting.say({one: truth[one] for one in sorting.media.ids[20:24]}, "bea")
    return sorting


def train(sorting):
    return sorting.train(who="ada")


def test_it_is_read_as_it_was_made(labelled):
    made = train(labelled)
    assert read_rounds(labelled.collection.root, "quality") == [made]
    assert made.has_members
    assert made.figure("accuracy") in made.figures


def test_a_second_process_waits_its_turn_and_is_told(labelled):
    folder = rounds_folder(labelled.collection.root, "quality")
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"), pytest.raises(CollectionLockedError, match="another process"):
        train(labelled)
    train(labelled)


def test_what_a_killed_round_left_is_no_round_and_is_removed(labelled):
    folder = rounds_folder(labelled.collection.root, "quality")
    half = folder / ".tmp-1-0001"
    half.mkdir(parents=True)
    (half / "round.json").write_text("{")
    assert round_numbers(labelled.collection.root, "quality") == []
    assert train(labelled).number == 1
    assert not half.exists()


def test_people_read_it_without_us(labelled):
    about = json.loads((train(labelled).folder / "round.json").read_text())
    assert about["n_by_class"] == {"good": 9, "bad": 4}
    assert about["settings"]["task"] == "quality"
    assert {one["name"] for one in about["figures"]} == {"accuracy", "balanced accuracy", "auc"}
    assert set(about["advice"]) == {"stop", "reason", "criteria"}


def test_a_round_that_is_not_there_is_named(labelled):
    with pytest.raises(StageError, match="no round 7"):
        read_round(labelled.collection.root, "quality", 7)
