"""What a finding says."""

import json

from wunderkammer.doctor.finding import Level, in_bytes, note, ok, problem


def test_a_level_is_its_word():
    assert json.dumps([ok("a", "b").level, note("a", "b").level, problem("a", "b", "c").level]) == (
        '["ok", "note", "problem"]'
    )
    assert list(Level) == ["ok", "note", "problem"]


def test_sizes_are_in_units_that_people_use():
    assert [in_bytes(n) for n in (0, 999, 1000, 99_940_000, 3.2e13)] == [
        "0 bytes", "999 bytes", "1.0 kB", "99.9 MB", "32.0 TB"
    ]  # fmt: skip
