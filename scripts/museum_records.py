"""Write the records that ``wk demo --museum`` ships: the CC0 rows of a Darwin Core archive.

Usage: python scripts/museum_records.py ARCHIVE_FOLDER

A row is taken if both the occurrence and its medium are CC0: facts and
addresses, no pictures. Tab-separated, no quotes, as GBIF writes them.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "wunderkammer" / "testing" / "museum_records"
CC0 = "creativecommons.org/publicdomain/zero/1.0"


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header and the rows of a tab-separated file."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    names = header.split("\t")
    return names, [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def write(name: str, header: list[str], rows: list[dict[str, str]]) -> None:
    """Write rows in the same shape."""
    lines = ["\t".join(header), *("\t".join(row[one] for one in header) for row in rows)]
    (TARGET / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Take the rows."""
    source = Path(sys.argv[1])
    core_header, core = rows_of(source / "occurrence.txt")
    media_header, media = rows_of(source / "multimedia.txt")
    free = {row["gbifID"] for row in core if CC0 in row["license"]}
    media = [row for row in media if CC0 in row["license"] and row["gbifID"] in free]
    shown = {row["gbifID"] for row in media}
    TARGET.mkdir(parents=True, exist_ok=True)
    write("occurrence.txt", core_header, [row for row in core if row["gbifID"] in shown])
    write("multimedia.txt", media_header, media)
    (TARGET / "meta.xml").write_bytes((source / "meta.xml").read_bytes())
    print(f"{len(media)} media of {len(shown)} occurrences")


if __name__ == "__main__":
    main()
