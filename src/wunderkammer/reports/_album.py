"""Names and small pictures of the media that a report shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.table import literal
from wunderkammer.imaging.turning import on_colour
from wunderkammer.reports import _pictures as pictures
from wunderkammer.reports._media import known_columns, name_sql
from wunderkammer.reports._pictures import Rgb

_SHOWN = ("upright", "cutout", "thumbnail")
"""What a medium is shown by: the first of these that it has."""

_IDS_AT_ONCE = 5_000


class Album:
    """Media of a collection by their ids: what they are called and how they look.

    Parameters
    ----------
    collection : Collection
    media_ids : iterable of str
        Those that will be asked for.
    """

    def __init__(self, collection: Collection, media_ids: Iterable[str]) -> None:
        self._root: Path = collection.root
        self._names: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        known = known_columns(collection)
        some = [f'"{name}"' for name in _SHOWN if name in known]
        cell = f"coalesce({', '.join(some)})" if some else "NULL::VARCHAR"
        ids = sorted(set(media_ids))
        for start in range(0, len(ids), _IDS_AT_ONCE):
            listed = ", ".join(literal(one) for one in ids[start : start + _IDS_AT_ONCE])
            rows = collection.query(
                f"SELECT media_id, {name_sql(known)} AS name, {cell} AS cell FROM media "  # noqa: S608 - names are quoted, ids escaped
                f"WHERE media_id IN ({listed})"
            )
            for row in rows.to_pylist():
                self._names[row["media_id"]] = row["name"].rsplit("/", 1)[-1] or row["name"]
                if row["cell"]:
                    self._cells[row["media_id"]] = row["cell"]

    @property
    def names(self) -> Mapping[str, str]:
        """What media are called, by id; those that are gone are not there."""
        return self._names

    def name(self, media_id: str) -> str:
        """Return what a medium is called; its id if it is gone."""
        return self._names.get(media_id, media_id)

    def pixels(self, media_id: str) -> Rgb | None:
        """Return a medium as small RGB on grey; None if it has no picture or it is gone."""
        cell = self._cells.get(media_id)
        if cell is None:
            return None
        try:
            return on_colour(pictures.cutout(self._root, cell), pictures.GROUND)
        except WunderkammerError:
            return None

    def image(self, media_id: str, side_px: int, said: str = "") -> str:
        """Return a medium's picture as HTML; its name where it has none."""
        pixels = self.pixels(media_id)
        if pixels is None:
            return f'<span class="gone">{escape(self.name(media_id))}</span>'
        return pictures.image(pictures.encoded(pixels, side_px), said or self.name(media_id))
