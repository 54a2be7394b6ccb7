"""Verification: what is looked at; that each kind of damage is found is tests/property."""

import pytest

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import CollectionLockedError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.findings import Fault
from wunderkammer.core.lock import only_writer


def test_a_sound_collection_has_no_findings_and_all_its_files_were_looked_at(collection):
    seen = []
    found = collection.verify(each=lambda *now: seen.append(now))
    assert (found.findings, found.unproven, found.is_as_last_run) == ([], [], True)
    assert found.n_files > 30
    assert seen[-1][0] <= found.n_files
    quick = collection.verify(quick=True)
    assert (quick.findings, quick.n_files) == ([], found.n_files)


def test_changed_settings_are_told_and_are_no_damage(collection):
    path = collection.root / "collection.toml"
    path.write_text(path.read_text() + "[measure]\nfactor = 2\n")
    found = Collection(collection.root, collection.pipeline).verify()
    assert (found.findings, found.is_as_last_run) == ([], False)


def test_files_that_are_not_ours_are_only_read(collection):
    folder = collection.root / "columns" / "measure"
    write_bytes(folder / "mine.json", b'{"one": 1}')
    found = collection.verify()
    assert (found.findings, found.unproven) == ([], ["columns/measure/mine.json"])
    write_bytes(folder / "mine.json", b'{"one": ')
    (finding,) = collection.verify().findings
    assert (finding.path, finding.fault) == ("columns/measure/mine.json", Fault.UNREADABLE)


def test_nobody_may_change_it_meanwhile(collection):
    with only_writer(collection.root), pytest.raises(CollectionLockedError):
        collection.verify()
