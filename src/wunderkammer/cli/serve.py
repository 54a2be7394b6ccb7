"""``wk serve``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import folder_read


@click.command(short_help="Show the atlas in a browser.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address; the default is this machine only.",
)
@click.option(
    "--curate",
    is_flag=True,
    help="Let the page state turns, masks, names and labels; for this machine alone.",
)
@click.option(
    "--photos", is_flag=True, help="Let visitors find what is like a photograph of theirs."
)
@click.option(
    "--as", "who", default="", metavar="NAME", help="Who curates; the page asks, this is proposed."
)
@folder_read
def command(path: Path, port: int, host: str, *, curate: bool, photos: bool, who: str) -> None:
    """Show the atlas in a browser, from this machine, until Ctrl-C.

    \b
    wk serve --curate        the card also takes corrections; 'wk run' then applies them
    wk serve --photos        the page also takes a photograph, which is never stored
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.web.server import serve

    if who and not curate:
        raise click.UsageError("--as is for 'wk serve --curate'.")

    serve(
        wunderkammer.open(path),
        host=host,
        port=port,
        curate=curate,
        photographs=photos,
        who=who,
        started=lambda address: click.echo(f"The atlas is at {address} (Ctrl-C stops it)."),
    )
