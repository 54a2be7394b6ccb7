"""Queues."""

import pytest

from sorting_board import ids_of, media_of, predictions_of, standing_of, votes_of
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.curation.kinds import KINDS, Thresholds
from wunderkammer.curation.measures import Proposal
from wunderkammer.curation.queues import NAMES, Waiting, described, kind_queues, opening, queue_of

IDS = ids_of(12)
A, B, C, D, E, F, *_ = IDS
LIMITS = Thresholds(entropy=0.3)


def ids(name, standing, who=""):
    return [one.media_id for one in queue_of(name, standing, LIMITS, who)]


def test_every_queue_has_a_title_and_one_sentence():
    for name in NAMES:
        title, sentence = described(name)
        assert title
        assert sentence.endswith(".")


def test_a_queue_that_there_is_not_names_the_nearest():
    with pytest.raises(UnknownNameError, match="no queue") as caught:
        queue_of("conflict", standing_of(IDS, votes_of()), LIMITS)
    assert "'conflicts'" in caught.value.hint


def test_the_seven_kinds_hold_what_they_say():
    chances = [0.01, 0.5, [0.99, 0.99, 0.2], [0.9, 0.1, 0.5], 0.02, 0.02, 0.7]
    known = predictions_of(IDS[:7], chances, held_out={5: 0.97, 6: 0.7})
    votes = votes_of((E, "ada", "unsure"), (F, "ada", "good"), (IDS[6], "ada", "bad"))
    found = kind_queues(standing_of(IDS, votes, known), LIMITS)
    assert {kind: [one.media_id for one in some] for kind, some in found.items()} == {
        "A": [A], "B": [B], "C": [], "D": [D, C], "NOTSURE": [E], "MISPREDICTION": [F],
        "UNCERTAIN": [IDS[6]],
    }  # fmt: skip
    assert found["D"][0].reason.endswith("sure")


def test_before_the_first_round_kinds_are_empty():
    assert not any(kind_queues(standing_of(IDS, votes_of()), LIMITS).values())
    assert ids("A", standing_of(IDS, votes_of())) == []


def test_a_conflict_waits_with_the_conflicts_only():
    votes = votes_of((A, "ada", "good"), (A, "bea", "bad"), (B, "ada", "good"), (B, "bea", "bad"))
    standing = standing_of(IDS, votes, predictions_of(IDS[:2], [0.01, 0.5]))
    assert ids("conflicts", standing) == [B, A]
    assert not any(ids(kind, standing) for kind in KINDS)
    assert A not in ids("lot", standing)
    assert queue_of("conflicts", standing, LIMITS)[0].reason == "ada: good; bea: bad"


def test_the_lot_goes_on_after_what_is_answered():
    votes = votes_of((A, "ada", "good"), (C, "bea", "unsure"))
    assert ids("lot", standing_of(IDS, votes)) == [B, *IDS[3:]]
    assert ids("unlabelled", standing_of(IDS, votes)) == [B, *IDS[3:]]


def test_what_others_answered_comes_first_among_the_labelled_then_the_latest():
    votes = votes_of((A, "ada", "good"), (B, "ada", "bad"), (D, "bea", "bad"), (C, "bea", "bad"),
                     (E, "ada", "unsure"))  # fmt: skip
    standing = standing_of(IDS, votes)
    assert ids("labelled", standing) == [C, D, B, A]
    assert ids("labelled", standing, "ada") == [C, D, B, A]
    assert ids("labelled", standing, "bea") == [A, B, C, D]
    assert ids("unsure", standing) == [E]


def test_media_that_are_gone_are_in_no_queue():
    votes = votes_of((A, "ada", "good"), (B, "ada", "good"), (B, "bea", "bad"), (C, "a", "unsure"))
    standing = standing_of(IDS[3:], votes, predictions_of(IDS, [0.01] * 12))
    assert ids("A", standing) == IDS[3:]
    assert ids("labelled", standing) == ids("conflicts", standing) == ids("unsure", standing) == []


def test_the_opening_is_the_lot_with_a_suspect_now_and_then():
    proposed = {"blurred": [Proposal(IDS[10], 0.1, "x")], "tiny": [Proposal(IDS[11], 0.1, "y")]}
    found = opening(media_of(IDS), proposed)
    assert [one.media_id for one in found] == [
        *IDS[:4], IDS[10], *IDS[4:8], IDS[11], *IDS[8:10],
    ]  # fmt: skip
    assert found[4].reason == "blurred: x"
    assert {one.reason for one in found[:4]} == {"drawn by lot"}


def test_two_at_work_begin_at_different_places():
    chosen = [Waiting(one, "") for one in IDS]
    votes = votes_of((A, "ada", "good"), (A, "bea", "good"))
    standing = standing_of(IDS, votes, chosen=chosen)
    ada, bea = ids("next", standing, "ada"), ids("next", standing, "bea")
    assert ada == ids("next", standing) == IDS[1:]
    assert sorted(bea) == sorted(ada)
    assert not {*ada[:4]} & {*bea[:4]}


def test_suspects_leave_their_queue_when_they_are_answered():
    proposed = {"dark": [Proposal(A, 0.1, "x"), Proposal(B, 0.2, "y")]}
    votes = votes_of((A, "ada", "bad"))
    assert queue_of("dark", standing_of(IDS, votes, proposals=proposed), LIMITS) == [
        Waiting(B, "y")
    ]
