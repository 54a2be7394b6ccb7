"""Votes: labels, conflicts, and how far people agree."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from sorting_board import TASK, ids_of, votes_of
from wunderkammer.core.journal import SCHEMA
from wunderkammer.curation.votes import Ballot, agreements, cohen_kappa, read_votes

ONE, TWO, *_ = ids_of(4)
SETTLED = TASK.settled_term


def test_where_all_agree_that_is_the_label():
    votes = votes_of((ONE, "ada", "good"), (ONE, "bea", "good"), (TWO, "ada", "unsure"))
    assert votes.labels == {ONE: "good", TWO: "unsure"}
    assert votes.of(ONE) == {"ada": "good", "bea": "good"}
    assert votes.people == {"ada": 2, "bea": 1}
    assert (votes.n_by_class, votes.n_unsure) == ({"good": 1, "bad": 0}, 1)


def test_the_last_answer_of_a_person_is_their_vote():
    votes = votes_of((ONE, "ada", "good"), (ONE, "ada", "bad"), (TWO, "ada", "bad"),
                     (TWO, "ada", None))  # fmt: skip
    assert votes.labels == {ONE: "bad"}
    assert not votes.is_answered(TWO)


def test_people_who_disagree_leave_no_label_until_somebody_settles_it():
    apart = [(ONE, "ada", "good"), (ONE, "bea", "unsure")]
    assert votes_of(*apart).labels == {}
    assert votes_of(*apart).conflicts == (ONE,)
    settled = [*apart, (ONE, "carl", "bad", SETTLED)]
    assert votes_of(*settled).labels == {ONE: "bad"}
    assert votes_of(*settled, (ONE, "bea", "good")).labels == {ONE: "bad"}
    again = votes_of(*settled, (ONE, "ada", None, SETTLED))
    assert (again.labels, again.conflicts) == ({}, (ONE,))


def test_an_answer_that_is_no_class_any_more_counts_for_nothing_and_is_told():
    votes = votes_of((ONE, "ada", "fine"), (ONE, "bea", "good"))
    assert votes.labels == {ONE: "good"}
    assert votes.strangers == {"fine": 1}
    assert votes_of((ONE, "ada", "fine"), (ONE, "ada", "bad")).strangers == {}


def test_votes_on_other_things_are_not_heard():
    ballot = Ballot(TASK)
    assert not ballot.add([{"media_id": ONE, "term": "sex", "value": "good", "who": "ada"}])
    assert ballot.votes().labels == {}


def test_votes_of_a_moment_do_not_change_afterwards():
    ballot = Ballot(TASK)
    ballot.add([{"media_id": ONE, "term": TASK.term, "value": "good", "who": "ada"}])
    before = ballot.votes()
    ballot.add([{"media_id": ONE, "term": TASK.term, "value": "bad", "who": "bea"}])
    assert before.labels == {ONE: "good"}
    assert before.of(ONE) == {"ada": "good"}


statements = st.tuples(
    st.sampled_from([ONE, TWO]),
    st.sampled_from(["ada", "bea"]),
    st.sampled_from(["good", "bad", "unsure", "odd", None]),
    st.sampled_from([TASK.term, TASK.term, SETTLED]),
)


@given(st.lists(statements, max_size=25), st.integers(0, 25))
def test_counting_in_parts_is_counting_at_once(said, cut):
    rows = [
        {"media_id": one, "who": who, "value": value, "term": term, "was": None, "when": ""}
        for one, who, value, term in said
    ]
    ballot = Ballot(TASK)
    ballot.add(rows[:cut])
    ballot.add(rows[cut:])
    assert ballot.votes() == read_votes(pa.Table.from_pylist(rows, schema=SCHEMA), TASK)


def test_kappa_is_that_of_cohen():
    ids = ids_of(60)
    one = ["good", "bad", "unsure"] * 20
    other = [*one[:40], *["good"] * 20]
    votes = votes_of(
        *((media_id, "ada", value) for media_id, value in zip(ids, one, strict=True)),
        *((media_id, "bea", value) for media_id, value in zip(ids, other, strict=True)),
        ("f" * 20, "ada", "good"),
    )
    found = cohen_kappa(votes, "ada", "bea")
    assert found.n == 60
    assert found.kappa == pytest.approx(cohen_kappa_score(one, other))
    assert -1 <= found.low < found.kappa < found.high <= 1
    assert agreements(votes) == [found]


def test_the_interval_of_kappa_is_the_published_one():
    # Fleiss, Cohen & Everitt (1969), table 1: kappa 0.429, and the variance 0.002885 at n = 200
    cells = {("a", "a"): 106, ("a", "b"): 10, ("a", "c"): 4, ("b", "a"): 22, ("b", "b"): 28,
             ("b", "c"): 10, ("c", "a"): 2, ("c", "b"): 12, ("c", "c"): 6}  # fmt: skip
    from wunderkammer.curation.task import Task

    task = Task("kind", ("a", "b", "c"))
    pairs = [pair for pair, n in cells.items() for _ in range(n)]
    said = []
    for media_id, (one, other) in zip(ids_of(200), pairs, strict=True):
        said += [(media_id, "ada", one), (media_id, "bea", other)]
    found = cohen_kappa(votes_of(*said, task=task), "ada", "bea")
    assert found.kappa == pytest.approx(0.429, abs=5e-4)
    assert ((found.high - found.low) / 2 / 1.96) ** 2 == pytest.approx(0.002885, rel=0.01)


def test_two_who_share_nothing_or_never_differ_have_no_kappa():
    votes = votes_of((ONE, "ada", "good"), (TWO, "bea", "good"))
    assert cohen_kappa(votes, "ada", "bea").kappa is None
    same = votes_of((ONE, "ada", "good"), (ONE, "bea", "good"))
    assert cohen_kappa(same, "ada", "bea").kappa is None
