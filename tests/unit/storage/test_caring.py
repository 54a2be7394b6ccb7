"""Collections in a bucket are looked at, freed, swept and filled from a folder."""

import pytest

import toy
from buckets import content, forget, made, opened
from wunderkammer.core.errors import NotACollectionError
from wunderkammer.storage.caring import described, filled, freed, swept
from wunderkammer.storage.manifest import Lease


@pytest.fixture
def address(tmp_path, copies):
    yield f"file://{tmp_path}/bucket/words"
    forget()


def test_it_is_told_what_is_there_and_who_is_at_work(address):
    collection = made(address)
    said = "\n".join(described(address))
    assert "2 files, " in said
    assert "nobody is changing it" in said
    assert str(collection.root) in said
    with collection.home.hold():
        assert "held by process" in "\n".join(described(address))


def test_freeing_says_from_whom(address):
    collection = made(address)
    assert freed(address) == "nobody held it"
    collection.home.copy.lease(
        lambda newest: newest.model_copy(
            update={"lease": Lease(token="t", holder="process 7", since="", until="")}
        )
    )
    assert freed(address) == "freed from process 7"


def test_where_nothing_is_nothing_is_made(address, tmp_path):
    cares = (lambda: list(described(address)), lambda: freed(address), lambda: swept(address, 1))
    for care in cares:
        with pytest.raises(NotACollectionError, match="holds no collection"):
            care()
    assert not any((tmp_path / "copies").rglob("*"))


def test_a_collection_of_a_folder_goes_into_a_bucket_whole(address, copies, tmp_path):
    collection = toy.make(tmp_path / "plain", toy.WORDS)
    collection.run()
    collection.annotate([{"media_id": "0" * 20, "term": "sex", "value": "female"}])
    filled(collection.root, address)
    forget()
    copies("there")
    assert content(opened(address).root) == content(collection.root)
    with pytest.raises(NotACollectionError, match="holds a collection already"):
        filled(collection.root, address)
    with pytest.raises(NotACollectionError, match="is not a collection"):
        filled(tmp_path, address)
