from wunderkammer.core.sizes import in_bytes


def test_sizes_are_in_units_that_people_use():
    assert [in_bytes(n) for n in (0, 999, 1000, 99_940_000, 3.2e13)] == [
        "0 bytes", "999 bytes", "1.0 kB", "99.9 MB", "32.0 TB"
    ]  # fmt: skip
