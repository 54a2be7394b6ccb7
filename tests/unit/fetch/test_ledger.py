import sqlite3
import threading

import pytest

from wunderkammer.fetch.ledger import FILE, Ledger, Partial, Receipt
from wunderkammer.fetch.robots import Robots


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def receipt(number, key="k"):
    return Receipt(f"{number:020d}", key, "ab" * 32, f"media/00/{number}.jpg", {"width": number})


def test_what_was_kept_is_there_after_a_restart(tmp_path):
    first = Ledger(tmp_path)
    first.add_receipts([receipt(1)])
    first.close_host("museum.example", 1e10, "answered 429")
    first.keep_robots("https://museum.example", Robots("User-agent: *", 5.0))
    first.keep_partial(Partial("p", "http://museum.example/1", '"tag"', 10))
    first.close()
    again = Ledger(tmp_path)
    assert again.receipts([f"{1:020d}"]) == {f"{1:020d}": receipt(1)}
    assert again.closed_until("museum.example") == (1e10, "answered 429")
    assert again.robots("https://museum.example") == Robots("User-agent: *", 5.0)
    assert again.partial("p") == Partial("p", "http://museum.example/1", '"tag"', 10)
    again.close()


def test_what_is_unknown_is_nothing(ledger):
    assert ledger.receipts(["x"]) == {}
    assert ledger.receipts([]) == {}
    assert ledger.closed_until("x") == (0.0, "")
    assert ledger.robots("x") is None
    assert ledger.partial("x") is None
    assert ledger.known_media(["x"]) == set()


def test_more_receipts_than_a_statement_takes(ledger):
    ledger.add_receipts([receipt(number) for number in range(1_300)])
    assert len(ledger.receipts([f"{number:020d}" for number in range(2_000)])) == 1_300


def test_a_receipt_ends_what_was_partial(ledger):
    partial = Partial(f"{1:020d}", "http://museum.example/1", '"tag"', 10)
    ledger.keep_partial(partial)
    assert ledger.known_media([partial.media_id]) == {partial.media_id}
    ledger.add_receipts([receipt(1)])
    assert ledger.partial(partial.media_id) is None
    assert ledger.known_media([partial.media_id]) == {partial.media_id}


def test_receipts_are_forgotten_that_a_later_run_did_not_need(tmp_path):
    first = Ledger(tmp_path)
    first.add_receipts([receipt(1), receipt(2)])
    first.forget_used_receipts()
    assert len(first.receipts([f"{1:020d}", f"{2:020d}"])) == 2
    first.close()
    later = Ledger(tmp_path)
    later.add_receipts([receipt(2)])
    later.forget_used_receipts()
    assert set(later.receipts([f"{1:020d}", f"{2:020d}"])) == {f"{2:020d}"}
    later.close()


@pytest.mark.parametrize("content", [b"no database" * 500, b""])
def test_a_file_that_is_none_of_ours_is_begun_anew(tmp_path, content):
    (tmp_path / "cache").mkdir()
    (tmp_path / FILE).write_bytes(content)
    ledger = Ledger(tmp_path)
    ledger.add_receipts([receipt(1)])
    ledger.close()


def test_a_ledger_of_another_version_is_begun_anew(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add_receipts([receipt(1)])
    ledger.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    ledger = Ledger(tmp_path)
    assert ledger.receipts([f"{1:020d}"]) == {}
    ledger.close()


def test_threads_may_share_it(ledger):
    def work(start):
        for number in range(start, start + 50):
            ledger.add_receipts([receipt(number)])
            assert ledger.receipts([f"{number:020d}"])

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.receipts([f"{number:020d}" for number in range(300)])) == 150
