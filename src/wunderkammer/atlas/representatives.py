"""Representatives: few sprites drawn large where all are too small to read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.atlas.geometry import Boxes, Geometry
from wunderkammer.atlas.layers import Rows, raised_boxes
from wunderkammer.atlas.style import RepresentativeStyle
from wunderkammer.core.files import written_whole
from wunderkammer.core.morton import Codes, tile_of

Features = npt.NDArray[np.float32]

_TRIES = 16
"""Members of a cluster that are tried before the cluster goes without."""

_BLOCK_DEPTH = 2
"""Zooms from a tile up to the block that it is in: 4 x 4 tiles."""

_ROUNDS = 30
"""Most rounds of k-means."""

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
        In the order of the layout, which ``geometry.order`` knows; may be a memory
        map, of which one block of media is read at a time.

    Returns
    -------
    dict
        Ascending rows by zoom; empty where the atlas is small enough without.

    Notes
    -----
    A zoom is cut into blocks of 4 x 4 tiles. In each, k-means parts the positions
    into clusters, and the member nearest a cluster's mean in feature space stands
    for it (on the map the nearest may be an outlier in looks). The highest zoom
    comes first; each zoom below clusters the clusters, and takes its
    representatives from theirs, so that who is one at a zoom is one at every
    higher zoom that has any. Boxes stay within their block and do not overlap: who
    comes first stays. So a medium that is added or changed can change its own
    block of each zoom and no other, and k-means begins with runs of the Z-order,
    not with a lot.
    """
    groups = _media(geometry, features)
    by_zoom = {}
    for zoom in reversed(representative_zooms(geometry, style)):
        by_zoom[zoom], groups = _chosen(geometry, style, zoom, groups)
    return dict(sorted(by_zoom.items()))


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


@dataclass(frozen=True)
class _Groups:
    """Groups of media in Z-order: single media first, then clusters, then clusters of these."""

    codes: Codes
    """Morton code of a square that holds the group."""

    code_zoom: int
    """Zoom at which that square is a tile; a pixel is one eight zooms above the highest."""

    positions: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    rows: Rows
    """Who stands for the group, -1 for nobody."""

    looks: Callable[[slice], npt.NDArray[np.float32]]
    """The mean in feature space of each group of a slice."""


def _media(geometry: Geometry, features: Features | None) -> _Groups:
    """Return each medium as a group of its own."""
    centres = geometry.centres

    def looks(part: slice) -> npt.NDArray[np.float32]:
        return centres[part] if features is None else np.asarray(features[geometry.order[part]])

    n = len(geometry)
    return _Groups(
        geometry.codes,
        geometry.max_zoom + geometry.tile_px.bit_length() - 1,
        centres.astype(np.float64),
        np.ones(n, np.int64),
        np.arange(n),
        looks,
    )


def _chosen(
    geometry: Geometry, style: RepresentativeStyle, zoom: int, groups: _Groups
) -> tuple[Rows, _Groups]:
    """Return the representatives of a zoom, and the groups they stand for."""
    block_zoom = max(0, zoom - _BLOCK_DEPTH)
    blocks = groups.codes >> 2 * (groups.code_zoom - block_zoom)
    codes, firsts = np.unique(blocks, return_index=True)
    tiles = np.unique(
        geometry.codes >> 2 * (geometry.max_zoom - zoom + geometry.tile_px.bit_length() - 1)
    )
    _, n_tiles = np.unique(tiles >> 2 * (zoom - block_zoom), return_counts=True)
    parts = []
    bounds = zip(codes.tolist(), firsts.tolist(), [*firsts[1:].tolist(), len(blocks)], strict=True)
    for (code, first, last), n in zip(bounds, n_tiles.tolist(), strict=True):
        part = slice(first, last)
        labels = _clusters(groups.positions[part], groups.counts[part], round(n * style.per_tile))
        room = _Room(geometry, style, zoom, (block_zoom, code))
        parts.append((code, *_merged(groups, part, labels, room)))
    merged = _Groups(
        np.concatenate([np.full(len(rows), code) for code, _, _, rows, _ in parts]),
        block_zoom,
        np.concatenate([positions for _, positions, *_ in parts]),
        np.concatenate([counts for _, _, counts, *_ in parts]),
        np.concatenate([rows for *_, rows, _ in parts]),
        np.concatenate([looks for *_, looks in parts]).__getitem__,
    )
    return np.sort(merged.rows[merged.rows >= 0]), merged


