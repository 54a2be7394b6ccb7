"""Images that rows name; that damage to them is made good is tests/property."""

import pytest

from wunderkammer.core import stored
from wunderkammer.core.findings import Fault
from wunderkammer.core.stored import is_ours


def test_our_own_copies_are_told_from_the_files_of_the_source():
    assert is_ours("media/ab/ab12.jpg")
    assert not is_ours("source/media/ab12.jpg")
    assert not is_ours("/photographs/ab12.jpg")


@pytest.mark.parametrize("few", [0, 65_536])
def test_a_made_image_is_missed_by_each_medium_whose_it_is(collection, monkeypatch, few):
    monkeypatch.setattr(stored, "_FEW", few)
    rows = collection.query("SELECT media_id, picture FROM measure ORDER BY media_id").to_pylist()
    (collection.root / rows[3]["picture"]).unlink()
    (finding,) = collection.verify(quick=True).findings
    assert (finding.path, finding.fault) == (rows[3]["picture"], Fault.MISSING)
    assert (finding.group, finding.media) == ("measure", (rows[3]["media_id"],))


def test_an_image_that_no_row_names_is_only_set_aside(collection):
    path = collection.root / "blobs" / "picture" / "ab" / ("ab" * 32 + ".txt")
    path.parent.mkdir(exist_ok=True)
    path.write_text("nobody's")
    found = collection.verify(repair=True)
    assert [(one.fault, one.media) for one in found.findings] == [(Fault.OTHER_BYTES, ())]
    assert found.left == []
    assert not path.exists()
    assert collection.plan().nothing_to_do
