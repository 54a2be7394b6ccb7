"""``wk serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
@click.option(
    "--name", "names", multiple=True, metavar="HOST",
    help="A name that leads here, such as that of a proxy in front; may be given several times.",
)  # fmt: skip
@click.option(
    "--token-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Visitors must know the token in FILE; default: one is drawn where --host is not this "
    "machine.",
)  # fmt: skip
@click.option("--public", is_flag=True, help="Whoever reaches the server may look, with no token.")
@folder_read
def command(
    path: Path, port: int, host: str, *, curate: bool, photos: bool, who: str, **visitors: Any
) -> None:
    """Show the atlas in a browser, from this machine, until Ctrl-C.

    \b
    wk serve --curate        the card also takes corrections; 'wk run' then applies them
    wk serve --photos        the page also takes a photograph, which is never stored
    wk serve --host 0.0.0.0  others in the network look too, by an address with a token
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.web.server import Visitors, serve

    if who and not curate:
        raise click.UsageError("--as is for 'wk serve --curate'.")
    is_public, token_file = visitors["public"], visitors["token_file"]
    if is_public and token_file:
        raise click.UsageError("--public wants no token, --token-file one: leave one of them out.")

    serve(
        wunderkammer.open(path),
        host=host,
        port=port,
        curate=curate,
        photographs=photos,
        who=who,
        visitors=Visitors(visitors["names"], token_file, is_public),
        started=lambda address: click.echo(f"The atlas is at {address} (Ctrl-C stops it)."),
    )
