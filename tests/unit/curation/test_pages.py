"""What a person is shown of a queue."""

from sorting_room import truth_of


def test_a_page_is_a_part_that_knows_the_whole(sorting):
    whole = sorting.queue("lot", limit=30)
    part = sorting.queue("lot", offset=10, limit=5)
    assert (whole.n, part.n) == (30, 30)
    assert part.media == whole.media[10:15]
    assert sorting.queue("lot", offset=40).media == []


def test_before_a_round_nothing_is_proposed(sorting):
    [one] = sorting.queue("next", limit=1).media
    assert (one.proposed, one.score, one.entropy) == (None, None, None)
    assert (dict(one.probabilities), one.votes) == ({}, ())
    assert one.caption.endswith(".jpg")
    assert one.label is one.said is None


def test_own_answers_are_told_from_those_of_others(sorting):
    [one, *_] = sorting.media.ids
    label = truth_of(sorting)[one]
    sorting.say({one: label}, "ada")
    for who, said, others in (("ada", label, {}), ("bea", None, {"ada": label})):
        [shown] = sorting.queue("labelled", who=who).media
        assert (shown.said, shown.others, shown.label) == (said, others, label)
