"""``wk query``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wunderkammer.cli.options import tables_read

if TYPE_CHECKING:
    import pyarrow as pa


@click.command(short_help="Answer one SQL SELECT over the collection.")
@click.argument("sql")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; Parquet needs one."
)
@tables_read
def command(path: Path, sql: str, form: str, output: Path | None) -> None:
    """Answer one SQL SELECT (DuckDB's dialect) over the collection; nothing is changed.

    \b
    Tables: media (one row a medium, all columns), records (as the source gave
    them), annotations, failures, and one a stage.
    wk query "select family, count(*) from media group by 1 order by 2 desc"
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer

    answer = wunderkammer.open(path).query(sql).to_arrow()
    if form == "parquet":
        if output is None:
            raise click.UsageError("Parquet is not text: name a file with --output.")
        import pyarrow.parquet as pq

        pq.write_table(answer, output)
        return
    text = {"table": _table, "csv": _csv, "json": _json}[form](answer)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _table(answer: pa.Table) -> str:
    """Return aligned columns; long cells are cut, as this is for eyes."""
    names = answer.column_names
    rows = [[_cell(value) for value in row.values()] for row in answer.to_pylist()]
    widths = [max(len(line[i]) for line in [names, *rows]) for i in range(len(names))]
    lines = [names, ["─" * width for width in widths], *rows]
    text = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
    return f"{text}\n({len(rows):,} row{'' if len(rows) == 1 else 's'})\n"


def _cell(value: object) -> str:
    text = "" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _csv(answer: pa.Table) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.column_names)
    writer.writerows(row.values() for row in answer.to_pylist())
    return out.getvalue()


def _json(answer: pa.Table) -> str:
    import json

    return json.dumps(answer.to_pylist(), indent=1, ensure_ascii=False, default=str) + "\n"
