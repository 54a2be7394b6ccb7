"""Which media the machine asks about."""

from collections import Counter

from sorting_room import truth_of
from wunderkammer.curation.asking import choose_next


def asked(sorting, answered, truth, n=8):
    """Return what is asked after a round on some labels, a quarter of it by lot."""
    sorting.say({one: truth[one] for one in answered}, "ada")
    made = sorting.train()
    settings = sorting.settings.model_copy(update={"random_share": 0.25})
    standing = sorting._standing()
    found = choose_next(sorting.collection, settings, standing, n, made.number)
    assert found == choose_next(sorting.collection, settings, standing, n, made.number)
    return [one.media_id for one in found], [
        one.media_id for one in found if one.reason == "drawn by lot"
    ]


def test_it_asks_what_nobody_answered_each_once_and_says_why(sorting):
    truth, ids = truth_of(sorting), sorting.media.ids
    enough = next(n for n in range(len(ids)) if _fewest(truth, ids[:n]) >= 5)
    chosen, by_lot = asked(sorting, ids[:enough], truth)
    assert len(set(chosen)) == 8
    assert not set(chosen) & set(ids[:enough])
    assert by_lot == list(ids[enough : enough + 2])


def test_while_a_class_is_hardly_known_more_comes_from_the_lot(sorting):
    truth, ids = truth_of(sorting), sorting.media.ids
    assert _fewest(truth, ids[:6]) < 5
    _, by_lot = asked(sorting, ids[:6], truth)
    assert len(by_lot) > 2
    assert by_lot == list(ids[6 : 6 + len(by_lot)])


def _fewest(truth, ids):
    """Return how many media the rarest class has."""
    counts = Counter(truth[one] for one in ids)
    return min(counts[name] for name in set(truth.values()))


def test_before_a_round_it_has_no_opinion(sorting):
    assert choose_next(sorting.collection, sorting.settings, sorting._standing(), 8, 1) == []
