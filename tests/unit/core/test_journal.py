"""The journal of annotations."""

import multiprocessing
import os
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wunderkammer.core import journal
from wunderkammer.core.identity import stable_id
from wunderkammer.core.journal import Annotation, DamagedJournalWarning, Follower

MEDIUM = stable_id("one")


def state(root, value):
    journal.append(root, [Annotation(media_id=MEDIUM, term="sex", value=value)])


def test_what_was_stated_is_read_back_in_order(tmp_path):
    for value in ("female", None, "male, <i>perhaps</i>\nsecond line"):
        state(tmp_path, value)
    rows = journal.read(tmp_path).to_pylist()
    assert [row["value"] for row in rows] == ["female", None, "male, <i>perhaps</i>\nsecond line"]
    assert all(row["who"] and row["when"] for row in rows)


def tear(root, content):
    (path,) = (root / "annotations").glob("*.jsonl")
    with path.open("ab") as file:
        file.write(content)
    return path


def values(root):
    return [row["value"] for row in journal.read(root).to_pylist()]


TORN = b'{"media_id": "' + MEDIUM.encode()


def test_a_torn_last_line_is_put_aside_told_once_and_the_journal_goes_on_whole(tmp_path):
    state(tmp_path, "female")
    path = tear(tmp_path, TORN)
    with pytest.warns(DamagedJournalWarning, match="34 bytes") as told:
        state(tmp_path, "male")
    state(tmp_path, None)
    assert len(told) == 1
    assert values(tmp_path) == ["female", "male", None]
    assert path.with_suffix(".damaged").read_bytes() == TORN + b"\n"
    assert all(line.endswith(b"}\n") for line in path.read_bytes().splitlines(keepends=True))


@pytest.mark.parametrize("torn", [TORN, b"\0" * 300, b"\xff\xfe{"])
def test_mending_keeps_what_it_takes_out(tmp_path, torn):
    state(tmp_path, "female")
    path = tear(tmp_path, torn)
    with pytest.warns(DamagedJournalWarning):
        journal.mend(tmp_path)
    journal.mend(tmp_path)
    assert path.with_suffix(".damaged").read_bytes() == torn + b"\n"
    assert values(tmp_path) == ["female"]


def test_a_whole_last_statement_only_lacks_its_end(tmp_path):
    state(tmp_path, "female")
    path = tear(tmp_path, b"")
    os.truncate(path, path.stat().st_size - 1)
    assert values(tmp_path) == ["female"]
    state(tmp_path, "male")
    assert values(tmp_path) == ["female", "male"]
    assert not path.with_suffix(".damaged").exists()


def test_a_disk_that_is_full_leaves_no_half_statement(tmp_path, monkeypatch):
    state(tmp_path, "female")
    write = os.write

    def full(handle, content):
        if len(content) > 20:
            return write(handle, content[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            state(tmp_path, "a value that is long enough to be cut in the midst of it")
    state(tmp_path, "male")
    assert values(tmp_path) == ["female", "male"]


def test_a_follower_reads_only_what_was_appended(tmp_path):
    follower = Follower(tmp_path)
    assert follower.news() == ([], True)
    state(tmp_path, "female")
    state(tmp_path, "male")
    rows, anew = follower.news()
    assert ([row["value"] for row in rows], anew) == (["female", "male"], False)
    assert follower.news() == ([], False)
    path = tear(tmp_path, TORN)
    assert follower.news() == ([], False)
    with pytest.warns(DamagedJournalWarning):
        state(tmp_path, None)
    rows, anew = follower.news()
    assert ([row["value"] for row in rows], anew) == ([None], False)
    assert path.exists()


def test_a_follower_begins_anew_where_the_past_has_changed(tmp_path):
    follower = Follower(tmp_path)
    state(tmp_path, "female")
    follower.news()
    path = tear(tmp_path, b"")
    earlier = path.with_name("2001-01.jsonl")
    earlier.write_bytes(path.read_bytes().replace(b"female", b"juvenile"))
    rows, anew = follower.news()
    assert ([row["value"] for row in rows], anew) == (["juvenile", "female"], True)
    earlier.write_bytes(path.read_bytes().replace(b"female", b"unknown and long"))
    rows, anew = follower.news()
    assert ([row["value"] for row in rows], anew) == (["unknown and long", "female"], True)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["say", "look", "tear"]), st.text(max_size=5))))
def test_following_is_reading(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("journal")
    follower, heard = Follower(root), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DamagedJournalWarning)
        for what, value in [*steps, ("look", "")]:
            if what == "say":
                state(root, value)
            elif what == "tear" and (root / "annotations").is_dir():
                tear(root, value.encode())
            else:
                rows, anew = follower.news()
                heard = ([] if anew else heard) + rows
    assert heard == journal.read(root).to_pylist()


def many(root, who):
    for n in range(50):
        one = Annotation(media_id=MEDIUM, term="n", value=str(n), who=who)
        journal.append(root, [one])


def test_several_people_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("fork")
    people = [context.Process(target=many, args=(tmp_path, name)) for name in ("ada", "bea")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    rows = journal.read(tmp_path).to_pylist()
    for name in ("ada", "bea"):
        mine = [row["value"] for row in rows if row["who"] == name]
        assert mine == [str(n) for n in range(50)]


@pytest.mark.parametrize("wrong", ["../../etc", "short", "G" * 20])
def test_a_medium_is_named_by_its_id_only(wrong):
    with pytest.raises(ValidationError):
        Annotation(media_id=wrong, term="sex", value="x")
