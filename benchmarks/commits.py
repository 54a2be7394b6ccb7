"""What a commit costs: a part in a folder, a part in a bucket, a batch there and back.

python benchmarks/commits.py [--parts folder bucket engines] [--engines local dask ray]

The bucket is a server of objects on loopback ('make test' puts it beside the environment);
Ray is left out where it is not installed ('make test-ray' does that).
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import clusters
from report import record, table
from wunderkammer.core.column import rows_schema
from wunderkammer.core.files import sync
from wunderkammer.core.identity import stable_id
from wunderkammer.core.parts import Parts
from wunderkammer.core.stage import Done
from wunderkammer.core.work import outcome_rows
from wunderkammer.storage.store import Store
from wunderkammer.storage.working_copy import COPIES, WorkingCopy, copy_folder

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
import bucket_server

SIZES = (16, 256, 4_096)
N_FILES = (100, 3_000)
N_BATCHES = 128
ALONE = "\n[engine.stages.idle]\nat_once = 1\n"
REQUESTS = ("read", "create", "put", "names")


def batch_rows(n: int, turn: int) -> pa.Table:
    """Return what comes back of a batch: a row a medium, with its bookkeeping."""
    ids = [stable_id(str(turn), str(one)) for one in range(n)]
    done = [Done(one, {"idle": 1}) for one in ids]
    return outcome_rows(clusters.Idle(), done, dict.fromkeys(ids, "0" * 64))


def in_turns(n_turns: int, calls: Sequence[Callable[[int], Any]]) -> list[float]:
    """Return the median milliseconds of each call, made in turns."""
    took: list[list[float]] = [[] for _ in calls]
    for turn in range(n_turns):
        for one, call in zip(took, calls, strict=True):
            start = time.perf_counter()
            call(turn)
            one.append(1000 * (time.perf_counter() - start))
    return [statistics.median(one[1:]) for one in took]


# --- a part in a folder ---------------------------------------------------------------


def bare(folder: Path, content: bytes) -> Callable[[int], None]:
    """Return a call that writes bytes whole: file, fsync, rename, fsync of the folder."""
    folder.mkdir()

    def write(turn: int) -> None:
        path = folder / ".new"
        path.write_bytes(content)
        sync(path)
        path.rename(folder / str(turn))
        sync(folder)

    return write


def in_sqlite(path: Path, batches: Sequence[pa.Table]) -> Callable[[int], None]:
    """Return a call that commits the same rows to a database, flushed as ours are."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    names = batches[0].column_names
    database.execute(f"CREATE TABLE idle ({', '.join(names)}, PRIMARY KEY (media_id))")
    marks = ", ".join("?" * len(names))
    rows = [[tuple(row.values()) for row in batch.to_pylist()] for batch in batches]

    def write(turn: int) -> None:
        with database:
            database.executemany(f"INSERT INTO idle VALUES ({marks})", rows[turn])

    return write


def in_folder(n_turns: int) -> str:
    """Return the table of parts of several sizes, beside a database and what the disk asks."""
    found = []
    for n in SIZES:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
            folder = Path(name)
            batches = [batch_rows(n, turn) for turn in range(n_turns + 1)]
            parts = Parts(folder / "ours", batches[0].schema)
            parts.append(batches[n_turns])
            content = parts.fresh()[0].read_bytes()

            def ours(turn: int, parts: Parts = parts, batches: Any = batches) -> None:
                parts.append(batches[turn])

            calls = [ours, in_sqlite(folder / "sqlite", batches), bare(folder / "bare", content)]
            part, database, least = in_turns(n_turns, calls)
            start = time.perf_counter()
            parts.compact()
            folding = 1000 * (time.perf_counter() - start) / n_turns
            if pq.read_table(parts.finished()).num_rows != n * (n_turns + 1):
                raise SystemExit("rows were lost")
        found.append([f"{n:,}", f"{len(content):,}", *(f"{one:.2f}" for one in (
            part, folding, database, least, part / least))])  # fmt: skip
    head = ["rows", "bytes", "a part, ms", "its share of folding at the end, ms", "SQLite, ms",
            "the same bytes bare, ms", "part, of bare"]  # fmt: skip
    about = (
        f"The rows of a batch, written as Parquet, noted with their SHA-256, flushed, renamed "
        f"(three fsyncs); beside it the same rows into SQLite (WAL, `synchronous = FULL`), and "
        f"the same bytes written, flushed and renamed without anything else (two fsyncs): what "
        f"a commit cannot do without. Medians of {n_turns - 1}, in turns."
    )
    return f"{about}\n\n{table(head, found)}"


