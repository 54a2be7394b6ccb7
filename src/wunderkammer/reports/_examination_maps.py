"""The embeddings of an examination: one map that a reader colours by any column."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.collection import Collection
from wunderkammer.reports import _pictures as pictures
from wunderkammer.reports._album import Album
from wunderkammer.reports._document import table
from wunderkammer.reports._examination_columns import EDGE, NONE, columns_of, text_of
from wunderkammer.reports._examination_read import (
    Examination,
    parts_in_order,
    value_at,
)
from wunderkammer.reports._examination_tables import folded, part_name, shown

N_POINTS = 20_000
"""Media of a map at most: beyond that, those whose ids come first by their digests."""

N_THUMBS = 1_200
"""Media of a map that have a picture."""

_COLOURS = {"order", "family"}
"""Columns that a map is coloured by as it opens, the first that there is."""

_THUMB_PX, _THUMBS_WIDE, _QUALITY = 48, 40, 60

_KEPT = {
    "trustworthiness": "trustworthiness",
    "continuity": "continuity",
    "neighbours_kept": "neighbours kept",
}

STYLE = """
.map { display: grid; grid-template-columns: minmax(0, 1fr) 15rem; gap: 1rem 1.5rem;
  margin: 1rem 0; }
.map .controls { display: flex; grid-column: 1 / -1; flex-wrap: wrap; gap: .5rem 1.25rem;
  align-items: center; }
.map label { font-size: .9rem; }
.map select { max-width: 100%; padding: .3rem; font: inherit; }
#map-parts { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 0; padding: 0; border: 0; }
.map .sheet { position: relative; min-width: 0; }
#map-canvas { display: block; width: 100%; aspect-ratio: 1; background: #fff;
  border: 1px solid var(--line); touch-action: pan-y; }
#map-tip { position: absolute; z-index: 1; width: 8.5rem; padding: .35rem; background: #fff;
  border: 1px solid var(--soft); border-radius: .3rem; font-size: .8rem; line-height: 1.3;
  pointer-events: none; overflow-wrap: anywhere; }
#map-tip[hidden], #map-tip canvas[hidden] { display: none; }
#map-tip canvas { display: block; width: 100%; }
#map-legend { max-height: 34rem; margin: 0; padding: 0; overflow-y: auto; list-style: none;
  font-size: .88rem; }
#map-legend button { display: block; width: 100%; padding: .12rem .3rem; border: 0;
  background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
#map-legend button[aria-pressed="true"] { background: var(--tint); font-weight: 650; }
#map-legend i { display: inline-block; width: .75rem; height: .75rem; margin-right: .45rem;
  border-radius: 50%; vertical-align: -.05rem; }
@media (max-width: 40rem) { .map { display: block; } #map-legend { columns: 2;
  max-height: none; margin-top: .75rem; } .map .controls { margin-bottom: .75rem; } }
