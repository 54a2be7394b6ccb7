"""What a finding says."""

import json

from wunderkammer.doctor.finding import Level, note, ok, problem


def test_a_level_is_its_word():
    assert json.dumps([ok("a", "b").level, note("a", "b").level, problem("a", "b", "c").level]) == (
        '["ok", "note", "problem"]'
    )
    assert list(Level) == ["ok", "note", "problem"]
