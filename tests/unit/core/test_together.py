"""Files that wait are not there yet; those that are there are whole."""

import pytest

from wunderkammer.core.together import Together


def test_files_are_there_when_they_are_settled_and_not_before(tmp_path):
    goal = tmp_path / "a" / "b.txt"
    with Together() as together:
        together.begin(goal).write_bytes(b"whole")
        assert not goal.exists()
        together.settle()
        assert goal.read_bytes() == b"whole"
        together.begin(tmp_path / "c").write_bytes(b"too")
    assert (tmp_path / "c").read_bytes() == b"too"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b.txt", "c"]


def test_no_more_than_so_many_wait(tmp_path):
    with Together(most=3) as together:
        for number in range(10):
            together.begin(tmp_path / str(number)).write_bytes(b"%d" % number)
            assert len(list(tmp_path.glob(".tmp-*"))) <= 3
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        str(number): b"%d" % number for number in range(10)
    }


def test_a_file_that_is_written_twice_is_the_last(tmp_path):
    with Together() as together:
        together.begin(tmp_path / "a").write_bytes(b"first")
        together.begin(tmp_path / "a").write_bytes(b"second")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"second"]


def test_after_an_error_nothing_unfinished_is_left(tmp_path):
    def begun():
        with Together() as together:
            together.begin(tmp_path / "a").write_bytes(b"first")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begun()
    assert list(tmp_path.iterdir()) == []
