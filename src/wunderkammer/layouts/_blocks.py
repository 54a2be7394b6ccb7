"""Blocks: nested rectangles, each innermost one with room for its cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._treemap import Rectangle, squarified

_ROUNDS = 16
_LEAST_CHANGE, _MOST_CHANGE = 0.9, 1.6

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """A taxon's block: its media, and the blocks in it; ``leaf`` is -1 where there are some."""

    n_media: int
    leaf: int = -1
    inner: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """Where the innermost blocks lie, and how their cells are counted.

    Attributes
    ----------
    rectangles : ndarray of float64, shape (n_leaves, 4)
        x, y, width, height.
    columns : ndarray of int64, shape (n_leaves,)
        Cells in a row of each.
    """

    rectangles: Floats
    columns: Indices


def nested(paths: Sequence[tuple[str, ...]], counts: Sequence[int]) -> Block:
    """Return the tree of blocks; the innermost are numbered as ``paths`` are.

    Parameters
    ----------
    paths : sequence of tuple of str
        Names from the widest rank to the narrowest, all of one length, no two alike.
    counts : sequence of int
        Media of each.

    Notes
    -----
    Of blocks in one, the largest is first; names decide between equals.
    """
    order = sorted(range(len(paths)), key=lambda leaf: paths[leaf])
    return _below(order, paths, counts, 0)


def _below(
    leaves: Sequence[int], paths: Sequence[tuple[str, ...]], counts: Sequence[int], depth: int
) -> Block:
    n_media = sum(counts[leaf] for leaf in leaves)
    if depth == len(paths[leaves[0]]):
        return Block(n_media, leaves[0])
    inner = [
        _below(list(those), paths, counts, depth + 1)
        for _, those in groupby(leaves, key=lambda leaf: paths[leaf][depth])
    ]
    if len(inner) == 1:
        return inner[0]
    return Block(n_media, inner=tuple(sorted(inner, key=lambda one: -one.n_media)))


def rooms(tree: Block, counts: Indices, cell: Floats, margin: float, aspect: float) -> Room:
    """Return nested rectangles in which the cells of every innermost block fit.

    Parameters
    ----------
    tree : Block
    counts : ndarray of int64, shape (n_leaves,)
        Media, that is cells, of each innermost block.
    cell : ndarray of float64, shape (2,)
        Width and height of a cell.
    margin : float
        Least distance between blocks; those of wider ranks stand apart by one more each.
    aspect : float
        Width divided by height of the whole.

    Notes
    -----
    A treemap knows areas, and cells come whole: a block of three cells does not fit
    everywhere where there is the area of three. Blocks that are too small get a larger
    weight, round by round; of the rounds, the one is taken that needs the least
    area when all of it is scaled until the worst block fits.
    """
    weights = counts * cell.prod()
    best, least = Room(np.empty((0, 4)), np.empty(0, np.int64)), math.inf
    for _ in range(_ROUNDS):
        found = np.empty((len(counts), 4))
        total = _weight(tree, weights, margin)
        height = math.sqrt(total / aspect)
        _arrange(tree, Rectangle(0.0, 0.0, height * aspect, height), weights, margin, found)
        scale, columns = _needed(found, counts, cell)
        if total * scale.max() ** 2 < least:
            least = total * scale.max() ** 2
            best = Room(found * scale.max(), columns)
        weights = weights * np.clip(scale**2, _LEAST_CHANGE, _MOST_CHANGE)
    return best


def _weight(block: Block, weights: Floats, margin: float) -> float:
    """Return the area of a block with its margin, taken as a square."""
    inner = [_weight(one, weights, margin) for one in block.inner]
    area = sum(inner) if inner else float(weights[block.leaf])
    return (math.sqrt(area) + margin) ** 2


def _arrange(block: Block, space: Rectangle, weights: Floats, margin: float, found: Floats) -> None:
    """Write the rectangles of the innermost blocks."""
    space = space.inset(margin / 2)
    if not block.inner:
        found[block.leaf] = space
        return
    parts = squarified([_weight(one, weights, margin) for one in block.inner], space)
    for one, part in zip(block.inner, parts, strict=True):
        _arrange(one, part, weights, margin, found)


def _needed(rectangles: Floats, counts: Indices, cell: Floats) -> tuple[Floats, Indices]:
    """Return the factor by which each rectangle must grow to hold its cells, and its columns."""
    wide, high = rectangles[:, 2] / cell[0], rectangles[:, 3] / cell[1]
    ideal = np.sqrt(counts * wide / high)
    scale, columns = np.full(len(counts), np.inf), np.ones(len(counts), np.int64)
    for step in (0, 1):
        tried = np.clip(np.floor(ideal).astype(np.int64) + step, 1, counts)
        factor = np.maximum(tried / wide, -(-counts // tried) / high)
        better = factor < scale
        scale, columns = np.where(better, factor, scale), np.where(better, tried, columns)
    return scale, columns
