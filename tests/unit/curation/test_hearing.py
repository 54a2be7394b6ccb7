"""What people say, written and heard."""

import pytest

from wunderkammer.core import journal
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.curation.hearing import Hearing, user
from wunderkammer.curation.task import Task


@pytest.fixture
def hearing(sorting):
    return Hearing(sorting.collection, sorting.task)


@pytest.fixture
def known(sorting):
    return sorting.media.place


def test_what_is_said_stands_in_the_journal_with_what_was_said_before(hearing, known, sorting):
    one, two = list(known)[:2]
    assert hearing.say({one: "good", two: "unsure"}, "ada", known).before == {one: None, two: None}
    saved = hearing.say({one: "bad", two: "unsure"}, " ada ", known)
    assert (saved.n, saved.before) == (1, {one: "good", two: "unsure"})
    rows = journal.read(sorting.collection.root).to_pylist()
    names = ("media_id", "term", "value", "was", "who")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (one, "quality", "good", None, "ada"), (two, "quality", "unsure", None, "ada"),
        (one, "quality", "bad", "good", "ada"),
    ]  # fmt: skip


def test_what_was_said_before_said_again_is_the_undoing(hearing, known):
    one, two = list(known)[:2]
    hearing.say({one: "good"}, "ada", known)
    saved = hearing.say({one: "bad", two: "bad"}, "ada", known)
    hearing.say(saved.before, "ada", known)
    assert hearing.votes().labels == {one: "good"}


@pytest.mark.parametrize("wrong", [{"f" * 20: "good"}, {"ID": "god"}])
def test_nothing_is_written_if_anything_is_unknown(hearing, known, sorting, wrong):
    one, two = list(known)[:2]
    said = {two if media_id == "ID" else media_id: value for media_id, value in wrong.items()}
    with pytest.raises(UnknownNameError):
        hearing.say({one: "good", **said}, "ada", known)
    assert journal.read(sorting.collection.root).num_rows == 0


def test_without_a_name_it_is_the_user_of_this_machine(hearing, known):
    one = next(iter(known))
    hearing.say({one: "good"}, "", known)
    assert hearing.votes().people == {user(): 1}


def test_a_damaged_last_line_is_told_when_the_journal_is_opened(sorting, known):
    root = sorting.collection.root
    one = next(iter(known))
    Hearing(sorting.collection, sorting.task).say({one: "good"}, "ada", known)
    [path] = (root / "annotations").glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"media_id": "0')
    with pytest.warns(journal.DamagedJournalWarning, match="was not finished"):
        hearing = Hearing(sorting.collection, sorting.task)
    assert hearing.votes().labels == {one: "good"}


def test_other_tasks_have_votes_of_their_own(sorting, hearing, known):
    one = next(iter(known))
    other = Hearing(sorting.collection, Task("view", ("dorsal", "ventral")))
    other.say({one: "dorsal"}, "ada", known)
    assert hearing.votes().labels == {}
