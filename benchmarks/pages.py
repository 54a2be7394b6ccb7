"""A page table of gigabytes: read, filtered and joined in constant memory.

python benchmarks/pages.py [--gb 5] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import record, table

CHUNK = 400_000
HEADER = [
    "PageID", "ItemID", "SequenceOrder", "Year", "Volume", "Issue", "PagePrefix", "PageNumber",
    "PageTypeName",
]  # fmt: skip
TYPES = (
    "Text", "Illustration", "Drawing", "Blank", "Cover", "Map", "Title Page", "Table of Contents"
)  # fmt: skip
SHARES = (0.83, 0.08, 0.02, 0.03, 0.01, 0.01, 0.01, 0.01)
PREFIXES = ("Page", "p.", "", "Plate", "Fig.", "Pl. ", "Tab.")
PLAIN = (0.9, 0.04, 0.06, 0.0, 0.0, 0.0, 0.0)
DRAWN = (0.35, 0.02, 0.08, 0.3, 0.15, 0.05, 0.05)
ILLUSTRATIONS = (1, 2)
PLATES = (3, 4, 5)
SECOND = 0.08
"""Part of the pages that have a second row, which stands some 400,000 rows below the first."""


def make(path: Path, size: int, seed: int = 7) -> None:
    """Write a page table and print how many pages the rule keeps, as JSON."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    rng = np.random.default_rng(seed)
    options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    waiting = None
    n_pages = n_rows = n_kept = 0
    with path.open("wb") as stream:
        stream.write(b"\xef\xbb\xbf" + "\t".join(HEADER).encode() + b"\n")
        while stream.tell() < size:
            ids = np.arange(n_pages, n_pages + CHUNK)
            rows, passes = page_rows(rng, ids)
            again = rng.random(CHUNK) < SECOND
            second, second_passes = page_rows(rng, ids[again])
            passes[again] &= second_passes
            n_kept += int(passes.sum())
            whole = pa.concat_tables([rows, waiting] if waiting else [rows])
            csv.write_csv(whole, stream, options)
            n_pages, n_rows, waiting = n_pages + CHUNK, n_rows + whole.num_rows, second
        csv.write_csv(waiting, stream, options)
        n_rows += waiting.num_rows
        print(json.dumps({"rows": n_rows, "pages": n_pages, "kept": n_kept, "size": stream.tell()}))


def page_rows(rng, ids):
    """Return rows of pages, and which of them pass."""
    import numpy as np
    import pyarrow as pa

    n = len(ids)
    types = rng.choice(len(TYPES), n, p=SHARES)
    drawn = np.isin(types, ILLUSTRATIONS)
    prefixes = np.where(
        drawn, rng.choice(len(PREFIXES), n, p=DRAWN), rng.choice(len(PREFIXES), n, p=PLAIN)
    )
    items = ids // 350
    columns = [
        ids + 1_000_000, items + 10_000, ids % 350 + 1, 1750 + items % 200,
        pa.array([f"v.{one}" for one in range(60)]).take(pa.array(items % 60)),
        pa.array([f"no.{one}" for one in range(12)]).take(pa.array(items % 12)),
        pa.array(PREFIXES).take(pa.array(prefixes)), ids % 350,
        pa.array(TYPES).take(pa.array(types)),
    ]  # fmt: skip
    rows = pa.table([pa.array(column) for column in columns], names=HEADER)
    return rows, drawn & np.isin(prefixes, PLATES)


def read_bytes(path: Path) -> None:
    """Read a file and do nothing with it."""
    with path.open("rb") as stream:
        while stream.read(1 << 20):
            pass
    print(json.dumps({}))


def read_pages(path: Path) -> None:
    """Take a page table's illustrations as ``wk run ingest`` does."""
    from wunderkammer.sources.bhl import BhlSource

    kept = left_out = 0
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        for some in BhlSource(path=path).batches(Path(scratch)):
            if isinstance(some, list):
                left_out += sum(int(one.where.split(", ", 1)[1].split(" ")[0].replace(",", ""))
                                for one in some)  # fmt: skip
            else:
                kept += some.num_rows
    print(json.dumps({"kept": kept, "left_out": left_out}))


def measured(*words: object) -> dict[str, float]:
    """Run this script in a process of its own; return what it said, its seconds and peak RSS."""
    before = time.perf_counter()
    command = [sys.executable, __file__, *map(str, words), "--measure"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(said.splitlines()[0]) | json.loads(said.splitlines()[-1]) | {
        "wall": time.perf_counter() - before
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gb", type=float, default=5.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--do", choices=("make", "bytes", "pages"))
    parser.add_argument("--path", type=Path)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    if options.do:
        if options.do == "make":
            make(options.path, int(options.gb * 1e9))
        else:
            {"bytes": read_bytes, "pages": read_pages}[options.do](options.path)
        print(json.dumps({"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "page.txt"
        made = measured("--do", "make", "--path", path, "--gb", options.gb)
        measured("--do", "bytes", "--path", path)  # so that both find it in the page cache
        plain = measured("--do", "bytes", "--path", path)
        ours = measured("--do", "pages", "--path", path)
    write(made, plain, ours)


def write(made: dict[str, float], plain: dict[str, float], ours: dict[str, float]) -> None:
    """Check the counts against what was planted, and write the section."""
    if ours["kept"] != made["kept"]:
        raise SystemExit(f"{ours['kept']:,} pages kept, {made['kept']:,} are illustrations")
    rows = [
        [what, f"{one['wall']:.1f} s", f"{made['size'] / one['wall'] / 1e6:,.0f} MB/s",
         f"{one['mb']:,.0f} MB"]
        for what, one in (
            ("reading its bytes, no more", plain),
            ("`bhl`: rows cut, filtered, grouped by page, records made", ours),
        )
    ]  # fmt: skip
    text = (
        f"`page.txt` of {made['size'] / 1e9:.1f} GB: {made['rows']:,} rows on {made['pages']:,} "
        f"pages, the rows of a page not side by side; {made['kept']:,} pages kept, as many as "
        f"were planted (asked: at most 300 MB at 5 GB):\n\n"
    )
    record("pages", "A page table of gigabytes", text + table(["", "wall", "", "peak RSS"], rows))


if __name__ == "__main__":
    main()
