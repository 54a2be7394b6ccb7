"""Nothing that anybody may still need is swept."""

import datetime as dt

import pytest

import toy
from buckets import content, made, opened
from wunderkammer.storage.manifest import Chain
from wunderkammer.storage.store import Store
from wunderkammer.storage.sweeping import sweep

NOW = dt.timedelta(seconds=-5)
"""Everything is older than that."""


@pytest.fixture
def address(tmp_path, copies):
    return f"file://{tmp_path}/bucket/words"


def test_what_is_young_is_left_even_if_nobody_names_it(address):
    made(address).run()
    store = Store(address)
    store.put("objects/ab/abandoned", b"an upload that was killed")
    before = {one.name for one in store.names("")}
    assert sweep(Chain(store)).n_objects == 0
    assert {one.name for one in store.names("")} == before


def test_what_was_replaced_is_swept_and_what_is_named_is_kept(address, copies):
    collection = made(address)
    collection.run()
    with collection.home.hold():
        toy.write_words(collection.root, toy.WORDS[:10])
    opened(address).run()
    store = Store(address)
    store.put("objects/ab/abandoned", b"an upload that was killed")
    before = content(collection.root)
    found = sweep(Chain(store), NOW)
    assert found.n_objects > 0
    assert found.n_manifests > 0
    assert store.read("objects/ab/abandoned") is None
    assert len(list(store.names("manifest/"))) == 1
    copies("there")
    assert content(opened(address).root) == before
