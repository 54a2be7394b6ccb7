"""One task, as the command line and the server see it."""

import pytest

import wunderkammer
from sorting_room import run_room, truth_of
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, UnknownNameError
from wunderkammer.curation.queues import NAMES
from wunderkammer.curation.sorting import Sorting


def answer(sorting, n, who="ada", name="next"):
    truth = truth_of(sorting)
    page = sorting.queue(name, limit=n, who=who)
    return sorting.say({one.media_id: truth[one.media_id] for one in page.media}, who)


def test_a_task_that_there_is_not_names_the_nearest(sorting):
    with pytest.raises(ConfigurationError, match="no task is called 'quantity'") as caught:
        Sorting(sorting.collection, "quantity")
    assert "'quality'" in caught.value.hint
    assert Sorting.tasks_of(sorting.collection) == [sorting.task]


def test_labels_lead_to_a_round_queues_an_audit_and_sorted_columns(sorting):
    truth = truth_of(sorting)
    assert sorting.audit() is sorting.advice() is sorting.latest() is sorting.applied() is None
    assert answer(sorting, 12).n == 12
    assert sorting.n_since() == 12
    made = sorting.train(who="ada")
    assert (made.number, made.n_labelled, made.measures.n_media) == (1, 12, 30)
    assert sorting.n_since() == 0
    assert sorting.latest() == made
    assert sorting.advice().stop is False

    counts = {one.name: one.n for one in sorting.counts().queues}
    assert tuple(counts) == NAMES
    assert counts["labelled"] == 12
    assert counts["unlabelled"] == 18
    assert sum(counts[kind] for kind in "ABCD") == 18
    [first] = sorting.queue("next", limit=1).media
    assert first.proposed in sorting.task.classes
    assert sum(first.probabilities.values()) == pytest.approx(1)
    assert len(first.votes) == 5

    sorting.apply(precision=0.6)
    assert sorting.applied()["round"] == 1
    run_room(sorting.collection.root)
    rows = sorting.collection.query("SELECT media_id, quality, quality_by FROM media").to_pylist()
    assert {row["media_id"]: row["quality"] for row in rows} == truth
    assert sum(row["quality_by"] == "person" for row in rows) == 12
    assert {one.media_id: one.label for one in sorting.outcomes()} == truth


def test_what_the_machine_asks_stays_until_it_is_answered_and_ends_with_the_media(sorting):
    answer(sorting, 6)
    sorting.train()
    before = [one.media_id for one in sorting.queue("next", limit=5).media]
    assert [one.media_id for one in sorting.next_batch(5)] == before
    answer(sorting, 2)
    assert [one.media_id for one in sorting.queue("next", limit=3).media] == before[2:]
    answer(sorting, 30)
    assert sorting.queue("next").n == 0
    assert sorting.counts().queues[1].n == 0


def test_what_one_says_another_hears_at_once(sorting):
    other = Sorting(wunderkammer.open(sorting.collection.root))
    [one, *_] = sorting.media.ids
    sorting.say({one: "good"}, "ada")
    assert other.votes().of(one) == {"ada": "good"}
    other.say({one: "bad"}, "bea")
    assert sorting.votes().conflicts == (one,)
    [shown] = sorting.queue("conflicts", who="ada").media
    assert (shown.said, shown.others, shown.label) == ("good", {"bea": "bad"}, None)
    sorting.say({one: "bad"}, "carl", settled=True)
    assert other.votes().labels == {one: "bad"}


def test_a_round_that_another_process_trained_is_seen(sorting):
    answer(sorting, 6)
    other = Sorting(wunderkammer.open(sorting.collection.root))
    other.train()
    assert sorting.latest().number == 1
    answer(sorting, 3, name="lot")
    sorting.train()
    assert [one.number for one in other.rounds()] == [1, 2]
    assert other.latest().measures.ensemble_changed is not None
    assert len(sorting.changed()) == 0


def test_media_that_a_run_brought_are_there_and_are_asked(sorting):
    from sorting_room import picture

    answer(sorting, 6)
    sorting.train()
    assert len(sorting.media) == 30
    source = sorting.collection.root / "source"
    (source / "9999-bad.jpg").write_bytes(picture("bad", 9999))
    run_room(sorting.collection.root)
    assert len(sorting.media) == 31
    assert sorting.counts().queues[1].n == 25


def test_nothing_can_be_applied_before_the_first_round_or_trained_without_a_label(sorting):
    with pytest.raises(NotEnoughMediaError, match="no round yet"):
        sorting.apply()
    with pytest.raises(NotEnoughMediaError, match="none of 30 media") as caught:
        sorting.train()
    assert "wk curate label quality good ID" in caught.value.hint
    assert sorting.rounds() == []


def test_a_queue_that_there_is_not_is_refused(sorting):
    with pytest.raises(UnknownNameError):
        sorting.queue("E")


def test_other_classes_make_old_rounds_history(sorting):
    answer(sorting, 6)
    sorting.train()
    path = sorting.collection.root / "collection.toml"
    path.write_text(path.read_text().replace('"bad"]', '"bad", "partial"]'))
    other = Sorting(wunderkammer.open(path.parent))
    assert other.audit() is None
    assert len(other.rounds()) == 1
    assert other.train().measures.ensemble_changed is None
