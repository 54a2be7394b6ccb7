"""One process alone changes a collection in a bucket; what it makes goes up while it works."""

import threading
import time

import pytest

from buckets import content, home, made, opened
from wunderkammer.core.errors import CollectionLockedError, LeaseLostError, StorageError
from wunderkammer.core.progress import Silent
from wunderkammer.storage.caring import freed
from wunderkammer.storage.holding import Holding
from wunderkammer.storage.manifest import Chain
from wunderkammer.storage.store import Store
from wunderkammer.storage.working_copy import copy_folder

LEASE_S = 4


@pytest.fixture
def address(tmp_path, copies):
    return f"file://{tmp_path}/bucket/words"


def test_the_second_of_two_drivers_is_refused_and_told_who_and_until_when(address, copies):
    one = made(address)
    with one.home.hold():
        copies("there")
        other = opened(address)
        with pytest.raises(CollectionLockedError) as refused:
            other.run()
        assert "is being changed by process" in refused.value.message
        lease = Chain(Store(address)).newest().lease
        assert f"held until {lease.until}" in refused.value.message
        assert "wk bucket free" in refused.value.hint
        assert not (other.root / "records").exists()
    other.run()
    assert (other.root / "records").exists()


def test_two_that_begin_at_the_same_moment_do_not_both_begin(address, copies, tmp_path):
    made(address)
    found = []
    for name in ("a", "b", "c", "d"):
        copies(name)
        found.append(home(address).copy)
    together, over, refused = threading.Barrier(4), threading.Barrier(4), []

    def begin(copy):
        together.wait()
        try:
            with Holding(copy):
                over.wait()
        except CollectionLockedError as error:
            refused.append(error)
            over.wait()

    threads = [threading.Thread(target=begin, args=(copy,)) for copy in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3


def test_one_that_was_taken_over_stops_and_commits_nothing_more(address, copies, monkeypatch):
    monkeypatch.setenv("WUNDERKAMMER_LEASE_S", "0.6")
    one = made(address)
    copies("there")
    other = opened(address)
    with pytest.raises(LeaseLostError, match="was taken over by"), one.home.hold():
        freed(address)
        with other.home.hold():
            (copy_folder(address) / "theirs.txt").write_text("theirs")
            (one.root / "mine.txt").write_text("mine")
            time.sleep(0.5)
            for _ in range(40):
                one.home._holding.tick(now=True)
                time.sleep(0.1)
    copies("elsewhere")
    root = opened(address).root
    assert (root / "theirs.txt").exists()
    assert not (root / "mine.txt").exists()


def test_a_lease_of_which_nothing_is_heard_is_free_after_its_time(address, copies, monkeypatch):
    one = made(address)
    dead = home(address)
    copies("there")
    other = opened(address)
    monkeypatch.setenv("WUNDERKAMMER_LEASE_S", str(LEASE_S))
    died = Holding(dead.copy)
    begun = time.monotonic()
    dead.copy.lease(lambda newest: died._taken(newest, ""))  # and is never heard of again
    n_refused = 0
    while time.monotonic() < begun + 60:
        try:
            other.run()
            break
        except CollectionLockedError:
            n_refused += 1
            time.sleep(0.2)
    assert n_refused, "the dead was still believed alive"
    assert time.monotonic() - begun >= LEASE_S
    assert content(one.root)["words.csv"]


def test_the_same_copy_goes_on_at_once_as_its_system_knows_who_is_dead(address, copies):
    made(address)
    dead = home(address)
    died = Holding(dead.copy)
    dead.copy.index.note("token", died._token)
    dead.copy.lease(lambda newest: died._taken(newest, ""))
    opened(address).run()
    assert Chain(Store(address)).newest().lease is None


def test_a_long_stage_is_in_the_bucket_before_it_ends(address, copies, monkeypatch):
    monkeypatch.setenv("WUNDERKAMMER_COMMIT_S", "0")
    seen = []

    class Looking(Silent):
        def advanced(self, group, n_done, n_failed):
            time.sleep(0.05)
            chain = Chain(Store(address))
            paths = chain.files(chain.newest())["path"].to_pylist()
            seen.append(sum(path.startswith("columns/measure/part-new") for path in paths))

    made(address).run(["ingest", "measure"], progress=Looking())
    assert max(seen) > 0


def test_a_run_that_fails_leaves_in_the_bucket_what_it_finished(address, copies):
    class Stopping(Silent):
        def advanced(self, group, n_done, n_failed):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made(address).run(progress=Stopping())
    copies("there")
    assert (opened(address).root / "records").is_dir()
    assert Chain(Store(address)).newest().lease is None


def test_a_bucket_that_takes_no_more_is_told_at_the_end_and_nothing_is_lost(address, tmp_path):
    one = made(address)
    objects = tmp_path / "bucket" / "words" / "objects"
    with pytest.raises(StorageError, match="could not be written"), one.home.hold():
        (one.root / "new.txt").write_text("new")
        objects.rename(objects.with_name("away"))
        objects.write_text("no folder")
    objects.unlink()
    objects.with_name("away").rename(objects)
    with opened(address).home.hold():
        assert (one.root / "new.txt").read_text() == "new"
    chain = Chain(Store(address))
    assert "new.txt" in chain.files(chain.newest())["path"].to_pylist()


def test_settings_changed_since_it_was_opened_are_not_run_over(address, copies):
    one = made(address)
    copies("there")
    other = opened(address)
    with other.home.hold():
        path = other.root / "collection.toml"
        path.write_text(path.read_text() + "[measure]\nfactor = 2\n")
    with pytest.raises(StorageError, match="was changed since it was opened"):
        one.run()
