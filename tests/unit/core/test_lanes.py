"""Lanes."""

import pyarrow as pa

from wunderkammer.core.lanes import Lanes

ROWS = [(f"{n:02d}", f"key {n}", "ab"[n % 3 == 0]) for n in range(10)]


def lanes_in(folder):
    tables = [
        pa.table(dict(zip(("media_id", "key", "host"), zip(*some, strict=True), strict=True)))
        for some in (ROWS[:4], ROWS[4:])
    ]
    return Lanes(folder / "cache" / "lanes.sqlite", tables, lambda row: row["host"])


def test_each_lane_gives_its_media_once_and_in_order(tmp_path):
    with lanes_in(tmp_path) as lanes:
        assert lanes.waiting() == {"a": 6, "b": 4}
        taken = [row["media_id"] for n in (1, 3, 5, 5) for row in lanes.take("a", n)]
        assert taken == [media_id for media_id, _, host in ROWS if host == "a"]
        assert lanes.waiting() == {"a": 0, "b": 4}
        assert lanes.take("nobody", 1) == []


def test_the_key_of_a_medium_is_kept_until_it_has_its_outcome(tmp_path):
    with lanes_in(tmp_path) as lanes:
        first = lanes.take("b", 1)[0]
        assert first == {"media_id": "00", "key": "key 0", "host": "b"}
        assert lanes.key_of("00") == "key 0"


def test_the_scratch_file_goes_away(tmp_path):
    with lanes_in(tmp_path):
        assert list((tmp_path / "cache").iterdir())
    assert list((tmp_path / "cache").iterdir()) == []
