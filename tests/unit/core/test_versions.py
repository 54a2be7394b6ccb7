"""What tells a file from another of its name."""

import os

from wunderkammer.core.versions import version, versions


def test_a_file_that_grew_or_was_replaced_is_another(tmp_path):
    path = tmp_path / "a"
    assert versions([path]) == {path: None}
    path.write_text("one")
    seen = version(path)
    assert version(path) == seen
    with path.open("a") as file:
        file.write("more")
    os.utime(path, ns=(seen[1], seen[1]))
    assert version(path) != seen, "a clock too coarse hides no growth"
    (tmp_path / "b").write_text("one")
    os.utime(tmp_path / "b", ns=(seen[1], seen[1]))
    (tmp_path / "b").replace(path)
    assert version(path) != seen
