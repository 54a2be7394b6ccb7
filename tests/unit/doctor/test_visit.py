"""The examination as a whole."""

from wunderkammer.doctor import SECTIONS, Level, examined


def test_sections_come_in_order_and_the_last_only_with_a_collection(tmp_path, collection):
    assert [name for name, _ in examined(tmp_path)] == list(SECTIONS[:-1])
    assert [name for name, _ in examined(collection.root)] == list(SECTIONS)
    assert [name for name, _ in examined(tmp_path, collection=True)] == list(SECTIONS)
    assert [name for name, _ in examined(tmp_path / "gone", collection=True)] == list(SECTIONS[:-1])


def test_a_folder_that_is_no_collection_is_a_problem_if_one_was_meant(tmp_path):
    (finding,) = dict(examined(tmp_path, collection=True))["collection"]
    assert finding.level == Level.PROBLEM
    assert finding.hint
