"""Millions of records: joined, checked and written, against merely reading the texts.

python benchmarks/records.py [--rows 2000000] [--turns 2]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from report import record, table

DWC, DC = "http://rs.tdwg.org/dwc/terms/", "http://purl.org/dc/terms/"
CORE = (
    "occurrenceID", "basisOfRecord", "institutionCode", "collectionCode", "catalogNumber",
    "otherCatalogNumbers", "recordedBy", "recordNumber", "individualCount", "sex", "lifeStage",
    "preparations", "disposition", "occurrenceRemarks", "eventDate", "year", "month", "day",
    "verbatimEventDate", "habitat", "samplingProtocol", "fieldNumber", "continent", "country",
    "countryCode", "stateProvince", "county", "municipality", "locality", "verbatimLocality",
    "minimumElevationInMeters", "maximumElevationInMeters", "decimalLatitude",
    "decimalLongitude", "geodeticDatum", "coordinateUncertaintyInMeters", "georeferencedBy",
    "identifiedBy", "dateIdentified", "typeStatus", "scientificName", "kingdom", "phylum",
    "class", "order", "family", "genus", "specificEpithet", "scientificNameAuthorship",
    "vernacularName",
)  # fmt: skip
MEDIA = (
    "type", "format", "identifier", "references", "title", "description", "source", "audience",
    "created", "creator", "contributor", "publisher", "license", "rightsHolder",
)  # fmt: skip
SPARSE = {
    "otherCatalogNumbers": 0.3, "recordNumber": 0.4, "disposition": 0.2, "occurrenceRemarks": 0.35,
    "samplingProtocol": 0.2, "fieldNumber": 0.2, "municipality": 0.5, "georeferencedBy": 0.4,
    "minimumElevationInMeters": 0.4, "maximumElevationInMeters": 0.3, "typeStatus": 0.05,
    "vernacularName": 0.2, "coordinateUncertaintyInMeters": 0.6, "verbatimEventDate": 0.6,
    "dateIdentified": 0.4, "habitat": 0.5, "sex": 0.6, "lifeStage": 0.5,
}  # fmt: skip
"""Columns that are not always filled, and how often they are."""

SYLLABLES = (
    "ca", "ri", "no", "la", "ti", "pa", "mo", "le", "su", "an", "er", "in", "os", "ul", "ba",
    "ne", "vi", "to", "rha", "me", "gö", "zé", "ñu", "pal", "Ost",
)  # fmt: skip
CHUNK = 50_000


def words(rng: np.random.Generator, n: int, length: tuple[int, int]) -> np.ndarray:
    """Return ``n`` words of some syllables."""
    counts = rng.integers(*length, n)
    return np.array(["".join(rng.choice(SYLLABLES, k)).capitalize() for k in counts], object)


class Texts:
    """Words and phrases to draw from, the same for one seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        some = words(rng, 6000, (2, 5))
        self.rng = rng
        self.pools = {
            name: pa.array([" ".join(rng.choice(some, k)) for _ in range(n)])
            for name, n, k in (
                ("phrase", 20_000, 9), ("place", 30_000, 5), ("person", 5_000, 2),
                ("taxon", 40_000, 2), ("word", 3_000, 1),
            )
        }  # fmt: skip

    def draw(self, pool: str, n: int) -> pa.Array:
        values = self.pools[pool]
        return values.take(pa.array(self.rng.integers(0, len(values), n)))

    def numbers(self, low: int, high: int, n: int) -> pa.Array:
        return pa.array(self.rng.integers(low, high, n)).cast(pa.string())

    def column(self, name: str, number: pa.Array) -> pa.Array:
        """Return the cells of a column of the core for rows of these numbers."""
        n = len(number)
        values = self._values(name, number, n)
        if name in SPARSE:
            filled = pa.array(self.rng.random(n) < SPARSE[name])
            values = pc.if_else(filled, values, "")
        return values

    def _values(self, name: str, number: pa.Array, n: int) -> pa.Array:
        if name in {"occurrenceID", "catalogNumber", "otherCatalogNumbers"}:
            start = {"occurrenceID": "urn:catalog:MUSEUM:ENT:", "catalogNumber": "ENT "}
            return joined(start.get(name, "old number "), number)
        if name == "eventDate":
            days = pa.array(self.rng.integers(-40_000, 19_000, n).astype("int32")).cast(pa.date32())
            return pc.strftime(days, "%Y-%m-%d")
        for kind, (low, high) in NUMBERS.items():
            if kind in name:
                return self.numbers(low, high, n)
        if name.startswith("decimal"):
            return pc.cast(pa.array(np.round(self.rng.uniform(-90, 90, n), 5)), pa.string())
        for pool, names in POOLS.items():
            if name in names:
                return self.draw(pool, n)
        return self.draw("word", n)


