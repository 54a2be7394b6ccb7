"""Place names: what the media of a region have in common, written on the map as on one of land."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.dictionaries import CodedColumn
from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.schemas import PlaceName, PlaceNameFile, PlaceNames
from wunderkammer.core.files import write_bytes
from wunderkammer.core.morton import Codes

SEEN_PX = 48
"""Where a normal sprite is this large, the pictures speak for themselves."""

MOST = 4_096
"""Names of one zoom, the strongest; a file of them has some 200 KB."""

_REGION_DEPTH = 1
"""A region is a quarter of a tile: 128 pixels square."""

_SPOT_DEPTH = 3
"""The densest spot of a region is looked for among 8 x 8 parts of it."""

_NEARLY = 0.7
"""Parts of a region with this share of the media of its densest are dense too."""

_LEAST_MEDIA = 4
_LEAST_SHARE = 1 / 5
_LEAST_LIFT = 1.5
_LEAST_SCORE = 15.0
"""Twice the log-likelihood ratio; by chance one region in ten thousand has as much."""

_LETTER_PX, _AIR_PX, _HIGH_PX = 9.0, 34.0, 64.0
"""Room of a name on the screen: a letter, what is left and right of all, height with air."""

_APART_PX = 420.0
"""The same name is not written twice within this distance on the screen."""

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Ranks:
    """One column as runs of rows: the rows of its first value, of its second, and so on."""

    column: str
    texts: Any
    values: Numbers
    rows: Numbers
    codes: Codes
    totals: Numbers


@dataclass(frozen=True)
class _Found:
    """The candidates of a zoom: one value of one column for each region that has a name.

    ``first`` and ``end`` are where its rows of that region lie in the column's runs.
    """

    ranks: Numbers
    values: Numbers
    regions: Codes
    scores: Reals
    first: Numbers
    end: Numbers

    def __len__(self) -> int:
        return len(self.ranks)

    def take(self, chosen: Any) -> _Found:
        """Return some of them."""
        fields = (getattr(self, name)[chosen] for name in self.__dataclass_fields__)
        return _Found(*fields)


def place_names(geometry: Geometry, columns: Sequence[CodedColumn]) -> dict[int, list[PlaceName]]:
    """Return the names that are written on the map at each zoom.

    Parameters
    ----------
    geometry : Geometry
        Where every medium lies, one row a medium in Z-order.
    columns : sequence of CodedColumn
        What regions are named by, the wide before the narrow, such as family and genus;
        in the order of the rows.

    Returns
    -------
    dict
        By zoom, lowest first; the names of a zoom by their weight, the heaviest first.
        A zoom without any, and zooms at which sprites are large, are left out.

    Notes
    -----
    A region of a zoom is a quarter of a tile. It is called by the value whose
    log-likelihood ratio [1]_ there is the highest: far more frequent in the region than in
    the whole. So where one family fills several regions, it is the family that names
    them, and where one genus fills a region, it is the genus, as that is rarer elsewhere. A
    value that is less than a fifth of the region's media, or that differs from the whole
    no more than by chance, names nothing.

    A name stands where its value is dense in the region. Names are placed by their
    weight and keep clear of each other at every screen size, as their boxes are
    counted in pixels of the screen. A name of one zoom stays where it is at the next for
    as long as no new one needs its place.

    References
    ----------
    .. [1] Dunning, T. (1993). Computational Linguistics 19, 61-74.
    """
    codes = geometry.codes
    ranks = [_runs(codes, coded) for coded in columns if len(coded.values)]
    if not ranks:
        return {}
    named: dict[int, list[PlaceName]] = {}
    before: list[PlaceName] = []
    for zoom in _named_zooms(geometry):
        found = _candidates(codes >> _shift(geometry, zoom + _REGION_DEPTH), ranks)
        before = _placed(geometry, ranks, found, zoom, before)
        if before:
            named[zoom] = before
    return named


def write_place_names(
    folder: Path, geometry: Geometry, columns: Sequence[CodedColumn], path: str = "names"
) -> PlaceNames | None:
    """Write a file of names for each zoom; return where they lie, or None without any name.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    geometry : Geometry
        Where every medium lies.
    columns : sequence of CodedColumn
        What regions are named by, the wide before the narrow.
    path : str, optional
        Folder of the files, relative to ``folder``.
    """
    named = place_names(geometry, columns)
    for zoom, names in named.items():
        content = PlaceNameFile(zoom=zoom, names=names).model_dump_json()
        write_bytes(folder / path / f"{zoom}.json", content.encode())
    if not named:
        return None
    return PlaceNames(path=f"{path}/{{zoom}}.json", zooms=sorted(named))


def _named_zooms(geometry: Geometry) -> range:
    """Return the zooms at which sprites are too small to speak for themselves."""
    small = [
        zoom
        for zoom in range(geometry.max_zoom + 1)
        if geometry.sprite_px / (1 << (geometry.max_zoom - zoom)) < SEEN_PX
    ]
    return range(len(small))


def _runs(codes: Codes, coded: CodedColumn) -> _Ranks:
    values, rows = coded.pairs
    return _Ranks(
        coded.column, coded.values, values, rows, codes[rows], coded.counts.astype(np.int64)
    )


def _candidates(regions: Codes, ranks: Sequence[_Ranks]) -> _Found:
    """Return the best name of each region that has any; ``regions`` tells that of each row."""
    known, sizes = np.unique(regions, return_counts=True)
    parts = [_scored(number, one, regions, (known, sizes)) for number, one in enumerate(ranks)]
    every = _Found(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in _Found.__dataclass_fields__
        )
    )
    # the best of each region comes first; of equals the wider, which is named first
    every = every.take(np.lexsort((every.ranks, -every.scores, every.regions)))
    fresh = np.append(True, every.regions[1:] != every.regions[:-1])[: len(every)]
    best = every.take(fresh)
    return best.take(np.lexsort((best.regions, -best.scores))[:MOST])


def _scored(number: int, one: _Ranks, regions: Codes, sizes: tuple[Codes, Numbers]) -> _Found:
    """Return the values of a column that could name a region."""
    cells = regions[one.rows]
    begins = np.append(True, (cells[1:] != cells[:-1]) | (one.values[1:] != one.values[:-1]))
    first = np.flatnonzero(begins[: len(cells)])
    end = np.append(first[1:], len(cells))
    k, values, named = end - first, one.values[first], cells[first]
    inside, total, n = sizes[1][np.searchsorted(sizes[0], named)], one.totals[values], len(regions)
    able = (k >= _LEAST_MEDIA) & (k >= _LEAST_SHARE * inside)
    able &= k * n >= _LEAST_LIFT * inside * total
    scores = log_likelihood_ratio(k, inside, total, n)
    able &= scores >= _LEAST_SCORE
    fields: tuple[Any, ...] = (np.full(len(k), number), values, named, scores, first, end)
    return _Found(*(part[able] for part in fields))


def log_likelihood_ratio(
    k: npt.ArrayLike, inside: npt.ArrayLike, total: npt.ArrayLike, n: int
) -> Reals:
    """Return how surely a value is not as frequent inside a region as outside it.

    Parameters
    ----------
    k : array_like of int
        Media in the region that have the value.
    inside : array_like of int
        Media in the region.
    total : array_like of int
        Media that have the value.
    n : int
        All media.

    Returns
    -------
    ndarray of float64
        Twice the logarithm of the likelihood ratio of the 2 x 2 table; 0 where the
        value is as frequent here as there.

    Examples
    --------
    >>> log_likelihood_ratio([5, 10], 10, [50, 10], 100).round(1).tolist()
    [0.0, 65.0]
    """
    k, inside, total = (np.asarray(part, np.float64) for part in (k, inside, total))
    observed = (k, inside - k, total - k, n - inside - total + k)
    expected = (
        inside * total / n,
        inside * (n - total) / n,
        (n - inside) * total / n,
        (n - inside) * (n - total) / n,
    )
    summed = np.zeros(np.broadcast(k, inside, total).shape)
    for seen, thought in zip(observed, expected, strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            summed += np.where(seen > 0, seen * np.log(seen / thought), 0.0)
    return np.maximum(2 * summed, 0)


def _placed(
    geometry: Geometry, ranks: Sequence[_Ranks], found: _Found, zoom: int, before: list[PlaceName]
) -> list[PlaceName]:
    """Return the names of a zoom: new ones by weight, then those of the zoom before."""
    room = _Room(2.0 ** (zoom - geometry.max_zoom))
    known: dict[tuple[str, str], list[PlaceName]] = {}
    for name in before:
        known.setdefault((name.column, name.value), []).append(name)
    placed = []
    for one in range(len(found)):
        rank = ranks[int(found.ranks[one])]
        value = rank.texts[int(found.values[one])].as_py()
        part = slice(int(found.first[one]), int(found.end[one]))
        spot = _spot(geometry, rank, part, zoom)
        stood = room.nearest(known.get((rank.column, value), ()), spot)
        x, y = (stood.x, stood.y) if stood else spot
        name = PlaceName(value=value, column=rank.column, x=x, y=y, n=part.stop - part.start)
        if room.take(name):
            placed.append(name)
    stayed = [name for name in before if room.take(name)]
    return (placed + stayed)[:MOST]


def _spot(geometry: Geometry, rank: _Ranks, part: slice, zoom: int) -> tuple[int, int]:
    """Return the middle of a dense part of some rows of a region, in pixels at max_zoom.

    Of parts that are nearly as dense as the densest, that nearest the middle of all.
    """
    cells = rank.codes[part] >> _shift(geometry, zoom + _REGION_DEPTH + _SPOT_DEPTH)
    begins = np.flatnonzero(np.append(True, cells[1:] != cells[:-1]))
    counts = np.diff(np.append(begins, len(cells)))
    boxes = geometry.boxes[rank.rows[part]]
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    middles = np.add.reduceat(centres, begins) / counts[:, None]
    away = np.hypot(*(middles - centres.mean(axis=0)).T)
    away[counts < _NEARLY * counts.max()] = np.inf
    x, y = middles[int(np.argmin(away))].round().astype(int).tolist()
    return x, y


def _shift(geometry: Geometry, zoom: int) -> int:
    """Return how far to shift a Morton code of a pixel to get that of a tile of a zoom."""
    return max(0, 2 * (geometry.max_zoom - zoom + geometry.tile_px.bit_length() - 1))


class _Room:
    """The room of a zoom: names that stand so far, clear of each other."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._taken: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        self._same: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def nearest(self, names: Sequence[PlaceName], spot: tuple[int, int]) -> PlaceName | None:
        """Return the nearest of some equal names, if both it and the spot cannot have room."""

        def distance(name: PlaceName) -> float:
            return max(abs(name.x - spot[0]), abs(name.y - spot[1])) * self._scale

        found = min(names, key=distance, default=None)
        return found if found and distance(found) < _APART_PX else None

    def take(self, name: PlaceName) -> bool:
        """Take the room of a name if it is free; say whether it was."""
        x, y = name.x * self._scale, name.y * self._scale
        half = (len(name.value) * _LETTER_PX + _AIR_PX) / 2
        same = self._same.setdefault((name.column, name.value), [])
        if any(abs(x - a) < _APART_PX and abs(y - b) < _APART_PX for a, b in same):
            return False
        for a, b, other in self._around(x, y, half):
            if abs(x - a) < half + other and abs(y - b) < _HIGH_PX:
                return False
        same.append((x, y))
        for cell in _cells(x, y, half):
            self._taken.setdefault(cell, []).append((x, y, half))
        return True

    def _around(self, x: float, y: float, half: float) -> Iterator[tuple[float, float, float]]:
        for cell in _cells(x, y, half):
            yield from self._taken.get(cell, ())


def _cells(x: float, y: float, half: float) -> Iterator[tuple[int, int]]:
    """Yield the squares of a grid, as high as a name, that its box with air meets."""
    for row in range(int((y - _HIGH_PX / 2) // _HIGH_PX), int((y + _HIGH_PX / 2) // _HIGH_PX) + 1):
        for column in range(int((x - half) // _HIGH_PX), int((x + half) // _HIGH_PX) + 1):
            yield column, row
