"""Keeping: old sprites stay where they are, new ones go where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts import Layout, Placement
from wunderkammer.layouts._fitting import Canonical, canonical

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_ROUNDING = 1e-7
_AROUND = 8


class Old(NamedTuple):
    """Where sprites lay the last time, in the order of a :class:`Canonical`.

    Attributes
    ----------
    places : ndarray of float64, shape (n, 2)
        Middles; only those that stay mean something.
    stays : ndarray of bool, shape (n,)
        Some are True.
    """

    places: Floats
    stays: Flags


class Keeping(Layout):
    """Base of layouts in which old sprites stay where they are, and new ones find room.

    What differs between them are :meth:`_anew` and :meth:`_continued`; both give places
    in the order of what they are given.
    """

    keeps: ClassVar[bool] = True

    def place(
        self,
        embedding: Floats,
        aspects: Floats,
        records: pa.Table | None = None,
        *,
        longest: Floats | None = None,
        before: Placement | None = None,
    ) -> Placement:
        """Return a placement that goes on from the last one, or a new one (see the base)."""
        if not len(aspects):
            return Placement(np.empty((0, 2)), np.empty((0, 2)))
        given = canonical(embedding, aspects, longest)
        sizes = self._sizes(given)
        old, places = still(before, given.order, sizes), None
        if old is not None:
            places = self._continued(given, sizes, records, old)
        if places is None:
            places = self._anew(given, sizes, records)
        return Placement(given.restored(places), given.restored(sizes))

    def _sizes(self, given: Canonical) -> Floats:
        """Return width and height of each sprite, shape (n, 2)."""
        return given.sizes()

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        """Return the places of all sprites, whatever was before."""
        raise NotImplementedError

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats | None:
        """Return places in which old sprites stay; None if there is no room that fits."""
        raise NotImplementedError


def still(before: Placement | None, order: npt.NDArray[np.int64], sizes: Floats) -> Old | None:
    """Return which sprites can stay where they were; None if all must be laid out.

    A sprite of another size does not stay.
    """
    if before is None:
        return None
    places = before.positions[order]
    close = np.isclose(before.sizes[order], sizes, rtol=1e-9, atol=0).all(axis=1)
    stays = np.asarray(close & np.isfinite(places).all(axis=1))
    if not stays.any() or overlapping_pairs(places[stays], sizes[stays]):
        return None
    return Old(places, stays)


def settled(aims: Floats, sizes: Floats, gap: float, old: Old) -> Floats:
    """Return places in which old sprites stay and new ones lie in the nearest free room.

    Parameters
    ----------
    aims : ndarray of float64, shape (n, 2)
        What the sprites lie near to, in any unit; NaN for those that have no aim.
    sizes : ndarray of float64, shape (n, 2)
    gap : float
        Least distance between two sprites.
    old : Old
    """
    from wunderkammer.layouts._vacancy import vacant

    places, stays = old
    found = np.where(stays[:, None], places, 0.0)
    new = ~stays
    if not new.any():
        return found
    boxes = sizes + gap
    wanted = beside(aims, found, stays)
    found[new] = vacant(wanted[new], boxes[new], found[stays], boxes[stays])
    return found


def beside(aims: Floats, places: Floats, stays: Flags) -> Floats:
    """Return where new sprites would lie if they went the ways of their old neighbours.

    Parameters
    ----------
    aims : ndarray of float64, shape (n, 2)
        In any unit; NaN for those that have no aim: they go below all others.
    places : ndarray of float64, shape (n, 2)
        Of those that stay.
    stays : ndarray of bool, shape (n,)
        Some are True.

    Notes
    -----
    The aims are fitted to the places by shift and scale, each axis alone. What is left
    of the ways of the 8 nearest old neighbours, the nearer the more, is added.
    """
    from scipy.spatial import cKDTree

    below = [places[stays, 0].mean(), places[stays, 1].max() + 1.0]
    found = np.tile(np.asarray(below), (len(aims), 1))
    known = np.isfinite(aims).all(axis=1)
    old, new = np.flatnonzero(known & stays), np.flatnonzero(known & ~stays)
    if not len(old) or not len(new):
        return found
    scale, shift = _fitted(aims[old], places[old])
    n_around = min(_AROUND, len(old))
    distance, which = cKDTree(aims[old]).query(aims[new], n_around)
    distance, which = distance.reshape(len(new), -1), which.reshape(len(new), -1)
    weight = 1.0 / np.maximum(distance, np.maximum(distance.mean(axis=1), 1e-300)[:, None] * 1e-3)
    weight /= weight.sum(axis=1, keepdims=True)
    ways = places[old] - (aims[old] * scale + shift)
    found[new] = aims[new] * scale + shift + (ways[which] * weight[:, :, None]).sum(axis=1)
    return found


def _fitted(aims: Floats, places: Floats) -> tuple[Floats, Floats]:
    """Return scale and shift of each axis that bring aims nearest to places."""
    middle, centre = aims.mean(axis=0), places.mean(axis=0)
    spread = np.square(aims - middle).sum(axis=0)
    together = ((aims - middle) * (places - centre)).sum(axis=0)
    scale = np.divide(together, spread, np.zeros(2), where=spread > 0)
    return scale, centre - middle * scale
