"""The journal of annotations."""

import multiprocessing

import pytest
from pydantic import ValidationError

from wunderkammer.core import journal
from wunderkammer.core.identity import stable_id
from wunderkammer.core.journal import Annotation

MEDIUM = stable_id("one")


def state(root, value):
    journal.append(root, [Annotation(media_id=MEDIUM, term="sex", value=value)])


def test_what_was_stated_is_read_back_in_order(tmp_path):
    for value in ("female", None, "male, <i>perhaps</i>\nsecond line"):
        state(tmp_path, value)
    rows = journal.read(tmp_path).to_pylist()
    assert [row["value"] for row in rows] == ["female", None, "male, <i>perhaps</i>\nsecond line"]
    assert all(row["who"] and row["when"] for row in rows)


def test_a_torn_last_line_costs_only_itself(tmp_path):
    state(tmp_path, "female")
    (path,) = (tmp_path / "annotations").glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"media_id": "' + MEDIUM.encode())
    state(tmp_path, "male")
    assert [row["value"] for row in journal.read(tmp_path).to_pylist()] == ["female", "male"]


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
