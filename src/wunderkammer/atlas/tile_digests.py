"""Digests of tiles: what a tile shows, as a number that says whether it must be drawn again."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

import numpy as np

from wunderkammer.atlas.layers import Layer
from wunderkammer.atlas.packs import DIGEST_BYTES
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.morton import from_morton

TileDigests = dict[int, dict[int, bytes]]
"""By zoom, then by Morton code of the tile."""

_DRAWING = 2
"""Counts changes of the drawing itself that change pixels, or how they are kept."""

_LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "simplejpeg")

_NOTHING = bytes(DIGEST_BYTES)


def look_digest(style: TileStyle) -> bytes:
    """Return the digest of what all tiles have in common: the style, and what draws and encodes."""
    text = json.dumps(
        [_DRAWING, style.settings(), style.encoder_quality, _libraries()], sort_keys=True
    )
    return _digest(text.encode())


def tile_digests(layers: Mapping[int, Layer], top: int, look: bytes) -> TileDigests:
    """Return a digest for each tile that sprites touch, and for all above it up to a zoom.

    Parameters
    ----------
    layers : mapping of int to Layer
        Layers by zoom, with the digests of their pictures.
    top : int
        The lowest zoom that is wanted.
    look : bytes
        What all have in common, from :func:`look_digest`.

    Notes
    -----
    A tile's digest is made of its children's and of its own sprites: where each
    lies on the tile, how large, and of which picture. So equal digests mean
    equal pixels, and a change below a tile changes every digest above it.
    """
    by_zoom: TileDigests = {}
    below: dict[int, bytes] = {}
    for zoom in range(max(layers), top - 1, -1):
        layer = layers.get(zoom)
        own = {} if layer is None else _members(layer)
        common = look if layer is None else _digest(look + repr(layer.shadow).encode())
        codes = sorted(own.keys() | {code >> 2 for code in below})
        below = by_zoom[zoom] = {
            code: _digest(
                common
                + b"".join(below.get(child, _NOTHING) for child in range(4 * code, 4 * code + 4))
                + own.get(code, b"")
            )
            for code in codes
        }
    return by_zoom


def subtree_digest(layers: Mapping[int, Layer], look: bytes) -> bytes:
    """Return a digest of all that the tiles of a subtree are drawn from, without theirs.

    Equal ones mean equal tiles below the same root; it takes a hundredth of the time that the
    digests of the tiles take. A subtree that moved as a whole has another.
    """
    content = hashlib.blake2b(look, digest_size=DIGEST_BYTES)
    for zoom, layer in sorted(layers.items()):
        columns = (layer.codes, layer.members, layer.boxes, layer.pictures)
        shapes = [column.shape for column in columns]
        content.update(repr((zoom, layer.shadow, layer.tile_px, shapes)).encode())
        for column in columns:
            content.update(column.tobytes())
    return content.digest()


def without(digest: bytes) -> bytes:
    """Return the digest of a tile that lacks a sprite: it is never asked for, so never fresh."""
    return _digest(b"without a sprite" + digest)


@functools.cache
def _libraries() -> dict[str, str]:
    """Return the versions of what draws and encodes."""
    return {name: version(name) for name in _LIBRARIES}


def _members(layer: Layer) -> dict[int, bytes]:
    """Return place, size and picture of the sprites of each tile, as bytes."""
    codes, first = np.unique(layer.codes, return_index=True)
    x, y = from_morton(layer.codes)
    rows = np.empty((len(layer.codes), 16 + layer.pictures.shape[1]), np.uint8)
    boxes = layer.boxes[layer.members].astype("<i4")
    boxes[:, :2] -= (np.column_stack([x, y]) * layer.tile_px).astype("<i4")
    rows[:, :16] = boxes.view(np.uint8)
    rows[:, 16:] = layer.pictures[layer.members]
    ends = [*first[1:].tolist(), len(rows)]
    return {
        code: rows[begin:end].tobytes()
        for code, begin, end in zip(codes.tolist(), first.tolist(), ends, strict=True)
    }


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()
