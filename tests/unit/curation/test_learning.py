"""One round, from labels to figures."""

import numpy as np
import pytest

from sorting_room import truth_of
from wunderkammer.curation.learning import label_codes, logits_before, run_round


@pytest.fixture
def labelled(sorting):
    truth = truth_of(sorting)
    sorting.say({one: truth[one] for one in sorting.media.ids[:9]}, "ada")
    sorting.say({sorting.media.ids[9]: "unsure"}, "ada")
    sorting.say({one: truth[one] for one in sorting.media.ids[20:24]}, "bea")
    return sorting


def train(sorting, progress=lambda _fraction, _message: None):
    return run_round(
        sorting.collection, sorting.stage, sorting.media, sorting.votes(), who="ada",
        progress=progress,
    )  # fmt: skip


def test_it_learns_from_labels_and_is_read_as_it_was_made(labelled):
    told = []
    made = train(labelled, lambda fraction, message: told.append((fraction, message)))
    assert (made.n_labelled, made.n_unsure, made.n_random, made.who) == (13, 1, 9, "ada")
    assert [one for one, _ in told] == sorted(one for one, _ in told)
    assert told[-1][0] == 1
    known = made.predictions()
    assert known.ids == labelled.media.ids
    assert known.is_random.sum() == 10
    assert np.isfinite(known.held_out).all(axis=(0, 2)).sum() == 13
    members = made.ensemble()
    assert members.temperature == made.temperature
    assert members.weights.shape[0] == known.logits.shape[0] == 5


def test_while_all_labels_come_from_the_lot_they_are_all_that_chance_would_have_taught(sorting):
    truth = truth_of(sorting)
    sorting.say({one: truth[one] for one in sorting.media.ids[:12]}, "ada")
    for one in train(sorting).figures:
        assert one.by_lot == one.audited.value == one.held_out.value
    sorting.say({one: truth[one] for one in sorting.media.ids[18:24]}, "ada")
    [accuracy, *_] = train(sorting).figures
    assert accuracy.by_lot is not None


def test_the_same_labels_make_the_same_round_bit_for_bit(labelled):
    one, two = train(labelled), train(labelled)
    first, second = ((each.folder / "predictions.parquet").read_bytes() for each in (one, two))
    assert first == second
    assert (one.ensemble().weights == two.ensemble().weights).all()
    assert two.measures.ensemble_changed == 0
    assert two.measures.members_changed == (0,) * 5
    assert (one.figures, one.number, two.number) == (two.figures, 1, 2)


def test_labels_are_classes_and_what_is_none_says_which(labelled):
    ids = [*labelled.media.ids[8:11], "f" * 20]
    codes = label_codes(labelled.votes(), ids).tolist()
    assert codes[0] in {0, 1}
    assert codes[1:] == [-2, -1, -1]


def test_only_a_round_of_the_same_classes_is_compared(labelled):
    made = train(labelled)
    ids = labelled.media.ids[:2]
    assert logits_before([made], ids, labelled.settings).shape == (5, 2, 2)
    other = labelled.settings.model_copy(update={"classes": ("good", "bad", "partial")})
    assert logits_before([made], ids, other) is None
    assert logits_before([], ids, labelled.settings) is None
