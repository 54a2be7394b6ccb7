"""The files of an atlas beside its tiles: sizes, build times and memory at a million media.

python benchmarks/atlas_files.py [--n 1000000]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import report
from million_records import N_FAMILIES, N_GENERA, Records, family_of
from report import record, table
from wunderkammer.atlas.cards import write_chunks
from wunderkammer.atlas.columns import ColumnChoice, WrittenColumns, write_columns
from wunderkammer.atlas.dictionaries import coded_column, rows_with, values_of
from wunderkammer.atlas.finding import WordFile, find_words
from wunderkammer.atlas.geometry import Geometry, geometry_of
from wunderkammer.atlas.neighbours import write_neighbours
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.postings import encode_postings
from wunderkammer.core.identity import stable_id
from wunderkammer.stages._cards import card_chunks
from wunderkammer.stages.atlas import AtlasStage

STAGE = AtlasStage()
WHAT = ("dictionaries", "numbers", "words", "neighbours", "points and ids", "cards")
TYPED = ("papilio", "melano", "nhmuk000", "river")


def geometry(records: Records) -> Geometry:
    """Return where the media lie: genera as clouds among those of their family."""
    rng = np.random.default_rng(0)
    families = rng.uniform(0, 1, (N_FAMILIES, 2))
    genera = families[family_of(np.arange(N_GENERA))] + rng.normal(0, 0.07, (N_GENERA, 2))
    spread = rng.normal(0, 0.012, (records.n, 2))
    positions = (genera[records.genus] + spread) * 1.6 * np.sqrt(records.n)
    ids = [stable_id(str(number)) for number in range(records.n)]
    ones = np.ones((records.n, 2))
    return geometry_of(ids, positions, ones, sprite_px=128, margin_px=32)


def rows_of(records: Records, where: Geometry) -> pa.Table:
    """Return the cells that a stage is handed, by medium."""
    found = records.table(["a.jpg"])
    ids = np.empty(records.n, object)
    ids[where.order] = where.media_ids
    size = pa.array(np.full(records.n, 200))
    shown = {"media_id": pa.array(ids, pa.string()), "width": size, "height": size}
    for name, column in shown.items():
        found = found.append_column(name, column)
    for name in STAGE.reads():
        if name not in found.column_names:
            found = found.append_column(name, pa.nulls(records.n, pa.string()))
    return found


def build(what: str, folder: Path, rows: pa.Table, where: Geometry) -> None:
    """Write the files of one kind."""
    order = pa.array(where.order)

    def read(name: str) -> Any:
        return rows[name].take(order)

    choices = {
        "dictionaries": ColumnChoice(STAGE.dictionaries, STAGE.separator),
        "numbers": ColumnChoice(numbers=STAGE.numbers),
        "words": ColumnChoice(texts=STAGE.texts, identifiers=STAGE.identifiers),
    }
    if what in choices:
        write_columns(folder, read, choices[what])
    elif what == "neighbours":
        near = np.random.default_rng(0).integers(0, len(where), (len(where), 90), dtype=np.int32)
        write_neighbours(folder, near, where.order, STAGE.n_neighbours)
    elif what == "points and ids":
        write_points(folder, where, {})
        write_ids(folder, where.ids)
    else:
        write_chunks(folder, card_chunks(rows, where.order, STAGE.facts))


def measure(what: str, n: int, queue: Any) -> None:
    """Build one kind of file in this process, and say what it took."""
    records = Records(n)
    where = geometry(records)
    rows = rows_of(records, where)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        build(what, Path(folder), rows, where)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
    queue.put([what, len(files), size / 1e6, cpu, wall, before, after - before])


def in_a_process(function: Callable[..., None], *given: Any) -> Any:
    """Call a function in a process of its own and return what it puts into the queue."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=function, args=(*given, queue))
    process.start()
    found = queue.get()
    process.join()
    return found


def measure_asked(n: int, queue: Any) -> None:
    """Ask the files as a page does: what is read, and how long it takes in Python."""
    records = Records(n)
    where = geometry(records)
    rows = rows_of(records, where)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        choice = ColumnChoice(
            STAGE.dictionaries, STAGE.separator, texts=STAGE.texts, identifiers=STAGE.identifiers
        )
        order = pa.array(where.order)
        written = write_columns(folder, lambda column: rows[column].take(order), choice)
        queue.put([list(asked(folder, written)), list(told(folder, written, rows, order))])


def asked(folder: Path, written: WrittenColumns) -> Iterator[list[str]]:
    """Yield how long each thing typed takes, and how many bytes of shards it looks at."""
    for index in written.search.indexes if written.search else ():
        file = WordFile(folder, index)
        for typed in TYPED:
            start = time.perf_counter()
            found = find_words(folder, index, typed)
            seconds = time.perf_counter() - start
            shards = file.shards(typed)
            yield [f"{index.name}: {typed}", f"{len(found):,}", f"{len(shards)}",
                   f"{1000 * seconds:.1f} ms"]  # fmt: skip


def told(folder: Path, written: WrittenColumns, rows: pa.Table, order: Any) -> Iterator[list[str]]:
    """Yield what posting lists of a column take, and what pairs of uint32 would."""
    for reference in written.dictionaries:
        coded = coded_column(reference.column, rows[reference.column].take(order), "|")
        lists, places = coded.pairs
        size = len(encode_postings(lists, places, len(coded.values), len(order))[0])
        breaks = (np.diff(places) != 1) | (np.diff(lists) != 0)
        runs = 8 * (1 + int(breaks.sum()))
        common = int(np.argmax(coded.counts))
        start = time.perf_counter()
        n = len(rows_with(folder, reference, common))
        seconds = time.perf_counter() - start
        name = values_of(folder, reference, common, common + 1)[0]
        yield [reference.column, f"{reference.n:,}", f"{size / 1e6:.2f}", f"{runs / 1e6:.2f}",
               f"{name}: {n:,}", f"{1000 * seconds:.1f} ms"]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument("--page", type=Path, default=report.PAGE)
    options = parser.parse_args()
    n, report.PAGE = options.n, options.page
    kinds = [in_a_process(measure, what, n) for what in WHAT]
    words, lists = in_a_process(measure_asked, n)
    about = (
        f"{n:,} synthetic media without pictures; each kind in a process of its own that holds "
        f"the records in memory ({kinds[0][5]:,.0f} MB). Words and dictionaries include their "
        "search indexes; the stage makes cards on all cores."
    )
    sizes = table(
        ["", "files", "MB", "CPU s", "wall s", "memory on top, MB"],
        [
            [what, f"{files:,}", f"{size:,.1f}", f"{cpu:.1f}", f"{wall:.1f}", f"{more:,.0f}"]
            for what, files, size, cpu, wall, _, more in kinds
        ],
    )
    lists_head = ["column", "values", "MB", "pairs, MB", "most frequent", "read"]
    typed = (
        "What is typed: words found, shards of 16 KB that may hold some (at most 8 are read), time "
        "in Python of opening the index, reading, and forgiving slips:"
    )
    parts = [
        about,
        sizes,
        "Posting lists, and all runs as pairs of uint32; reading the rows of the most frequent:",
        table(lists_head, lists),
        typed,
        table(["", "words", "shards", "time"], words),
    ]
    record("atlas_files", "The files of an atlas beside its tiles", "\n\n".join(parts))


if __name__ == "__main__":
    main()
