"""``wk publish``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import folder_read, place


@click.command(short_help="Write the atlas as static files.")
@click.argument("target", type=place)
@folder_read
def command(path: Path, target: str | Path) -> None:
    """Write the atlas below TARGET as static files, the same bytes 'wk serve' answers.

    TARGET is a folder, or an address such as s3://museum/atlas, where each file gets
    its content type and cache header and the entry points come last. Copy a folder to
    any web host, also into a sub-path. A PMTiles pyramid needs
    a host that answers range requests; '[tile] container = "directory"' needs none.
    """
    import wunderkammer

    n_files = wunderkammer.open(path).publish(target)
    click.echo(f"{n_files:,} files in {target}")