@media print { .map .controls { display: none; } }
"""


def script() -> str:
    """Return the script of the map."""
    return (resources.files("wunderkammer.reports") / "_examination_map.js").read_text("utf-8")


def maps(one: Examination, collection: Collection) -> Iterator[str]:
    """Yield what maps kept, and the map."""
    tables = drawn(one)
    if not tables:
        return
    yield '<h2 id="maps">Maps: what lies beside what?</h2>'
    yield (
        "<p>Each map is fitted on the training set alone (●) and the tests are placed on it (◇). "
        "Near means alike; the distance between far groups means little.</p>"
    )
    data = _data(tables, collection)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    n_points, n_all = len(data["names"]), data["n_all"]
    some = f" Of {n_all:,} media {n_points:,} are drawn." if n_points < n_all else ""
    yield (
        '<div class="map"><div class="controls"><label>Map <select id="map-which"></select>'
        '</label> <label>Colour by <select id="map-colour"></select></label>'
        '<fieldset id="map-parts" aria-label="Sets that are shown"></fieldset></div>'
        '<div class="sheet"><canvas id="map-canvas" role="img" aria-label="Map of the media; '
        'the tables say what it keeps"></canvas><div id="map-tip" hidden><canvas></canvas>'
        '<span></span></div></div><ul id="map-legend" aria-label="Colours"></ul></div>'
        f'<p class="note">Point at a medium to see it; choose a colour to see it alone.{some}</p>'
        "<noscript><p>The map needs JavaScript; the tables do not.</p></noscript>"
        f'<script id="map-data" type="application/json">{text}</script>'
    )
    yield from _quality(one)


def _quality(one: Examination) -> Iterator[str]:
    """Yield what maps kept of each set, the training set open."""
    for place, part in enumerate(_sets(one)):
        rows = _kept(one, part)
        ranks = [rank for rank in one.ranks("embedding") if rank]
        heads = ("encoder", "map", *_KEPT.values(), *(f"{rank} by neighbours" for rank in ranks))
        note = (
            "Trustworthiness: neighbours on the map are neighbours among features; continuity: "
            "the other way round. By neighbours: names told by the nearest on the map."
        )
        title = f"What maps kept, {escape(part_name(part))}"
        parts = table("wide", title, note, heads, rows, numbers=range(2, len(heads)))
        yield from folded(f"What maps kept, {part_name(part)}", parts) if place else parts


def _sets(one: Examination) -> list[str]:
    return parts_in_order(
        {part for cell in one.of("embedding", "") for part, some in cell.figures.items()
         if isinstance(some, Mapping)}
    )  # fmt: skip


def _kept(one: Examination, part: str) -> Iterator[list[tuple[str, str, str]]]:
    """Yield a row for each map of each encoder."""
    told = {(cell.encoder, cell.split, cell.rank): cell for cell in one.of("embedding")}
    ranks = [rank for rank in one.ranks("embedding") if rank]
    for cell in one.of("embedding", ""):
        figures = cell.figures.get(part, {})
        names = (told.get((cell.encoder, cell.split, rank)) for rank in ranks)
        yield [
            ("", "encoder", escape(cell.encoder)),
            ("", "map", escape(cell.split)),
            *(("n", head, shown(value_at(figures, key))) for key, head in _KEPT.items()),
            *(
                ("n", f"{rank} by neighbours",
                 shown(value_at(found.figures if found else {}, part, "accuracy")))
                for rank, found in zip(ranks, names, strict=True)
            ),
        ]  # fmt: skip


def drawn(one: Examination) -> dict[tuple[str, str], pa.Table]:
    """Return the maps that have media, by encoder and projection."""
    tables = {key: pq.read_table(path) for key, path in one.embeddings.items()}
    return {key: some for key, some in tables.items() if some.num_rows}


def _data(tables: Mapping[tuple[str, str], pa.Table], collection: Collection) -> dict[str, Any]:
    """Return all that the script draws, as JSON values."""
    all_ids = {media_id for some in tables.values() for media_id in some["media_id"].to_pylist()}
    ids = sorted(all_ids, key=_by_chance)[:N_POINTS]
    rows = {media_id: row for row, media_id in enumerate(ids)}
    parts = parts_in_order({part for some in tables.values() for part in some["part"].to_pylist()})
    album, columns = Album(collection, ids), columns_of(collection, ids)
    return {
        "n_all": len(all_ids),
        "names": [album.name(media_id) for media_id in ids],
        "parts": parts,
        "maps": [
            {"title": f"{encoder}, {projection}", **_coded(some.to_pydict(), rows, parts)}
            for (encoder, projection), some in tables.items()
        ],
        "columns": columns,
        "colour": next((place for place, one in enumerate(columns) if one["name"] in _COLOURS), 0),
        "thumbs": _thumbs(album, ids[:N_THUMBS]),
    }


def _by_chance(media_id: str) -> str:
    """Return a digest: an order that is random and always the same."""
    return hashlib.sha256(media_id.encode()).hexdigest()


def _coded(
    columns: Mapping[str, Sequence[Any]], rows: Mapping[str, int], parts: Sequence[str]
) -> dict[str, str]:
    """Return a map in whole numbers of 16 bits: positions in the order of the names."""
    xy = np.array([columns["x"], columns["y"]], np.float64)
    low, high = xy.min(axis=1, keepdims=True), xy.max(axis=1, keepdims=True)
    middle, width = (low + high) / 2, max(float((high - low).max()), 1e-9)
    scaled = np.rint(((xy - middle) / width + 0.5) * EDGE)
    places = {part: place for place, part in enumerate(parts)}
    coded = np.full((3, len(rows)), NONE, np.uint16)
    for column, media_id in enumerate(columns["media_id"]):
        row = rows.get(media_id)
        if row is not None:
            coded[:2, row] = scaled[:, column]
            coded[2, row] = places[columns["part"][column]]
    return dict(zip(("x", "y", "part"), map(text_of, coded), strict=True))


def _thumbs(album: Album, ids: Sequence[str]) -> dict[str, Any]:
    """Return small pictures on one sheet."""
    from PIL import Image

    high = max(1, -(-len(ids) // _THUMBS_WIDE))
    sheet = Image.new("RGB", (_THUMBS_WIDE * _THUMB_PX, high * _THUMB_PX), pictures.GROUND)
    for place, media_id in enumerate(ids):
        pixels = album.pixels(media_id)
        if pixels is not None:
            small = Image.fromarray(pixels)
            small.thumbnail((_THUMB_PX, _THUMB_PX))
            left = (place % _THUMBS_WIDE) * _THUMB_PX + (_THUMB_PX - small.width) // 2
            top = (place // _THUMBS_WIDE) * _THUMB_PX + (_THUMB_PX - small.height) // 2
            sheet.paste(small, (left, top))
    buffer = io.BytesIO()
    sheet.save(buffer, "WEBP", quality=_QUALITY, method=4)
    code = base64.b64encode(buffer.getvalue()).decode()
    return {"side": _THUMB_PX, "columns": _THUMBS_WIDE, "n": len(ids),
            "src": f"data:image/webp;base64,{code}"}  # fmt: skip
