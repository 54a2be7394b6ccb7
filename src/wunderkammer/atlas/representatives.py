"""Representatives: few sprites drawn large where all are too small to read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.atlas.geometry import Boxes, Geometry
from wunderkammer.atlas.layers import Rows, raised_boxes
from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.atlas.style import RepresentativeStyle
from wunderkammer.core.files import written_whole

Features = npt.NDArray[np.float32]

_TRIES = 16
"""Members of a cluster that are tried before the cluster goes without."""

_BATCH = 4096

_BOX = ("left", "top", "width", "height")


@dataclass(frozen=True)
class Raised:
    """The representatives of one zoom as they are drawn.

    Attributes
    ----------
    rows : ndarray of int64, shape (k,)
        Who they are, ascending.
    boxes : ndarray of int32, shape (k, 4)
        Left, top, width, height in pixels at the highest zoom.
    """

    rows: Rows
    boxes: Boxes

    def reach(self, geometry: Geometry) -> float:
        """Return how far a box reaches at most from its medium's centre, along x or y."""
        centres = geometry.centres[self.rows].astype(np.float64)
        far = self.boxes[:, :2] + self.boxes[:, 2:]
        return float(np.maximum(centres - self.boxes[:, :2], far - centres).max())


def representative_zooms(geometry: Geometry, style: RepresentativeStyle) -> range:
    """Return the zooms at which a normal sprite is too small to read, lowest first."""
    zooms = [
        zoom
        for zoom in range(style.from_zoom, geometry.max_zoom)
        if geometry.sprite_px / (1 << (geometry.max_zoom - zoom)) < style.below_px
    ]
    return range(zooms[0], zooms[-1] + 1) if zooms else range(0)


def choose_representatives(
    geometry: Geometry, style: RepresentativeStyle, features: Features | None = None
) -> dict[int, Rows]:
    """Return the rows that stand for their surroundings at each middle zoom.

    Parameters
    ----------
    geometry : Geometry
        Where every medium lies.
    style : RepresentativeStyle
        At which zooms, how many, how large.
    features : ndarray of float32, shape (n, n_features), optional
        Row r belongs to row r of ``geometry``; may be a memory map.

    Returns
    -------
    dict
        Ascending rows by zoom; empty where the atlas is small enough without.

    Notes
    -----
    At each zoom, k-means parts the positions into clusters; a cluster without a
    representative from the zoom above gets the member nearest its mean in
    feature space (on the map the nearest may be an outlier in looks). A
    representative stays one at every higher zoom that has any, and no two of a
    zoom overlap: who comes first stays.
    """
    chosen: Rows = np.empty(0, np.int64)
    by_zoom = {}
    for zoom in representative_zooms(geometry, style):
        chosen = _with_more(geometry, style, features, zoom, chosen)
        by_zoom[zoom] = np.sort(chosen)
    return by_zoom


def drawn_representatives(
    geometry: Geometry,
    style: RepresentativeStyle,
    chosen: Mapping[int, Rows],
    without: Collection[str] = (),
) -> dict[int, Raised]:
    """Return where a pyramid draws the representatives of each zoom.

    Parameters
    ----------
    geometry : Geometry
        Where every medium lies.
    style : RepresentativeStyle
        How large they are drawn.
    chosen : mapping
        Rows by zoom, from :func:`choose_representatives`.
    without : collection of str, optional
        The media_id of those that could not be drawn.

    Returns
    -------
    dict
        By zoom, lowest first; a zoom of which none is drawn is left out.
    """
    drawn = {}
    for zoom in sorted(chosen):
        names = geometry.ids[chosen[zoom]]
        kept = [name.tobytes().hex() not in without for name in names]
        rows = np.sort(chosen[zoom][np.array(kept, bool)])
        if len(rows):
            boxes = raised_boxes(geometry, rows, zoom, style.sprite_px)
            drawn[zoom] = Raised(rows, boxes << (geometry.max_zoom - zoom))
    return drawn


def write_representatives(path: Path, geometry: Geometry, drawn: Mapping[int, Raised]) -> None:
    """Write who is drawn larger and where, one row for each medium and zoom."""
    ids = [name.tobytes().hex() for raised in drawn.values() for name in geometry.ids[raised.rows]]
    zooms = [zoom for zoom, raised in drawn.items() for _ in raised.rows]
    boxes = np.concatenate([np.empty((0, 4), np.int32), *(one.boxes for one in drawn.values())])
    columns = {"zoom": pa.array(zooms, pa.int32()), "media_id": pa.array(ids, pa.string())}
    columns |= {name: pa.array(boxes[:, part]) for part, name in enumerate(_BOX)}
    with written_whole(path) as temporary:
        pq.write_table(pa.table(columns), temporary)


