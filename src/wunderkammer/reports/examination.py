"""The report on an examination: which encoder is good for what, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from wunderkammer.core.collection import Collection
from wunderkammer.core.files import write_bytes
from wunderkammer.reports import _examination_channels as channels
from wunderkammer.reports import _examination_first as summary
from wunderkammer.reports import _examination_maps as maps
from wunderkammer.reports import _examination_mislabels as mislabels
from wunderkammer.reports import _examination_names as names
from wunderkammer.reports import _examination_tables as tables
from wunderkammer.reports._album import Album
from wunderkammer.reports._charts import SERIES_STYLE
from wunderkammer.reports._document import document, figures, made_by, table
from wunderkammer.reports._examination_read import FOLDER, Examination, examination_of

NAME = f"{FOLDER}/report.html"
"""Where the report lies in a collection."""

_PARTS = (tables, names, mislabels, maps, channels, summary)
_STYLE = SERIES_STYLE + "".join(part.STYLE for part in _PARTS)

_METHOD = (
    "Intervals hold the figure in 95 of 100 samples of the media: percentile bootstrap over "
    "specimens, one seed. The figures lie beside this page: figures.parquet and cells/."
)

_SECTIONS = (
    ("identification", "identification"),
    ("learning", "learning curves"),
    ("neighbours", "neighbours"),
    ("silhouette", "silhouettes"),
    ("discrimination", "discrimination"),
    ("mislabels", "wrong labels"),
    ("leakage", "leakage"),
    ("maps", "maps"),
    ("channels", "channels"),
)


def write_examination(collection: Collection) -> Path:
    """Write what an examination found as one HTML page that needs nothing else.

    Parameters
    ----------
    collection : Collection
        With the files of an examination below ``evaluation/``; what is missing there is
        left out.

    Returns
    -------
    Path
        ``evaluation/report.html`` in the collection's folder.

    Raises
    ------
    StageError
        If nothing has been examined.

    Notes
    -----
    The page holds its pictures, its one script and its figures; it asks no network.
    Of more than 20,000 media a fixed random choice is drawn on the maps.
    """
    found = examination_of(collection)
    path = collection.root / NAME
    write_bytes(path, page(found, collection).encode())
    return path


def page(one: Examination, collection: Collection) -> str:
    """Return an examination as HTML."""
    album = Album(collection, mislabels.media_shown(one) | channels.media_shown(one))
    main = [
        *summary.first(one),
        *names.identification(one),
        *tables.learning(one),
        *tables.neighbours(one),
        *tables.silhouette(one),
        *names.discrimination(one),
        *mislabels.mislabels(one, album),
        *tables.leakage(one),
        *maps.maps(one, collection),
        *channels.activations(one, album),
        *_notes(one),
    ]
    parts = [
        *_beginning(one, "".join(main)),
        "<main>",
        *main,
        "</main><footer>",
        f"<p>{_METHOD}</p>",
        made_by(one.made, one.contact),
        "</footer>",
    ]
    script = maps.script() if maps.drawn(one) else ""
    title = f"Examination: {one.title}"
    return document(title, parts, plots=True, style=_STYLE, script=script)


def _beginning(one: Examination, main: str) -> Iterator[str]:
    yield f"<header><h1>Examination: {escape(one.title)}</h1>"
    yield (
        '<p class="soft">What the features of this collection\'s encoders are good for, measured '
        f"on media they were not fitted on. Made on {one.made:%d %B %Y}.</p>"
    )
    tests = {cell.split for task in ("neighbours", "silhouette", "identification")
             for cell in one.of(task)} - {"train", ""}  # fmt: skip
    numbers = [
        ("encoders", f"{len(one.encoders()):,}"),
        ("sets of tests", f"{len(tests):,}"),
        ("measurements", f"{len([cell for cell in one.cells if cell.figures]):,}"),
    ]
    if one.issues is not None:
        numbers.append(("suspected labels", f"{len(set(one.issues['media_id'].to_pylist())):,}"))
    yield from figures(numbers)
    links = "".join(
        f'<a href="#{anchor}">{name}</a> ' for anchor, name in _SECTIONS if f'id="{anchor}"' in main
    )
    yield f'<nav class="contents">{links}</nav></header>'


def _notes(one: Examination) -> Iterator[str]:
    """Yield what could not be measured, and why."""
    rows = [
        [
            ("", "encoder", escape(cell.encoder)),
            ("", "measurement", escape(" ".join(filter(None, (cell.task, cell.rank, cell.split))))),
            ("w", "why", escape(cell.note)),
        ]
        for cell in one.cells
        if cell.note
    ]
    if rows:
        heads = ("encoder", "measurement", "why")
        yield '<h2 id="notes">What could not be measured</h2>'
        yield from table("quiet", "Not measured", "", heads, rows)
