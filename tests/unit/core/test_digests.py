"""Digests of source files, remembered."""

import os
import shutil

from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.files import file_sha256


def test_only_bytes_decide(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    before = SourceDigest(tmp_path).of_files([path])[path]
    os.utime(path, (1, 1))
    assert SourceDigest(tmp_path).of_files([path])[path] == before == file_sha256(path)
    path.write_text("two")
    assert SourceDigest(tmp_path).of_files([path])[path] == file_sha256(path) != before


def test_a_change_of_same_length_and_time_is_seen(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    os.utime(path, (1, 1))
    before = SourceDigest(tmp_path).of_files([path])[path]
    path.write_text("two")
    os.utime(path, (1, 1))
    assert SourceDigest(tmp_path).of_files([path])[path] != before


def test_the_memory_may_be_lost(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    before = SourceDigest(tmp_path).of_files([path])
    shutil.rmtree(tmp_path / "cache")
    assert SourceDigest(tmp_path).of_files([path]) == before
