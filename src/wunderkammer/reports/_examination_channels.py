"""The channels of encoders that vary most, by the media that they answer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import pyarrow.parquet as pq

from wunderkammer.reports._album import Album
from wunderkammer.reports._examination_read import Examination
from wunderkammer.reports._examination_tables import folded

N_CHANNELS = 6
"""Channels of an encoder that the page shows."""

_MEDIA, _SIDE_PX = 4, 112

STYLE = """
.channels { margin: 1rem 0; padding: 0; list-style: none; }
.channels li { display: grid; grid-template-columns: 8rem minmax(0, 1fr) minmax(0, 1fr);
  gap: .3rem 1.25rem; align-items: center; padding: .5rem 0; border-top: 1px solid var(--line); }
.channels .ends { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .3rem; }
.channels .ends b { grid-column: 1 / -1; color: var(--soft); font-size: .8rem; }
.channels img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain;
  background: #e8ebee; }
.channels span { color: var(--soft); font-size: .88rem; }
@media (max-width: 40rem) { .channels li { grid-template-columns: minmax(0, 1fr); } }
"""


def media_shown(one: Examination) -> set[str]:
    """Return the media whose pictures are shown."""
    return {
        media_id
        for encoder in one.activations
        for row in _rows(one, encoder)
        for end in ("lowest", "highest")
        for media_id in (row[end] or [])[:_MEDIA]
    }


def activations(one: Examination, album: Album) -> Iterator[str]:
    """Yield the most variable channels of each encoder."""
    if not one.activations:
        return
    yield '<h2 id="channels">Channels: what do features answer to?</h2>'
    yield (
        "<p>The channels whose values vary most over the training set, and the media at both "
        "ends. For trained encoders, 'wk report encoder' also paints what excites a "
        "channel.</p>"
    )
    for place, encoder in enumerate(one.activations):
        parts = _channels(_rows(one, encoder), album)
        if place:
            yield from folded(encoder, parts)
        else:
            yield f"<h3>{escape(encoder)}</h3>"
            yield from parts


def _rows(one: Examination, encoder: str) -> list[dict[str, Any]]:
    table = pq.read_table(one.activations[encoder])
    rows: list[dict[str, Any]] = (
        table.sort_by([("variance", "descending")]).slice(0, N_CHANNELS).to_pylist()
    )
    return rows


def _channels(rows: Sequence[Mapping[str, Any]], album: Album) -> Iterator[str]:
    yield '<ul class="channels">'
    for row in rows:
        ends = "".join(
            f'<div class="ends"><b>{end}</b>'
            + "".join(album.image(media_id, _SIDE_PX) for media_id in (row[end] or [])[:_MEDIA])
            + "</div>"
            for end in ("lowest", "highest")
        )
        yield (
            f"<li><div><b>channel {row['channel']}</b><br><span>variance "
            f"{row['variance']:.3g}</span></div>{ends}</li>"
        )
    yield "</ul>"
