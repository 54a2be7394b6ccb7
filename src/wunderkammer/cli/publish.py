"""``wk publish``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import folder


@click.command(short_help="Write the atlas as static files.")
@click.argument("target", type=click.Path(path_type=Path))
@folder
def command(path: Path, target: Path) -> None:
    """Write the atlas below TARGET as static files, the same bytes 'wk serve' answers.

    Copy the folder to any web host, also into a sub-path. A PMTiles pyramid needs
    a host that answers range requests; '[tile] container = "directory"' needs none.
    """
    import wunderkammer

    n_files = wunderkammer.open(path).publish(target)
    click.echo(f"{n_files:,} files in {target}")
