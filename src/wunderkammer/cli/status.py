"""``wk status``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import tables_read

_REPEATED = """
    SELECT count(*) FILTER (duplicate_kind = 'exact') AS "to the last byte",
           count(*) FILTER (duplicate_kind = 'near') AS "as a picture"
    FROM media
"""


@click.command(short_help="Show how far each stage has come.")
@tables_read
def command(path: Path) -> None:
    """Show how far each stage has come, and when the last run was."""
    import wunderkammer

    collection = wunderkammer.open(path)
    click.echo(f"{collection.configuration.about.title}: {collection.address}")
    rows = collection.status()
    width = max(len(row.group) for row in rows)
    click.echo(f"{'stage':<{width}}  {'done':>10}  {'failed':>8}  {'left out':>8}  {'to do':>10}")
    for row in rows:
        todo = f"{row.n_todo:,}" if row.n_todo >= 0 else "?"
        numbers = f"{row.n_done:>10,}  {row.n_failed:>8,}  {row.n_left_out:>8,}  {todo:>10}"
        click.echo(f"{row.group:<{width}}  {numbers}  {row.note}".rstrip())
    for kind, n_media in collection.query(_REPEATED).to_pydict().items():
        if n_media[0]:
            click.echo(f"{n_media[0]:,} media repeat another {kind}: see the column duplicate_of")
    for run in collection.runs(1):
        click.echo(f"last run: {run['status']}, {run['finished'] or run['started']}")