# --- a part in a bucket ---------------------------------------------------------------


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Yield how often each request was made of any store."""
    found: Counter[str] = Counter()
    plain = {name: getattr(Store, name) for name in REQUESTS}
    for name, ask in plain.items():

        def asked(self: Store, *args: Any, name: str = name, ask: Any = ask, **more: Any) -> Any:
            found[name] += 1
            return ask(self, *args, **more)

        setattr(Store, name, asked)
    try:
        yield found
    finally:
        for name, ask in plain.items():
            setattr(Store, name, ask)


def in_bucket(n_turns: int) -> str:
    """Return the table of commits from working copies with few and with many files."""
    found = []
    for n in N_FILES:
        with bucket_server.serving() as server, tempfile.TemporaryDirectory() as folder:
            os.environ.update(server.environment, **{COPIES: folder})
            address = f"{server.bucket()}/idle"
            copy = WorkingCopy(copy_folder(address), address)
            for one in range(n):
                path = copy.root / "blobs" / "thumbnail" / f"{one % 256:02x}" / f"{one}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(str(one).encode())
            copy.commit(copy.snapshot(), "", None)
            parts = Parts(copy.root / "columns" / "idle", rows_schema(clusters.Idle().writes()))
            looking: list[float] = []

            def ours(turn: int, copy: Any = copy, parts: Any = parts, took: Any = looking) -> None:
                parts.append(batch_rows(SIZES[1], turn))
                start = time.perf_counter()
                held = copy.snapshot()
                took.append(1000 * (time.perf_counter() - start))
                copy.commit(held, "", None)

            content = bytes(5_000)
            store = Store(f"{server.bucket()}/bare")

            def least(turn: int, store: Store = store, content: bytes = content) -> None:
                store.put(f"objects/{turn}", content)
                store.create(f"manifest/{turn}", content)

            commit, two = in_turns(n_turns, [ours, least])
            with counted() as requests:
                ours(n_turns)
            if WorkingCopy(Path(folder) / "other", address).chain.newest().number != n_turns + 2:
                raise SystemExit("commits were lost")
        found.append([
            f"{n:,}", f"{commit:.0f}", f"{statistics.median(looking):.1f}",
            sum(requests.values()), f"{two:.0f}", f"{commit / two:.1f}",
        ])  # fmt: skip
    head = ["files in the collection", "a commit, ms", "of it looking what is new",
            "requests", "two puts, ms", "commit, of two puts"]  # fmt: skip
    about = (
        f"One part of {SIZES[1]} rows more, brought into a bucket: what is new is found and held "
        f"still, its objects are put, then the manifest that names them, if no other process "
        f"was quicker. The least is two puts: an object and a name for it. The server is moto on "
        f"loopback, one request at a time: with a real store count a request's time by their "
        f"number. A run commits once a minute and after each stage, not after each batch. "
        f"Medians of {n_turns - 1}, in turns."
    )
    return f"{about}\n\n{table(head, found)}"


# --- a batch there and back -----------------------------------------------------------


def there_and_back(kind: str, address: str, n_calls: int = 200) -> float:
    """Return the median milliseconds of a call that does nothing, one at a time."""
    with clusters.loaded(kind, address, 1) as engine:
        return in_turns(n_calls, [lambda _: engine.submit(os.getpid).result()])[0]


def with_engines(kinds: Sequence[str], rounds: int) -> str:
    """Return the table of a call, and of a batch that nobody is beside."""
    call: dict[str, float] = {}
    alone: dict[str, float] = dict.fromkeys(kinds, float("inf"))
    n = N_BATCHES * clusters.Idle.batch_size
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for kind in kinds:
            with clusters.started(kind, 1) as address:
                call[kind] = there_and_back(kind, address)
                for turn in range(rounds):
                    own = Path(folder) / kind / str(turn)
                    took = clusters.seconds_of(own, kind, address, "idle", 1, n, ALONE)
                    alone[kind] = min(alone[kind], 1000 * took / N_BATCHES)
    rows = [
        [kind, f"{call[kind]:.1f}", f"{alone[kind]:.1f}", f"{alone[kind] / alone[kinds[0]]:.2f}",
         f"{alone[kind] / 50:.1f} %"]
        for kind in kinds
    ]  # fmt: skip
    head = ["engine", "a call, ms", "a batch, ms", f"of {kinds[0]}", "of a batch of 5 s"]
    about = (
        f"One worker. A call that does nothing, there and back (median of 200); a batch of "
        f"{clusters.Idle.batch_size} media through a stage that does nothing, handed out, come "
        f"back, committed, noted in the log, before the next is handed out ({N_BATCHES} of "
        f"them, best of {rounds}). In a run several are under way, and this cost lies beside "
        f"the work."
    )
    return f"{about}\n\n{table(head, rows)}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", nargs="+", default=["folder", "bucket", "engines"])
    parser.add_argument("--engines", nargs="+", default=["local", "dask", "ray"])
    parser.add_argument("--turns", type=int, default=101)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", default="", help="what else ran on the machine")
    options = parser.parse_args()
    made = {
        "folder": ("A commit in a folder", lambda: in_folder(options.turns)),
        "bucket": ("A commit in a bucket", lambda: in_bucket(options.turns)),
        "engines": (
            "A batch, handed out to committed",
            lambda: with_engines(clusters.installed(options.engines), options.rounds),
        ),
    }
    for name in options.parts:
        title, measure = made[name]
        record(f"commits.{name}", title, f"{measure()}\n\n{options.beside}")


if __name__ == "__main__":
    main()
