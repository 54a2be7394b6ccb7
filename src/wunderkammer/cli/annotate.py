"""``wk annotate``."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli import _completing
from wunderkammer.cli.options import tables_read

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection

_ALSO_CALLED = {"id": "media_id", "degrees": "angle_deg"}


@click.command(short_help="State something about a medium.")
@click.argument("media_id", required=False)
@click.argument("term", required=False, shell_complete=_completing.terms)
@click.argument("value", required=False)
@click.option(
    "--from",
    "table",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="CSV",
    help="State what a table says: a column media_id (or id), and a column for each term; "
    "an empty cell says nothing.",
)
@click.option("--new-term", is_flag=True, help="Allow a term that nobody has used yet.")
@click.option("--who", help="Who states it; default: the user who is logged in.")
@tables_read
def command(
    path: Path,
    media_id: str | None,
    term: str | None,
    value: str | None,
    table: Path | None,
    who: str | None,
    new_term: bool,
) -> None:
    """State that TERM of MEDIA_ID is VALUE; without a VALUE, take back what was stated.

    The source's word is kept beside it. What depends on the term is done again by
    the next run.

    \b
    wk annotate db3d448e228f599435d6 sex female
    wk annotate --from angles.csv
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer

    if table is not None and media_id is not None:
        raise click.UsageError("name one medium and its term, or a table with --from; not both.")
    if table is None and (media_id is None or term is None):
        raise click.UsageError("name a medium and a term, or a table with --from.")
    collection = wunderkammer.open(path)
    said = _read(table) if table else [(str(media_id), str(term), value)]
    statements = _checked(collection, said, new_term=new_term)
    n = collection.annotate([one | ({"who": who} if who else {}) for one in statements])
    if table is not None:
        click.echo(f"stated: {n:,} values of {len({one[0] for one in said}):,} media")
    else:
        click.echo(f"stated: {term} = {value if value is not None else '(taken back)'}")


def _read(table: Path) -> list[tuple[str, str, str | None]]:
    """Return medium, term and value of each cell that is not empty."""
    from wunderkammer.core.errors import SourceError

    text = table.read_text(encoding="utf-8-sig", errors="replace")
    first = text.partition("\n")[0]
    # spreadsheets of many countries separate by semicolons
    delimiter = next((one for one in ",;\t" if one in first), ",")
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    names = [_ALSO_CALLED.get(name.strip(), name.strip()) for name in rows[0]] if rows else []
    if "media_id" not in names or len(names) < 2:
        raise SourceError(
            f"{table}: its columns are {', '.join(names) or 'none'}.",
            hint="The first line names a column media_id (or id), and one column for each term.",
        )
    cells = (dict(zip(names, map(str.strip, row), strict=False)) for row in rows[1:])
    return [
        (row["media_id"], term, value)
        for row in cells
        for term, value in row.items()
        if term != "media_id" and value
    ]


def _checked(
    collection: Collection, said: Iterable[tuple[str, str, str | None]], *, new_term: bool
) -> list[dict[str, Any]]:
    """Return statements with what each value was; refuse unknown media and terms."""
    from wunderkammer.core.errors import UnknownNameError
    from wunderkammer.core.table import literal

    said = list(said)
    wanted = ", ".join(sorted({literal(media_id) for media_id, _, _ in said})) or "NULL"
    media = collection.query(f"SELECT * FROM media WHERE media_id IN ({wanted})")  # noqa: S608
    photographs = collection.query(f"SELECT media_id FROM records WHERE media_id IN ({wanted})")  # noqa: S608
    known = {row["media_id"]: row for row in photographs.to_pylist() + media.to_pylist()}
    for media_id, _, _ in said:
        if media_id not in known:
            raise UnknownNameError(
                f"no medium is called '{media_id}'.", hint="'wk query' finds the media_id you want."
            )
    if not new_term:
        _refuse_unknown(collection, {term for _, term, _ in said}, media.column_names)
    return [
        {"media_id": media_id, "term": term, "value": value,
         "was": None if (was := known[media_id].get(term)) is None else str(was)}
        for media_id, term, value in said
    ]  # fmt: skip


def _refuse_unknown(collection: Collection, wanted: set[str], columns: list[str]) -> None:
    """Refuse terms that are no Darwin Core, no column and nothing that a stage asks for."""
    from wunderkammer.core.errors import UnknownNameError
    from wunderkammer.vocab.darwin_core import TERMS

    asked = {name for stage in collection.configuration.stages for name in stage.reads()}
    terms = {*TERMS, *columns, *(name.rpartition("/")[2] for name in asked)}
    for term in sorted(wanted - terms):
        near = ", ".join(get_close_matches(term, terms, n=3))
        raise UnknownNameError(
            f"'{term}' is no Darwin Core term and no column of this collection"
            + (f"; near it are {near}." if near else "."),
            hint="Add --new-term if it is meant to be a term of your own.",
        )