def _merged(
    groups: _Groups, part: slice, labels: Rows, room: _Room
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], Rows, npt.NDArray[np.float32]]:
    """Return position, count, representative and looks of each cluster of some groups."""
    n = int(labels.max()) + 1
    counts, rows, looks = groups.counts[part], groups.rows[part], groups.looks(part)
    positions, means = np.empty((n, 2)), np.empty((n, looks.shape[1]), np.float32)
    sums, chosen = np.bincount(labels, counts, n).astype(np.int64), np.full(n, -1)
    for label in range(n):
        inside = np.flatnonzero(labels == label)
        weights = counts[inside] / sums[label]
        positions[label] = weights @ groups.positions[part][inside]
        means[label] = np.einsum("i,ij->j", weights, looks[inside])
        able = inside[rows[inside] >= 0]
        away = looks[able] - means[label]
        distances = np.einsum("ij,ij->i", away, away)
        chosen[label] = room.first(rows[able[np.argsort(distances, kind="stable")]])
    return positions, sums, chosen, means


def _clusters(
    positions: npt.NDArray[np.float64], counts: npt.NDArray[np.int64], n_clusters: int
) -> Rows:
    """Return a label for each position: k-means that begins with equal runs of the order."""
    n_clusters = min(n_clusters, len(positions))
    if n_clusters < 2:
        return np.zeros(len(positions), np.int64)
    middles = np.cumsum(counts) - counts / 2
    labels: Rows = (middles * n_clusters / counts.sum()).astype(np.int64)
    centres = np.zeros((n_clusters, 2))
    for _ in range(_ROUNDS):
        sums = np.bincount(labels, counts, n_clusters)
        for axis in (0, 1):
            weighted = np.bincount(labels, counts * positions[:, axis], n_clusters)
            centres[:, axis] = np.where(sums, weighted / np.maximum(sums, 1), centres[:, axis])
        squares = sum((positions[:, [axis]] - centres[:, axis]) ** 2 for axis in (0, 1))
        before, labels = labels, np.argmin(squares, axis=1)
        if (before == labels).all():
            break
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


class _Room:
    """The room of a block: boxes taken in it so far, none of which overlap."""

    def __init__(
        self, geometry: Geometry, style: RepresentativeStyle, zoom: int, block: tuple[int, int]
    ) -> None:
        self._geometry, self._style, self._zoom = geometry, style, zoom
        self._edge = geometry.tile_px << (zoom - block[0])
        self._corner = np.array(tile_of(block[1])) * self._edge
        self._taken: Boxes = np.empty((0, 4), np.int32)

    def first(self, rows: Rows) -> int:
        """Take and return the first of the rows whose box is free, or return -1."""
        boxes = raised_boxes(self._geometry, rows, self._zoom, self._style.sprite_px)
        near, far = boxes[:, :2] - self._corner, boxes[:, :2] + boxes[:, 2:] - self._corner
        inside = np.flatnonzero(((near >= 0) & (far <= self._edge)).all(axis=1))
        for number in inside[:_TRIES].tolist():
            box, others = boxes[number], self._taken
            meets = (box[:2] < others[:, :2] + others[:, 2:]) & (others[:, :2] < box[:2] + box[2:])
            if not meets.all(axis=1).any():
                self._taken = np.vstack([others, box])
                return int(rows[number])
        return -1
