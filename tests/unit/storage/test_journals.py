"""Journals of several machines become one, in which nobody's statement is lost or doubled."""

import pytest

from wunderkammer.storage.index import Index
from wunderkammer.storage.journals import differ, merged
from wunderkammer.storage.store import Store

NAME = "annotations/2026-11.jsonl"


class Machine:
    """A working copy as far as journals go."""

    def __init__(self, root, store):
        (root / "annotations").mkdir(parents=True)
        self.root, self.store, self.path = root, store, root / NAME
        self.index = Index(root / "index")

    def says(self, text):
        with self.path.open("a") as file:
            file.write(text)

    def meets(self, theirs):
        made = merged(self.root, self.index, self.store, theirs)
        self.index.put_journals(made)
        return made


@pytest.fixture
def machines(tmp_path):
    store = Store(f"file://{tmp_path}/bucket")
    return Machine(tmp_path / "a", store), Machine(tmp_path / "b", store)


def test_what_both_said_is_in_both(machines):
    one, other = machines
    one.says("1\n")
    known = one.meets({})
    other.says("2\n")
    known = other.meets(known)
    one.says("3\n")
    known = one.meets(known)
    known = other.meets(known)
    assert one.path.read_text() == other.path.read_text() == "1\n2\n3\n"
    assert one.store.read(known[NAME].object) == b"1\n2\n3\n"
    assert not differ(one.root, known)


def test_the_same_again_writes_nothing(machines):
    one, _ = machines
    one.says("1\n")
    known = one.meets({})
    n_objects = len(list(one.store.names("")))
    assert one.meets(known) == known
    assert len(list(one.store.names(""))) == n_objects


def test_a_line_that_is_being_written_waits_and_is_not_lost(machines):
    one, other = machines
    other.says("2\n")
    known = other.meets({})
    one.says("1\n3")
    assert differ(one.root, known)
    known = one.meets(known)
    assert one.store.read(known[NAME].object) == b"2\n1\n"
    one.says("4\n")
    known = one.meets(known)
    assert one.store.read(known[NAME].object) == b"2\n1\n34\n"


def test_a_copy_without_an_index_doubles_nothing(machines, tmp_path):
    one, _ = machines
    one.says("1\n2\n")
    known = one.meets({})
    one.index = Index(tmp_path / "another")
    assert one.meets(known) == known
    assert one.path.read_text() == "1\n2\n"
