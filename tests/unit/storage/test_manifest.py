"""The chain of manifests has one order, and each says all that a reader needs."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from wunderkammer.core.errors import LeaseLostError, StorageError
from wunderkammer.storage.manifest import SCHEMA, Chain, Lease, Manifest
from wunderkammer.storage.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(f"file://{tmp_path}/bucket")


def changes(*paths, gone=()):
    rows = [{"path": p, "object": f"o/{p}", "size": 1, "sha256": "0"} for p in paths]
    rows += [{"path": p, "object": "", "size": 0, "sha256": ""} for p in gone]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def advance(chain, rows):
    return chain.advance(lambda newest: chain.with_changes(newest, rows))


def paths(chain):
    return chain.files(chain.newest())["path"].to_pylist()


def test_where_nothing_is_the_chain_begins_with_one(store):
    assert Chain(store).newest().number == 0
    assert advance(Chain(store), changes("a")).number == 1
    assert Chain(store).newest().number == 1


def test_later_changes_win_and_what_is_gone_is_gone(store):
    chain = Chain(store)
    advance(chain, changes("b", "a"))
    advance(chain, changes("c", gone=["a"]))
    assert paths(Chain(store)) == ["b", "c"]
    advance(chain, changes("a"))
    assert paths(Chain(store)) == ["a", "b", "c"]


def test_many_writers_at_once_lose_nothing(store):
    def write(n):
        advance(Chain(store), changes(f"{n:02d}"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))
    assert paths(Chain(store)) == [f"{n:02d}" for n in range(24)]
    assert Chain(store).newest().number == 24


def test_a_manifest_stays_small_however_many_came_before(store):
    chain = Chain(store)
    for n in range(40):
        made = advance(chain, changes(f"{n:03d}"))
        assert len(made.changes) <= 16
    made = advance(chain, changes(*(f"x{n:05d}" for n in range(1200))))
    assert (made.changes, made.n_listed) == ((), 1240)
    assert len(paths(Chain(store))) == 1240


def test_one_that_lost_its_lease_cannot_go_on(store):
    def lease(token):
        return Lease(token=token, holder=f"process {token}", since="", until="2999-01-01T00:00Z")

    chain = Chain(store)
    chain.advance(lambda newest: newest.model_copy(update={"lease": lease("first")}))
    chain.advance(lambda newest: newest, "first")
    Chain(store).advance(lambda newest: newest.model_copy(update={"lease": lease("second")}))
    with pytest.raises(LeaseLostError, match="taken over by process second"):
        chain.advance(lambda newest: newest, "first")
    assert chain.newest().number == 3


def test_what_later_versions_add_is_not_stumbled_over(store):
    store.put("manifest/000000000001.json", b'{"number": 1, "new": true}')
    assert Chain(store).newest() == Manifest(number=1)
    store.put("manifest/000000000002.json", b"{")
    with pytest.raises(StorageError, match=r"manifest/000000000002.json cannot be understood"):
        Chain(store).newest()
