import os

import pytest

from wunderkammer.atlas.placing import Placing, equal_files


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.jpg"
    path.write_bytes(b"picture")
    return path


def test_files_are_written_copied_and_linked(tmp_path, source):
    with Placing(tmp_path / "site") as placing:
        placing.write("a.json", b"{}")
        placing.copy("b/copy.jpg", source)
        placing.link("c/d/link.jpg", source)
    site = tmp_path / "site"
    assert (site / "a.json").read_bytes() == b"{}"
    assert (site / "b/copy.jpg").read_bytes() == b"picture"
    assert not (site / "b/copy.jpg").samefile(source)
    assert (site / "c/d/link.jpg").samefile(source)
    assert not [path for path in site.rglob("*") if path.name.startswith(".")]


def test_what_is_there_and_equal_is_left_alone(tmp_path, source):
    for _ in range(2):
        with Placing(tmp_path) as placing:
            placing.write("a", b"1")
            placing.copy("b", source)
            placing.link("c", source)
        times = [(tmp_path / name).stat().st_mtime_ns for name in "abc"]
        inodes = [(tmp_path / name).stat().st_ino for name in "abc"]
    with Placing(tmp_path) as placing:
        placing.write("a", b"1")
        placing.copy("b", source)
        placing.link("c", source)
    assert [(tmp_path / name).stat().st_mtime_ns for name in "abc"] == times
    assert [(tmp_path / name).stat().st_ino for name in "abc"] == inodes


def test_it_is_told_once_before_the_first_file_that_is_not_there(tmp_path, source):
    told = []
    for _ in range(2):
        with Placing(tmp_path / "site", lambda: told.append((tmp_path / "site").exists())) as one:
            one.write("a", b"1")
            one.copy("b", source)
            one.link("c", source)
    assert told == [False], "and never where all is there and equal"


def test_what_is_there_and_differs_is_replaced_and_its_other_names_are_not(tmp_path, source):
    other = tmp_path / "other.jpg"
    other.write_bytes(b"another")
    (tmp_path / "c").hardlink_to(other)
    with Placing(tmp_path) as placing:
        placing.link("c", source)
    assert (tmp_path / "c").samefile(source)
    assert other.read_bytes() == b"another"


def test_where_no_link_can_be_made_a_copy_is(tmp_path, source, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("another disk")))
    with Placing(tmp_path / "site") as placing:
        placing.link("c", source)
    assert (tmp_path / "site/c").read_bytes() == b"picture"
    assert not (tmp_path / "site/c").samefile(source)


def test_an_error_leaves_nothing_unfinished(tmp_path, source):
    def begun():
        with Placing(tmp_path / "site") as placing:
            placing.copy("b", source)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begun()
    assert list((tmp_path / "site").iterdir()) == []


def test_more_files_than_wait_at_once_all_arrive(tmp_path):
    with Placing(tmp_path / "site") as placing:
        for number in range(1_100):
            placing.write(f"{number % 7}/{number}", str(number).encode())
    found = {int(path.name): path.read_text() for path in (tmp_path / "site").glob("*/*")}
    assert found == {number: str(number) for number in range(1_100)}


def test_files_are_equal_by_their_bytes(tmp_path, source):
    for name, content in (("a", b"picture"), ("b", b"pictura"), ("c", b"pic")):
        (tmp_path / name).write_bytes(content)
    assert [equal_files(source, tmp_path / name) for name in "abcd"] == [True, False, False, False]
    assert equal_files(source, source)
