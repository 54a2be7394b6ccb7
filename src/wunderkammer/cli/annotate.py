"""``wk annotate``."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from wunderkammer.cli.options import folder


@click.command(short_help="State something about a medium.")
@click.argument("media_id")
@click.argument("term")
@click.argument("value", required=False)
@click.option("--new-term", is_flag=True, help="Allow a term that nobody has used yet.")
@click.option("--who", help="Who states it; default: the user who is logged in.")
@folder
def command(
    path: Path, media_id: str, term: str, value: str | None, who: str | None, new_term: bool
) -> None:
    """State that TERM of MEDIA_ID is VALUE; without a VALUE, take back what was stated.

    The source's word is kept beside it. What depends on the term is done again by
    the next run.
    """
    import wunderkammer
    from wunderkammer.core.errors import UnknownNameError
    from wunderkammer.core.table import literal
    from wunderkammer.vocab.darwin_core import TERMS

    collection = wunderkammer.open(path)
    sql = f"SELECT * FROM media WHERE media_id = {literal(media_id)}"  # noqa: S608 - escaped
    media = collection.query(sql)
    found = media.to_pylist()
    if not found:
        raise UnknownNameError(
            f"no medium is called '{media_id}'.", hint="'wk query' finds the media_id you want."
        )
    terms = {*TERMS, *media.column_names}
    if term not in terms and not new_term:
        near = ", ".join(get_close_matches(term, terms, n=3))
        raise UnknownNameError(
            f"'{term}' is no Darwin Core term and no column of this collection"
            + (f"; near it are {near}." if near else "."),
            hint="Add --new-term if it is meant to be a term of your own.",
        )
    was = found[0].get(term)
    statement = {"media_id": media_id, "term": term, "value": value}
    statement["was"] = None if was is None else str(was)
    collection.annotate([statement | ({"who": who} if who else {})])
    click.echo(f"stated: {term} = {value if value is not None else '(taken back)'}")
