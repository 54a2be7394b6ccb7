"""Receipts: no finished file is fetched twice, whatever happened in between."""

import errno
import sqlite3
import subprocess
import sys

import pytest

from wunderkammer.core.blobs import original_path
from wunderkammer.fetch.errors import NotStoredError
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Wanted
from wunderkammer.fetch.storing import flush, not_stored
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import image
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule


def asked(site):
    return [one.path for one in site.requests() if one.path != "robots.txt"]


def test_a_receipt_answers_without_a_request(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address]).outcome(address)
        again = fetch([address]).outcome(address)
        assert again.from_receipt
        assert not first.from_receipt
        assert (again.path, again.sha256, again.etag, again.redirects, again.width) == (
            first.path,
            first.sha256,
            first.etag,
            first.redirects,
            first.width,
        )
        assert asked(site) == ["1.jpg"]


def test_a_receipt_counts_only_for_its_key_and_its_bytes(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address])
        fetch([address], key="other")
        assert asked(site) == ["1.jpg"] * 2
        (came.root / came.outcome(address).path).write_bytes(b"spoilt")
        again = fetch([address], key="other")
        assert not again.outcome(address).from_receipt
        assert again.content(address) == site.content("1.jpg")
        assert asked(site) == ["1.jpg"] * 3


def test_a_file_that_was_receipted_and_not_yet_moved_is_moved(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address])
        found = came.outcome(address)
        (came.root / found.path).rename(came.root / "media/.part" / found.media_id)
        again = fetch([address])
        assert again.outcome(address).from_receipt
        assert again.content(address) == site.content("1.jpg")
        assert asked(site) == ["1.jpg"]


def test_losing_the_ledger_costs_a_request_and_nothing_else(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address])
        (came.root / "cache/fetch.sqlite").write_bytes(b"not a database at all" * 100)
        for name in ("fetch.sqlite-wal", "fetch.sqlite-shm"):
            (came.root / "cache" / name).unlink(missing_ok=True)
        again = fetch([address])
        assert again.content(address) == site.content("1.jpg")
        assert asked(site) == ["1.jpg"] * 2


def test_what_nobody_knows_of_is_swept_from_the_part_files(fetch):
    with ImageHost(in_thread=True) as site:
        came = fetch([site.address("1.jpg")])
        stray = came.root / "media/.part/00000000000000000000"
        stray.write_bytes(b"half")
        fetch([site.address("2.jpg")])
        assert not stray.exists()


def test_receipts_of_finished_rows_are_forgotten_a_run_later(fetch):
    with ImageHost(in_thread=True) as site:
        came = fetch([site.address("1.jpg")])
        fetch([site.address("2.jpg")])
        with sqlite3.connect(came.root / "cache/fetch.sqlite") as ledger:
            (number,) = ledger.execute("SELECT count(*) FROM receipts").fetchone()
        ledger.close()
        assert number == 1


def test_a_copy_is_made_anew_where_a_receipt_answers(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address], copy_px=64).outcome(address)
        again = fetch([address], copy_px=64).outcome(address)
        assert again.from_receipt
        assert again.copy == first.copy
        assert first.copy[:2] == b"\xff\xd8"


def test_a_folder_that_cannot_be_made_fails_its_media_only(tmp_path, policy, queue_of):
    blocked, fine = "ab" + "0" * 18, "cd" + "0" * 18
    (tmp_path / "media").mkdir()
    (tmp_path / "media/ab").write_text("a file stands in the way")
    with ImageHost(in_thread=True) as site:
        wanted = [Wanted(one, site.address(f"{one}.jpg"), "k") for one in (blocked, fine)]
        fetcher = Fetcher(tmp_path, policy(), contact="")
        outcomes = {one.media_id: one for one in fetcher.run(queue_of(wanted), lambda: False)}
        assert isinstance(outcomes[blocked].error, NotStoredError)
        assert outcomes[fine].path == original_path(fine, ".jpg")


FULL_DISK = """
import resource, sys
from pathlib import Path
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Wanted
from wunderkammer.fetch.policy import Policy

class Queue:
    lanes = {"HOST": [Wanted(f"ab{n:018d}", f"http://HOST/{n}.jpg", "k") for n in range(6)]}
    def waiting(self): return {host: len(lane) for host, lane in self.lanes.items()}
    def take(self, host, n): return [self.lanes[host].pop(0) for _ in self.lanes[host][:n]]

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # no file may grow larger
policy = Policy(allow_private=("127.0.0.1",), requests_per_second=0, resume_bytes=RESUME)
fetcher = Fetcher(Path(sys.argv[1]), policy, contact="")
try:
    print(len(list(fetcher.run(Queue(), lambda: False))))
except OSError as error:
    print(type(error).__name__, error.errno, [one.number for one in fetcher.left()])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are of Unix")
@pytest.mark.parametrize("resume_bytes", [1_000_000, 50_000])
def test_a_disk_that_takes_no_more_ends_the_run_and_nothing_is_half_written(tmp_path, resume_bytes):
    large = image(Picture(n_bytes=300_000))
    with ImageHost([Rule(large, path="3.jpg")], in_thread=True) as site:
        host = site.address("").split("/")[2]
        script = FULL_DISK.replace("HOST", host).replace("RESUME", str(resume_bytes))
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    assert done.stdout.startswith(f"OSError {errno.EFBIG} ["), done.stdout + done.stderr
    assert not (tmp_path / original_path(f"ab{3:018d}", ".jpg")).exists()
    for path in (tmp_path / "media/ab").glob("*"):
        assert path.read_bytes() == site.content(f"{int(path.stem[2:])}.jpg")


def test_many_files_are_flushed_as_well_as_few(tmp_path):
    paths = [tmp_path / f"{n}" for n in range(30)]
    for path in paths:
        path.write_bytes(b"x")
    flush(paths[:2], tmp_path)
    flush(paths, tmp_path)
    with pytest.raises(FileNotFoundError):
        flush([tmp_path / "missing"], tmp_path)


def test_what_cannot_be_written_names_the_place():
    error = not_stored(PermissionError(errno.EACCES, "Permission denied", "/moths/media"))
    assert "/moths/media" in error.message
    assert error.hint
