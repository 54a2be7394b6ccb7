"""Cards: what visitors read of each medium, from the table of all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.atlas.card_schemas import Picture, PictureTiles
from wunderkammer.atlas.cards import card_from_record, chunk_of_cards
from wunderkammer.atlas.paths import picture_path, picture_tiles_path, upright_path
from wunderkammer.atlas.schemas import CARDS_PER_CHUNK
from wunderkammer.atlas.siblings import siblings_of
from wunderkammer.core.engine import Engine
from wunderkammer.stages import _picture
from wunderkammer.vocab import ranks

_CARDS_AT_ONCE = 32 * CARDS_PER_CHUNK
CARD_TERMS = (
    *("scientificName", "scientificNameAuthorship", "vernacularName", "title"),
    *ranks.RANKS,
    *("locality", "stateProvince", "county", "country", "countryCode"),
    *("decimalLatitude", "decimalLongitude", "eventDate", "verbatimEventDate"),
    *("verbatim_eventDate", "year", "month", "day", "date"),
    *("license", "rightsHolder", "creator", "rights", "accessRights", "UsageTerms"),
    *("references", "furtherInformationURL", "occurrenceID", "original_file"),
    *("bibliographicCitation", "institutionCode", "collectionCode", "catalogNumber"),
)
"""Terms that cards are made of."""

_SHOWN = ("shown", "shown_width", "shown_height")
"""The picture that a card shows first, where it is not the photograph."""

DEEPZOOM = ("deepzoom", "deepzoom_width", "deepzoom_height")


def with_shown(scalars: pa.Table, columns: _picture.PictureColumns | None) -> pa.Table:
    """Return a table with the columns :data:`_SHOWN`: empty where that is the photograph."""
    n = len(scalars)
    if columns is None:
        cell, sides = pa.nulls(n, pa.string()), [pa.nulls(n, pa.int64())] * 2
    else:
        cell = scalars[columns.cell].cast(pa.string())
        same = pc.fill_null(pc.equal(cell, scalars["thumbnail"].cast(pa.string())), False)
        cell = pc.if_else(same, pa.scalar(None, pa.string()), cell)
        sides = [scalars[side] for side in (columns.width, columns.height)]
    for name, values in zip(_SHOWN, (cell, *sides), strict=True):
        scalars = scalars.append_column(name, values)
    return scalars


def card_chunks(
    scalars: pa.Table,
    order: npt.NDArray[np.int64],
    facts: tuple[str, ...],
    engine: Engine | None = None,
    *,
    own_tile_px: int = 0,
) -> Iterator[bytes]:
    """Yield the files of cards, some thousand rows in memory at a time.

    Parameters
    ----------
    scalars : pyarrow.Table
        The cells of each medium.
    order : ndarray of int64, shape (n,)
        The medium of each row.
    facts : tuple of str
        Columns shown below name, place and date.
    engine : Engine, optional
        Makes them at the same time, where there are many.
    own_tile_px : int, optional
        Edge of the tiles of single pictures; 0 where there are none.
    """
    if "shown" not in scalars.column_names:
        scalars = with_shown(scalars, None)
    own = ("media_id", "width", "height", *DEEPZOOM, *_SHOWN)
    shown = scalars.select(list(dict.fromkeys((*CARD_TERMS, *facts, *own)))).combine_chunks()
    near = siblings_of(lambda name: scalars[name].cast(pa.string()).take(pa.array(order)))
    parts = (
        shown.take(pa.array(order[first : first + _CARDS_AT_ONCE])).append_column(
            "siblings", near.slice(first, _CARDS_AT_ONCE)
        )
        for first in range(0, len(order), _CARDS_AT_ONCE)
    )
    if engine is None or len(order) <= _CARDS_AT_ONCE:
        for rows in parts:
            yield from _chunks(rows, facts, own_tile_px)
        return
    waiting: deque[Future[list[bytes]]] = deque()
    for rows in parts:
        waiting.append(engine.submit(_chunks, rows, facts, own_tile_px))
        if len(waiting) > engine.n_workers:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _chunks(rows: pa.Table, facts: tuple[str, ...], own_tile_px: int) -> list[bytes]:
    """Return the files of cards of some rows."""
    records = rows.to_pylist()
    cards = [
        card_from_record(
            one,
            _photograph(one, own_tile_px),
            facts,
            upright=_upright(one),
            siblings=one.pop("siblings"),
        )
        for one in records
    ]
    return [
        chunk_of_cards(cards[first : first + CARDS_PER_CHUNK])
        for first in range(0, len(cards), CARDS_PER_CHUNK)
    ]


def _upright(record: Mapping[str, Any]) -> Picture | None:
    if not record["shown"]:
        return None
    return Picture(
        path=upright_path(record["media_id"], record["shown"]),
        width=int(record["shown_width"]),
        height=int(record["shown_height"]),
    )


def _photograph(record: Mapping[str, Any], tile_px: int) -> Picture:
    media_id = record["media_id"]
    return Picture(
        path=picture_path(media_id),
        width=int(record["width"]),
        height=int(record["height"]),
        tiles=_tiles(record, tile_px) if record["deepzoom"] and tile_px else None,
    )


def _tiles(record: Mapping[str, Any], tile_px: int) -> PictureTiles:
    return PictureTiles(
        path=picture_tiles_path(record["media_id"]),
        width=int(record["deepzoom_width"]),
        height=int(record["deepzoom_height"]),
        tile_px=tile_px,
    )
