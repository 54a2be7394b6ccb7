import pytest

from wunderkammer.fetch.crew import remove_orphans
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.ledger import Ledger, Partial
from wunderkammer.fetch.partial import FOLDER
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import dripping
from wunderkammer.testing.hosts.rules import Rule


def test_part_files_stay_only_while_something_is_known_of_them(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    for name in ("known", "unknown"):
        (folder / name).write_bytes(b"half")
    ledger = Ledger(tmp_path)
    ledger.keep_partial(Partial("known", "http://museum.example/1", '"tag"', 10))
    assert remove_orphans(tmp_path, ledger) == {"known"}
    ledger.close()
    assert [path.name for path in folder.iterdir()] == ["known"]


def test_what_is_in_flight_when_a_run_is_stopped_still_comes(fetch):
    with ImageHost([Rule(dripping(60_000))]) as site:
        addresses = [site.address(f"{n}.jpg") for n in range(30)]
        came = fetch(
            addresses,
            stop=lambda: len(site.requests()) >= 3,
            concurrency_per_host=2,
        )
        assert 2 <= len(came.fetched) < 30
        whole = [one for one in site.requests() if one.whole and one.status == 200]
        assert len(whole) == len(came.fetched)


def test_a_run_of_nothing_ends(fetch):
    came = fetch([])
    assert not came.fetched
    assert not came.left


def test_a_queue_that_breaks_ends_the_run_with_its_error(tmp_path, policy):
    class Broken:
        def waiting(self):
            return {"127.0.0.1:1": 5}

        def take(self, host, n):
            raise LookupError("the list is gone")

    with pytest.raises(LookupError, match="the list is gone"):
        list(Fetcher(tmp_path, policy(), contact="").run(Broken(), lambda: False))
