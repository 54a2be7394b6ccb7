"""``wk review``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from wunderkammer.cli._browser import open_browser
from wunderkammer.cli.options import folder_read

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection


@click.command(short_help="Look at cut-outs, turns or suspected labels in a browser.")
@click.argument("tool", type=click.Choice(["cutout", "upright", "labels"]))
@click.option(
    "--order",
    type=click.Choice(["worst", "least-sure", "unseen", "judged"]),
    default="worst",
    show_default=True,
    help="What comes first; 'unseen' leaves out what was judged before, 'judged' the rest.",
)
@click.option("--rank", default="", help="Labels of this rank; default: the narrowest examined.")
@click.option(
    "--list", "listed", is_flag=True, help="Write the labels and what was said of them as CSV."
)
@click.option("--port", default=8001, show_default=True, help="Port; 0 takes a free one.")
@click.option("--as", "who", default="", metavar="NAME", help="Who states it; default: the user.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@folder_read
def command(
    path: Path,
    tool: str,
    order: str,
    rank: str,
    listed: bool,
    port: int,
    who: str,
    no_open: bool,
) -> None:
    """Look at cut-outs and mend their masks, turn specimens upright, or judge labels.

    The page is there until Ctrl-C. What is stated is kept as annotations; 'wk run' then does
    again what depends on it. Only this machine is answered. Labels are those that
    'wk evaluate' suspects to be wrong.
    """
    import wunderkammer

    if tool != "labels" and (rank or listed):
        raise click.UsageError("--rank and --list are for 'wk review labels'.")
    collection = wunderkammer.open(path)
    if listed:
        _list(collection, rank)
        return
    asked = {"tool": tool, "order": order} | _labels(collection, tool, rank)

    def started(address: str) -> None:
        place = f"{address}?{urlencode(asked)}"
        click.echo(f"The review is at {place} (Ctrl-C stops it).")
        if not no_open:
            open_browser(place)

    from wunderkammer.web.server import serve_review

    serve_review(collection, who=who, port=port, started=started)


def _labels(collection: Collection, tool: str, rank: str) -> dict[str, str]:
    """Return which labels are reviewed; refuse where none were examined."""
    if tool != "labels":
        return {}
    from wunderkammer.web.suspects import chosen

    found = chosen(collection, rank)
    return {"rank": found.rank, "encoder": found.encoder}


def _list(collection: Collection, rank: str) -> None:
    """Write the label issues of a rank, or all, as CSV."""
    import csv

    from wunderkammer.web.suspects import listing

    table = listing(collection, rank)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(row.values() for row in table.to_pylist())
