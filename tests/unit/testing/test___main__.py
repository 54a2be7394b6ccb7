"""The command that draws a collection."""

from wunderkammer.testing.__main__ import main


def test_command_writes_an_archive_with_images(tmp_path):
    arguments = ["--out", str(tmp_path), "--n", "3", "--size", "160", "--kinds", "beetle,leaf"]
    assert main(arguments) == 0
    assert len(list((tmp_path / "images").glob("*.jpg"))) >= 3
    assert (tmp_path / "meta.xml").is_file()


def test_unknown_kind_ends_with_two_and_writes_nothing(tmp_path):
    assert main(["--out", str(tmp_path / "new"), "--kinds", "beetel"]) == 2
    assert not (tmp_path / "new").exists()
