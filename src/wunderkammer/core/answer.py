"""Answers to queries: an Arrow table that notebooks show, and contact sheets of its media."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wunderkammer.core import markup
from wunderkammer.core.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

Pictures = Callable[[Sequence[str]], Mapping[str, Path]]
"""Returns the file of each medium's thumbnail, of those that have one."""

_ROWS = 20
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
_MOST = 500


class Answer:
    """The answer to one SELECT: an Arrow table, and more.

    Everything a :class:`pyarrow.Table` has can be asked of it, and libraries that read
    Arrow's C stream (Polars, DuckDB, pandas) take it as it is.

    Parameters
    ----------
    table : pyarrow.Table
        The rows.
    pictures : callable
        Finds thumbnails, once they are shown.
    """

    def __init__(self, table: pa.Table, pictures: Pictures) -> None:
        self._table = table
        self._pictures = pictures

    def __getattr__(self, name: str) -> Any:
        """Return what the Arrow table has of this name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._table, name)

    def __dir__(self) -> list[str]:
        """Return what can be asked of it."""
        return sorted({*super().__dir__(), *dir(self._table)})

    def __getitem__(self, key: Any) -> Any:
        """Return a column by name or place, or a slice of the rows."""
        found = self._table[key]
        return Answer(found, self._pictures) if isinstance(found, pa.Table) else found

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._table.num_rows)

    def __eq__(self, other: object) -> bool:
        """Tell whether another answer or table has the same columns and rows."""
        table = other.to_arrow() if isinstance(other, Answer) else other
        return bool(self._table == table)

    __hash__ = None  # type: ignore[assignment]  # as that of a table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows to a library that reads Arrow's C stream."""
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """Return the first rows as text."""
        names = self._table.column_names
        rows = [[markup.short(one) for one in row] for row in self._first(10)]
        widths = [max(len(line[i]) for line in [names, *rows]) for i in range(len(names))]
        lines = [
            "  ".join(one.ljust(width) for one, width in zip(line, widths, strict=True)).rstrip()
            for line in [names, *rows]
        ]
        return "\n".join([*lines, self._counted(len(rows))])

    def _repr_html_(self) -> str:
        rows = self._first(_ROWS)
        shown = markup.table(self._table.column_names, rows)
        return markup.framed(shown, markup.quiet(self._counted(len(rows))))

    def to_arrow(self) -> pa.Table:
        """Return the Arrow table itself."""
        return self._table

    def to_pandas(self, **options: Any) -> pd.DataFrame:
        """Return a data frame of pandas; options are those of :meth:`pyarrow.Table.to_pandas`."""
        frame: pd.DataFrame = self._table.to_pandas(**options)
        return frame

    def show(self, n: int = 24, *, captions: Sequence[str] | None = None) -> ContactSheet:
        """Return a contact sheet of the first media: a picture each, the other columns below it.

        A notebook shows it; elsewhere it says in words what it holds. Nothing is read before
        it is shown, and nothing is written or opened.

        Parameters
        ----------
        n : int
            Pictures at most, up to 500.
        captions : sequence of str, optional
            Columns to write below each; default: the first three beside ``media_id``.

        Raises
        ------
        QueryError
            If the answer has no ``media_id``, or a caption names no column of it.
        """
        names = self._table.column_names
        if "media_id" not in names:
            raise QueryError(
                "the answer says of no row which medium it is, so there is nothing to show.",
                hint=f"Select media_id too; selected: {', '.join(names)}.",
            )
        for name in captions or ():
            if name not in names:
                raise QueryError(
                    f"no column of the answer is called '{name}'.",
                    hint=f"There are: {', '.join(names)}.",
                )
        below = [name for name in names if name != "media_id"][:3] if captions is None else captions
        first = self._table.slice(0, min(max(0, n), _MOST))
        return ContactSheet(first, len(self), tuple(below), self._pictures)

    def _first(self, n: int) -> list[list[Any]]:
        return [list(row.values()) for row in self._table.slice(0, n).to_pylist()]

    def _counted(self, n_shown: int) -> str:
        n_rows = len(self)
        rows = f"{n_rows:,} {'row' if n_rows == 1 else 'rows'}"
        return rows if n_shown == n_rows else f"{rows}, the first {n_shown} shown"


@dataclass(frozen=True, slots=True, repr=False)
class ContactSheet:
    """Pictures of media side by side, each with words below it.

    Attributes
    ----------
    table : pyarrow.Table
        The media that are on it.
    n_media : int
        How many the answer has.
    captions : sequence of str
        Columns that are written below each.
    pictures : callable
        Finds thumbnails.
    """

    table: pa.Table
    n_media: int
    captions: Sequence[str]
    pictures: Pictures

    def __repr__(self) -> str:
        """Return in words what a notebook would show."""
        return (
            f"ContactSheet({self.table.num_rows:,} of {self.n_media:,} media; a notebook shows "
            "their pictures)"
        )

    def _repr_html_(self) -> str:
        rows = self.table.to_pylist()
        found = self.pictures([str(row["media_id"]) for row in rows])
        figures = "".join(self._figure(row, found.get(str(row["media_id"]))) for row in rows)
        left = self.n_media - len(rows)
        more = f"{len(rows):,} of {self.n_media:,} media: show(n=…) shows more." if left else ""
        return markup.framed(f'<div class="sheet">{figures}</div>', markup.quiet(more))

    def _figure(self, row: Mapping[str, Any], path: Path | None) -> str:
        words = [markup.short(row[name]) for name in self.captions if row[name] is not None]
        first, others = (words[0], words[1:]) if words else (str(row["media_id"]), [])
        below = "".join(f'<span class="quiet">{escape(one)}</span>' for one in others)
        title = escape(str(row["media_id"]), quote=True)
        return (
            f'<figure title="{title}">{_image(path, first)}'
            f"<figcaption>{escape(first)}{below}</figcaption></figure>"
        )


def _image(path: Path | None, alternative: str) -> str:
    """Return a picture inside the page itself: a notebook may be opened elsewhere."""
    try:
        content = path.read_bytes() if path is not None else b""
    except OSError:
        content = b""
    if path is None or not content:
        return '<span class="none">no picture yet</span>'
    kind = _TYPES.get(path.suffix, "image/jpeg")
    data = base64.b64encode(content).decode()
    words = escape(alternative, quote=True)
    return f'<img loading="lazy" alt="{words}" src="data:{kind};base64,{data}">'