NUMBERS = {
    "year": (1850, 2024), "month": (1, 13), "Elevation": (0, 4000), "Uncertainty": (1, 9999),
    "individualCount": (1, 9), "dateIdentified": (1900, 2024),
}  # fmt: skip
POOLS = {
    "phrase": {"occurrenceRemarks", "verbatimLocality", "habitat"},
    "place": {"locality", "county", "stateProvince"},
    "person": {"recordedBy", "identifiedBy", "georeferencedBy", "scientificNameAuthorship"},
    "taxon": {"scientificName", "vernacularName"},
}


def joined(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def media_column(texts: Texts, name: str, key: pa.Array, number: pa.Array) -> pa.Array:
    """Return the cells of a column of the media for rows of these numbers."""
    n = len(number)
    constant = {
        "type": "StillImage", "format": "image/jpeg", "audience": "", "contributor": "",
        "source": "", "publisher": "The Museum", "license": "CC BY 4.0",
        "rightsHolder": "The Trustees of the Museum", "created": "2016-05-04",
    }  # fmt: skip
    if name in constant:
        return pa.array([constant[name]] * n)
    if name == "identifier":
        return joined("https://images.example.org/media-store/", number, "/original.jpg")
    if name == "references":
        return joined("https://data.example.org/object/", key)
    return texts.draw({"description": "phrase", "title": "taxon"}.get(name, "person"), n)


def make(folder: Path, n: int, *, quoted: bool, seed: int = 7) -> None:
    """Write the pair and its meta.xml: media in another order than their specimens.

    One specimen in ten has no medium, as many media are second ones of a specimen; one medium
    in a thousand belongs to no specimen.
    """
    texts = Texts(seed)
    delimiter, mark = ("," if quoted else "\t"), ('"' if quoted else "")
    rng = np.random.default_rng(seed + 1)
    owners = np.concatenate([np.arange(n - n // 10), rng.integers(0, n - n // 10, n // 10)])
    owners[rng.random(n) < 0.001] += 10 * n
    rng.shuffle(owners)
    write(folder / "occurrence.txt", ("gbifID", *CORE), delimiter, mark, core_chunks(texts, n))
    chunks = media_chunks(texts, owners)
    write(folder / "multimedia.txt", ("gbifID", *MEDIA), delimiter, mark, chunks)
    (folder / "meta.xml").write_text(meta(delimiter, mark), encoding="utf-8")


def core_chunks(texts: Texts, n: int) -> Iterator[list[pa.Array]]:
    for start in range(0, n, CHUNK):
        number = pa.array(np.arange(start, min(start + CHUNK, n))).cast(pa.string())
        key = joined("4", pc.utf8_lpad(number, 9, "0"))
        yield [key, *(texts.column(name, number) for name in CORE)]


def media_chunks(texts: Texts, owners: np.ndarray) -> Iterator[list[pa.Array]]:
    for start in range(0, len(owners), CHUNK):
        some = owners[start : start + CHUNK]
        number = pa.array(np.arange(start, start + len(some))).cast(pa.string())
        key = joined("4", pc.utf8_lpad(pa.array(some).cast(pa.string()), 9, "0"))
        yield [key, *(media_column(texts, name, key, number) for name in MEDIA)]


def write(path: Path, header: tuple[str, ...], delimiter: str, mark: str, chunks: object) -> None:
    with path.open("wb") as file:
        file.write((delimiter.join(header) + "\n").encode())
        for columns in chunks:
            cells = [joined(mark, column, mark) for column in columns] if mark else columns
            lines = pc.binary_join_element_wise(*cells, delimiter).to_pylist()
            file.write(("\n".join(lines) + "\n").encode())


def meta(delimiter: str, mark: str) -> str:
    written = delimiter.replace("\t", "\\t")
    shape = (
        f'encoding="UTF-8" fieldsTerminatedBy="{written}" '
        f'linesTerminatedBy="\\n" fieldsEnclosedBy="{"&quot;" if mark else ""}" '
        'ignoreHeaderLines="1"'
    )
    core = "".join(f'<field index="{i}" term="{DWC}{t}"/>' for i, t in enumerate(CORE, 1))
    media = "".join(f'<field index="{i}" term="{DC}{t}"/>' for i, t in enumerate(MEDIA, 1))
    return (
        f'<archive xmlns="http://rs.tdwg.org/dwc/text/"><core {shape} rowType="{DWC}Occurrence">'
        f'<files><location>occurrence.txt</location></files><id index="0"/>{core}</core>'
        f'<extension {shape} rowType="http://rs.gbif.org/terms/1.0/Multimedia">'
        '<files><location>multimedia.txt</location></files><coreid index="0"/>'
        f"{media}</extension></archive>"
    )


def read_only(folder: Path) -> None:
    """Read both texts with python-dwca-reader, all terms, and do nothing with them."""
    from dwca.read import DwCAReader

    n_rows = 0
    with DwCAReader(str(folder)) as archive:
        start = time.perf_counter()
        for file in (archive.core_file, *archive.extension_files):
            terms = [one["term"] for one in file.file_descriptor.fields]
            for _ in file.iter_terms(terms):
                n_rows += 1
        seconds = time.perf_counter() - start
    print(json.dumps({"s": seconds, "mb": peak_mb(), "rows": n_rows}))


def ingest(folder: Path) -> None:
    """Make the records of a collection from the pair."""
    from wunderkammer.core.provenance import StageRun
    from wunderkammer.core.recording import run_records
    from wunderkammer.stages.ingest import IngestStage

    stage = IngestStage.model_validate({"source": {"name": "dwca", "path": folder}})
    run = StageRun("ingest", stage.version, {})
    with tempfile.TemporaryDirectory(dir=folder.parent) as root:
        start = time.perf_counter()
        run_records(Path(root), stage, run)
        found = {"s": time.perf_counter() - start, "mb": peak_mb()}
        found |= accounted(Path(root)) | {"records": run.n_done, "rejected": run.n_failed}
    print(json.dumps(found))


def accounted(root: Path) -> dict[str, int]:
    """Return how many rows of each text became a record or are explained."""
    specimens = pq.ParquetDataset(root / "records").read(["specimen_id"])["specimen_id"]
    rejected = pq.read_table(root / "columns" / "ingest" / "rejected.parquet")["where"]
    n_media = pc.sum(pc.starts_with(rejected, "multimedia.txt, row ")).as_py()
    n_core = pc.sum(pc.starts_with(rejected, "occurrence.txt, row ")).as_py()
    return {
        "core_rows": pc.count_distinct(specimens).as_py() + n_core,
        "media_rows": len(specimens) + n_media,
    }


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_fresh_process(what: str, folder: Path, *options: str) -> dict[str, float]:
    command = [sys.executable, __file__, what, str(folder), *options]
    told = subprocess.run(command, check=True, capture_output=True).stdout
    return dict(json.loads(told or b"{}"))


def measure(n: int, *, quoted: bool, turns: int) -> str:
    """Time both in turns on the same texts; take the best of each."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "pair")
        folder.mkdir()
        # a process begins with the peak of the one that starts it: that must stay small
        in_fresh_process("--make", folder, "--rows", str(n), *(["--quoted"] if quoted else []))
        size = sum(path.stat().st_size for path in folder.iterdir())
        theirs, ours = [], []
        for _ in range(turns):
            theirs.append(in_fresh_process("--read", folder))
            ours.append(in_fresh_process("--ingest", folder))
    reading, made = (min(found, key=lambda one: one["s"]) for found in (theirs, ours))
    peak = max(one["mb"] for one in ours)
    if (made["core_rows"], made["media_rows"], reading["rows"]) != (n, n, 2 * n):
        raise SystemExit(f"rows were lost: {made}")
    rows = [
        ["python-dwca-reader, `iter_terms` over both, rows thrown away", f"{reading['s']:.1f} s",
         f"{reading['mb']:,.0f} MB", "1.00"],
        ["ingest: digests, joined, checked, sorted, written to Parquet", f"{made['s']:.1f} s",
         f"{peak:,.0f} MB", f"{made['s'] / reading['s']:.2f}"],
    ]  # fmt: skip
    return (
        f"{n:,} occurrences of {len(CORE) + 1} columns and {n:,} media of {len(MEDIA) + 1} "
        f"({size / 1e9:.1f} GB, {'quoted commas' if quoted else 'tabs'}) become "
        f"{made['records']:,} records and {made['rejected']:,} explained rejections "
        f"(asked: <= 3.00, <= 500 MB; best of {turns}, highest peak):\n\n"
        + table(["", "wall", "peak RSS", "ratio"], rows)
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--dry", action="store_true", help="print, and leave the page as it is")
    parser.add_argument("--make", type=Path)
    parser.add_argument("--quoted", action="store_true")
    parser.add_argument("--read", type=Path)
    parser.add_argument("--ingest", type=Path)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.rows, quoted=options.quoted)
        return
    if options.read or options.ingest:
        read_only(options.read) if options.read else ingest(options.ingest)
        return
    shapes = (False, True)
    parts = [measure(options.rows, quoted=one, turns=options.turns) for one in shapes]
    if options.dry:
        print("\n\n".join(parts))
    else:
        record("records", "Millions of records", "\n\n".join(parts))


if __name__ == "__main__":
    main()
