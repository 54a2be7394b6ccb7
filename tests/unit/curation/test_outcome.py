"""How each medium is sorted as things stand."""

from sorting_board import ids_of, predictions_of, standing_of, votes_of
from wunderkammer.curation.outcome import outcomes

IDS = ids_of(5)
A, B, C, D, E = IDS


def test_people_come_first_then_the_ensemble_and_doubts_are_for_people():
    votes = votes_of((A, "ada", "bad"), (B, "ada", "unsure"), (C, "ada", "good"), (C, "bea", "bad"))
    standing = standing_of(IDS, votes, predictions_of(IDS[:4], [0.1, 0.1, 0.9, 0.3]))
    found = {one.media_id: tuple(one)[1:] for one in outcomes(standing, 0.8)}
    assert found[A] == ("bad", 1.0, False, "person")
    assert (found[B][0], found[B][2:]) == ("good", (True, "ensemble"))
    assert (found[C][0], found[C][2:]) == ("bad", (True, "ensemble"))
    assert (found[D][0], round(found[D][1], 3), *found[D][2:]) == ("good", 0.7, True, "ensemble")
    assert found[E] == (None, None, False, "")
    assert not outcomes(standing, 0.6)[3].review
