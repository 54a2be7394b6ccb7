"""Digests that are noted before a file has its name, and notes that prove themselves."""

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wunderkammer.core import sums
from wunderkammer.core.sums import (
    SUMS,
    Sum,
    check_of,
    folder_written_noted,
    note,
    read_sums,
    remove_noted,
    settle,
    sum_of,
    write_noted_json,
    written_noted,
)


def write(folder, name, content):
    with written_noted(folder / name) as temporary:
        temporary.write_bytes(content)


def test_notes_are_what_sha256sum_reads(tmp_path):
    write(tmp_path, "b.txt", b"two")
    write_noted_json(tmp_path / "a.json", {"one": 1})
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    command = ["sha256sum", "--check", "--strict", SUMS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split("\n")) == ["", "a.json: OK", "b.txt: OK"]
    (tmp_path / "b.txt").write_bytes(b"too")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_the_same_files_have_the_same_notes_whatever_led_to_them(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    write(one, "a", b"1")
    write(one, "b", b"2")
    for name, content in (("b", b"0"), ("c", b"3"), ("b", b"2"), ("a", b"1")):
        write(other, name, content)
    remove_noted(other, ["c"])
    for folder in (one, other):
        settle(folder)
    assert (one / SUMS).read_bytes() == (other / SUMS).read_bytes()
    assert read_sums(one).checks == [check_of([("a", sum_of(one / "a")), ("b", sum_of(one / "b"))])]
    with folder_written_noted(tmp_path / "whole") as temporary:
        (temporary / "b").write_bytes(b"2")
        (temporary / "a").write_bytes(b"1")
    assert (tmp_path / "whole" / SUMS).read_bytes() == (one / SUMS).read_bytes()


def test_a_digest_is_on_disk_before_its_file_has_its_name(tmp_path):
    with pytest.raises(RuntimeError), written_noted(tmp_path / "a") as temporary:
        temporary.write_bytes(b"1")
        raise RuntimeError
    assert not (tmp_path / SUMS).exists(), "what was not finished is not noted"
    write(tmp_path, "a", b"old")
    note(tmp_path, {"a": Sum("0" * 64, 3)})  # as if it was killed before the file was renamed
    found = read_sums(tmp_path)
    assert sum_of(tmp_path / "a") in found.noted["a"]
    settle(tmp_path)
    assert read_sums(tmp_path).noted == {"a": [sum_of(tmp_path / "a")]}


def test_nothing_is_missed_that_never_had_its_name(tmp_path):
    note(tmp_path, {"a": Sum("0" * 64, 3)})  # killed before the first file of all was renamed
    found = read_sums(tmp_path)
    assert (sorted(found.noted), found.expected, found.is_sound) == (["a"], set(), True)
    settle(tmp_path)
    assert read_sums(tmp_path).noted == {}
    write(tmp_path, "a", b"new")
    settle(tmp_path)
    assert read_sums(tmp_path).expected == {"a"}


def test_settling_keeps_damage_to_be_found(tmp_path):
    write(tmp_path, "a", b"right")
    write(tmp_path, "b", b"right")
    settle(tmp_path)
    before = dict(read_sums(tmp_path).noted)
    (tmp_path / "a").write_bytes(b"wrong")
    (tmp_path / "b").unlink()
    write(tmp_path, "c", b"new")
    settle(tmp_path)
    after = read_sums(tmp_path)
    assert {name: after.noted[name] for name in "ab"} == before
    assert after.expected == {"a", "b", "c"}


@pytest.mark.parametrize("torn", ["# SHA", f"{sums._BEGIN}\n0123"])
def test_what_a_power_cut_tore_is_no_damage(tmp_path, torn):
    write(tmp_path, "a", b"1")
    with (tmp_path / SUMS).open("ab") as file:
        file.write(torn.encode())
    assert read_sums(tmp_path).is_sound
    write(tmp_path, "b", b"2")
    settle(tmp_path)
    found = read_sums(tmp_path)
    assert (sorted(found.noted), found.is_sound, found.is_settled) == (["a", "b"], True, True)


def test_a_disk_that_takes_no_more_leaves_the_notes_as_they_were(tmp_path, monkeypatch):
    write(tmp_path, "a", b"1")
    before = (tmp_path / SUMS).read_bytes()
    write_ = sums.os.write

    def full(handle, content):
        if len(content) > 20:
            return write_(handle, content[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sums.os, "write", full)
        with pytest.raises(OSError, match="No space"):
            write(tmp_path, "b", b"2")
    assert (tmp_path / SUMS).read_bytes() == before
    assert not (tmp_path / "b").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@example(place=271, bit=0)
def test_a_flipped_bit_in_the_notes_is_found_and_told_from_one_in_a_file(tmp_path, place, bit):
    folder = tmp_path / "files"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("part-001-000.parquet", "stage.json"):
        write(folder, name, name.encode())
    settle(folder)
    content = bytearray((folder / SUMS).read_bytes())
    content[place % len(content)] ^= 1 << bit
    (folder / SUMS).write_bytes(content)
    found = read_sums(folder)
    actual = {name: sum_of(folder / name) for name in ("part-001-000.parquet", "stage.json")}
    assert not found.is_sound
    sound = {one.sha256 for noted in found.noted.values() for one in noted}
    proven = sound == {one.sha256 for one in actual.values()} or found.explained_by(actual)
    assert proven or check_of(sorted(actual.items())) in found.checks


def test_notes_of_known_digests_are_the_same_and_are_read_one_at_a_time(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("a", "b/c", "é  d"):
        (tmp_path / name).write_text(name)
    sums.note_all(tmp_path)
    noted = (tmp_path / SUMS).read_bytes()
    known = [(name, sum_of(tmp_path / name)) for name in sorted(("a", "b/c", "é  d"))]
    sums.write_known(tmp_path, iter(known))
    assert (tmp_path / SUMS).read_bytes() == noted
    assert list(sums.each_known(tmp_path)) == known
    assert sums.are_known(tmp_path)
    for place in range(len(noted)):
        flipped = bytearray(noted)
        flipped[place] ^= 1
        (tmp_path / SUMS).write_bytes(flipped)
        assert not sums.are_known(tmp_path), place