def read_representatives(path: Path, geometry: Geometry) -> dict[int, Raised]:
    """Return what :func:`write_representatives` wrote; empty if there is no such file."""
    if not path.is_file():
        return {}
    table = pq.read_table(path)
    row_of = {media_id: row for row, media_id in enumerate(geometry.media_ids)}
    zooms = table["zoom"].to_numpy()
    rows = np.array([row_of.get(name, -1) for name in table["media_id"].to_pylist()], np.int64)
    boxes = np.column_stack([table[name].to_numpy() for name in _BOX])
    drawn = {}
    for zoom in np.unique(zooms[rows >= 0]).tolist():
        of_zoom = np.flatnonzero((zooms == zoom) & (rows >= 0))
        order = of_zoom[np.argsort(rows[of_zoom])]
        drawn[zoom] = Raised(rows[order], boxes[order])
    return drawn


def _with_more(
    geometry: Geometry,
    style: RepresentativeStyle,
    features: Features | None,
    zoom: int,
    kept: Rows,
) -> Rows:
    """Return the kept rows and one more for each cluster that has none and finds room."""
    boxes = raised_boxes(geometry, np.arange(len(geometry)), zoom, style.sprite_px)
    fits = _inside_world(boxes, zoom)
    room = _Room(boxes, kept)
    centres = geometry.centres
    for members in _clusters(geometry, style, zoom, kept):
        space = features if features is not None else centres
        for row in _nearest_mean(members[fits[members]], members, space)[:_TRIES]:
            if room.take(int(row)):
                break
    return np.array(room.rows, np.int64)


def _clusters(
    geometry: Geometry, style: RepresentativeStyle, zoom: int, kept: Rows
) -> Iterator[Rows]:
    """Yield the rows of each k-means cluster on the map that holds no kept row."""
    labels = _labels(geometry, style, zoom)
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    taken = set(labels[kept].tolist())
    for members in np.split(order, bounds):
        if int(labels[members[0]]) not in taken:
            yield members


def _labels(geometry: Geometry, style: RepresentativeStyle, zoom: int) -> npt.NDArray[np.int64]:
    """Cluster the positions: ``per_tile`` clusters for each tile that has a medium."""
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    n_tiles = len(np.unique(geometry.codes >> _pixel_bits(geometry, zoom)))
    n_clusters = max(1, min(len(geometry), round(n_tiles * style.per_tile)))
    positions = geometry.centres.astype(np.float64)
    means = MiniBatchKMeans(
        n_clusters, random_state=style.seed, n_init=1, batch_size=max(_BATCH, 2 * n_clusters)
    )
    with threadpool_limits(1):
        labels: npt.NDArray[np.int64] = means.fit_predict(positions).astype(np.int64)
    return labels


def _pixel_bits(geometry: Geometry, zoom: int) -> int:
    """Bits of a Morton code of pixels below those of a tile at a zoom."""
    return 2 * (geometry.max_zoom - zoom) + 2 * (TILE_PX.bit_length() - 1)


def _nearest_mean(candidates: Rows, members: Rows, space: npt.NDArray[np.float32]) -> Rows:
    """Sort the candidates by distance to the members' mean; the lower row first on a tie."""
    if not len(candidates):
        return candidates
    mean = space[members].mean(axis=0, dtype=np.float64)
    distances = ((space[candidates] - mean) ** 2).sum(axis=1)
    nearest: Rows = candidates[np.argsort(distances, kind="stable")]
    return nearest


def _inside_world(boxes: Boxes, zoom: int) -> npt.NDArray[np.bool_]:
    """Tell which boxes lie wholly in the square of a zoom."""
    far = boxes[:, :2] + boxes[:, 2:]
    inside: npt.NDArray[np.bool_] = np.all((boxes[:, :2] >= 0) & (far <= TILE_PX << zoom), axis=1)
    return inside


class _Room:
    """Boxes taken so far, none of which overlap."""

    def __init__(self, boxes: Boxes, kept: Rows) -> None:
        self.rows: list[int] = kept.tolist()
        self._boxes = boxes
        self._cell = max(1, int(boxes[:, 2:].max()))
        self._cells: dict[tuple[int, int], list[int]] = {}
        for row in self.rows:
            self._cells.setdefault(self._cell_of(row), []).append(row)

    def take(self, row: int) -> bool:
        """Take a row's box if it is free."""
        column, line = self._cell_of(row)
        near = [
            other
            for x in range(column - 1, column + 2)
            for y in range(line - 1, line + 2)
            for other in self._cells.get((x, y), ())
        ]
        if any(self._overlap(row, other) for other in near):
            return False
        self.rows.append(row)
        self._cells.setdefault((column, line), []).append(row)
        return True

    def _cell_of(self, row: int) -> tuple[int, int]:
        left, top = self._boxes[row, :2].tolist()
        return left // self._cell, top // self._cell

    def _overlap(self, one: int, other: int) -> bool:
        a, b = self._boxes[one].tolist(), self._boxes[other].tolist()
        return bool(
            a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
        )
