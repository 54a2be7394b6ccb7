"""``wk annotate``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import folder


@click.command(short_help="State something about a medium.")
@click.argument("media_id")
@click.argument("term")
@click.argument("value", required=False)
@click.option("--who", help="Who states it; default: the user who is logged in.")
@folder
def command(path: Path, media_id: str, term: str, value: str | None, who: str | None) -> None:
    """State that TERM of MEDIA_ID is VALUE; without a VALUE, take back what was stated.

    The source's word is kept beside it. What depends on the term is done again by
    the next run.
    """
    import wunderkammer
    from wunderkammer.core.errors import UnknownNameError

    collection = wunderkammer.open(path)
    known = collection.table().connection.execute(
        "SELECT 1 FROM records WHERE media_id = ?", [media_id]
    )
    if not known.fetchone():
        raise UnknownNameError(
            f"no medium is called '{media_id}'.", hint="'wk query' finds the media_id you want."
        )
    statement = {"media_id": media_id, "term": term, "value": value}
    collection.annotate([statement | ({"who": who} if who else {})])
    click.echo(f"stated: {term} = {value if value is not None else '(taken back)'}")
