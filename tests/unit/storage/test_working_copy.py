"""A folder that is a copy of what a bucket holds, and what becomes of changes on either side."""

import shutil

import pytest

from buckets import content, home, made, opened
from wunderkammer.core.errors import StorageError
from wunderkammer.core.journal import Annotation, append, read
from wunderkammer.storage.manifest import Chain
from wunderkammer.storage.store import Store
from wunderkammer.storage.working_copy import copy_folder

ID = "0123456789abcdef0123"


@pytest.fixture
def address(tmp_path, copies):
    return f"file://{tmp_path}/bucket/words"


def test_what_is_made_on_one_machine_is_on_another_to_the_last_byte(address, copies):
    made(address).run()
    here = content(opened(address).root)
    copies("there")
    there = opened(address)
    assert content(there.root) == here
    assert not there.plan().stages[0].reasons
    assert {name for name in here if name.startswith("blobs/")}


def test_what_is_removed_on_one_machine_is_removed_on_another(address, copies):
    one = made(address)
    (one.root / "extra.txt").write_text("for a while")
    one.run()
    copies("there")
    there = opened(address).root
    assert (there / "extra.txt").exists()
    copies("here")
    with one.home.hold():
        (one.root / "extra.txt").unlink()
    copies("there")
    opened(address)
    assert not (there / "extra.txt").exists()


def test_tables_alone_are_fetched_where_they_are_enough(address, copies):
    made(address).run()
    copies("there")
    found = home(address)
    found.copy.refresh(whole=False)
    assert (found.copy.root / "columns" / "measure").is_dir()
    assert not (found.copy.root / "blobs").exists()
    found.copy.refresh()
    assert list((found.copy.root / "blobs").rglob("*.txt"))


def test_only_what_is_new_goes_up(address, copies):
    collection = made(address)
    collection.run()
    store = Store(address)
    before = {one.name for one in store.names("objects/")}
    with collection.home.hold():
        (collection.root / "note.txt").write_text("new")
    added = {one.name for one in store.names("objects/")} - before
    assert len(added) == 2  # the note, and the change that names it


def test_what_was_never_committed_is_kept_as_long_as_nobody_else_commits(address, copies):
    one = made(address)
    (one.root / "mine.txt").write_text("mine")
    assert opened(address).root == one.root
    assert (one.root / "mine.txt").exists()
    copies("there")
    with opened(address).home.hold():
        (copy_folder(address) / "theirs.txt").write_text("theirs")
    copies("here")
    opened(address)
    assert not (one.root / "mine.txt").exists()
    assert (one.root / "theirs.txt").read_text() == "theirs"


def test_settings_that_two_people_changed_are_nobodys_to_choose(address, copies):
    one = made(address)
    (one.root / "collection.toml").write_text("# mine\n[ingest]\n")
    copies("there")
    other = opened(address)
    with other.home.hold():
        (other.root / "collection.toml").write_text("# theirs\n[ingest]\n")
    copies("here")
    with pytest.raises(StorageError, match="was changed here, and in"):
        opened(address)
    assert "mine" in (one.root / "collection.toml").read_text()


def test_statements_of_two_people_at_once_are_all_kept(address, copies):
    one = made(address)
    copies("there")
    other = opened(address)
    for n in range(3):
        append(one.root, [Annotation(media_id=ID, term="sex", value=f"here {n}")])
        one.home.copy.state()
        append(other.root, [Annotation(media_id=ID, term="sex", value=f"there {n}")])
        other.home.copy.state()
    said = {f"{where} {n}" for where in ("here", "there") for n in range(3)}
    copies("elsewhere")
    assert set(read(opened(address).root)["value"].to_pylist()) == said
    assert read(opened(address).root).num_rows == 6


def test_a_mask_beside_the_journal_goes_up_with_the_statement(address, copies):
    one = made(address)
    mask = one.root / "annotations" / "masks" / "a.png"
    mask.parent.mkdir(parents=True)
    mask.write_bytes(b"a mask")
    one.annotate([{"media_id": ID, "term": "mask", "value": "masks/a.png"}])
    one.home.settle()
    copies("there")
    assert (opened(address).root / "annotations/masks/a.png").read_bytes() == b"a mask"


def test_an_object_with_other_bytes_is_never_taken(address, copies, tmp_path):
    made(address)
    listing = Chain(Store(address)).files(Chain(Store(address)).newest())
    name = listing["object"].to_pylist()[listing["path"].to_pylist().index("words.csv")]
    path = tmp_path / "bucket" / "words" / name
    path.write_bytes(path.read_bytes()[:-1])
    copies("there")
    with pytest.raises(StorageError, match="has other bytes than were written"):
        opened(address)
    assert not (copy_folder(address) / "words.csv").exists()


def test_a_copy_that_lost_its_index_is_made_whole_again(address, copies):
    one = made(address)
    one.run()
    before = content(one.root)
    shutil.rmtree(one.root / ".bucket")
    assert content(opened(address).root) == before
