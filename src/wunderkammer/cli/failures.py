"""``wk failures``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from wunderkammer.cli import _completing
from wunderkammer.cli.options import tables_read


@click.command(short_help="List what failed, why, and what to do.")
@click.argument("stage", required=False, shell_complete=_completing.stages)
@click.option("--all", "everything", is_flag=True, help="List every row, not the first of a kind.")
@tables_read
def command(path: Path, stage: str | None, everything: bool) -> None:
    """List what failed, why, and what to do about it; of one STAGE if it is named.

    'wk run --retry-failed' does failed media again. For a file of all of them:
    wk query "select * from failures" --format csv
    """
    import wunderkammer

    collection = wunderkammer.open(path)
    rows = collection.failures(stage).to_pylist()
    if not rows:
        stopped = [run["error"] for run in collection.runs(1) if run["status"] == "failed"]
        click.echo(
            "\n".join(["no row has failed; the last run could not be done:", *stopped])
            if stopped
            else "nothing has failed"
        )
        return
    kinds = Counter((row["stage"], row["error"]) for row in rows)
    shown: Counter[tuple[str, str]] = Counter()
    for row in rows:
        kind = (row["stage"], row["error"])
        shown[kind] += 1
        if shown[kind] == 1:
            click.echo(f"{row['stage']}: {kinds[kind]:,} x {row['error']}")
        if everything or shown[kind] <= 3:
            which = " ".join(filter(None, (row["media_id"], row["where"])))
            click.echo(f"    {which}: {row['message']}")
            if row["hint"] and shown[kind] == 1:
                click.echo(f"        {row['hint']}")
        elif shown[kind] == 4:
            click.echo(f"    … and {kinds[kind] - 3:,} more (--all lists them)")
