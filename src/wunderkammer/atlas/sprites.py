"""Sprites: each image decoded, scaled to its box and given its shadow, once."""

from __future__ import annotations

import contextlib
import functools
import io
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.layers import Layer, Rows, Shadow
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.compositing import fill_box, fit_box, premultiplied
from wunderkammer.imaging.cutout_files import decode_webp
from wunderkammer.imaging.shadows import soft_shadow

Image = npt.NDArray[np.uint8]

CACHE_BYTES = 256 << 20
"""Most memory for prepared sprites that further tiles wait for."""

_JPEG_START = b"\xff\xd8"

_LEAST_FACTOR = 1.6
"""To decode a JPEG at six or seven eighths of its size takes longer than to decode it whole."""


class SpriteSource(Protocol):
    """Whatever gives the image of a medium; it must pickle where several processes draw.

    One that can be divided (:class:`DivisibleSource`) travels in parts.
    """

    def load(self, media_id: str, width: int, height: int) -> Image:
        """Return the image, upright, uint8, shape (h, w, 3) RGB or (h, w, 4) RGBA.

        It should be at least ``width`` x ``height`` pixels and may be any size;
        alpha is straight, not premultiplied. Any exception costs this sprite only.
        """
        ...


@runtime_checkable
class DivisibleSource(Protocol):
    """A source that gives another of some media alone, small enough to be sent around."""

    def only(self, media_ids: Sequence[str]) -> SpriteSource:
        """Return the source of these media."""
        ...


class EncodedSprites:
    """A source that decodes what a function reads.

    Parameters
    ----------
    read : callable
        From a media_id to the bytes of its image: JPEG (decoded no larger than
        needed), PNG or WebP.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read

    def load(self, media_id: str, width: int, height: int) -> Image:
        """Return the image of a medium, at least of the size that is asked where it can be."""
        return decode_sprite(self._read(media_id), width, height)


@dataclass(frozen=True)
class SpriteFailure:
    """A sprite that could not be drawn; all others are."""

    media_id: str
    error: str
    message: str


@dataclass(frozen=True)
class Sprite:
    """A prepared sprite.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (h, w, 3)
        Premultiplied with ``alpha`` where that is given.
    alpha : ndarray of uint8, shape (h, w), or None
        None where the sprite is opaque.
    left, top : int
        Its first pixel within its box: not 0 where a whole image leaves room.
    light : ndarray of uint8 or None
        What its shadow leaves of the light, 255 all of it.
    reach, drop : int
        Where ``light`` begins: ``reach`` left of and ``reach - drop`` above the sprite.
    """

    pixels: Image
    alpha: Image | None
    left: int
    top: int
    light: Image | None
    reach: int
    drop: int

    @property
    def n_bytes(self) -> int:
        """Memory of the arrays, those shared with other sprites included."""
        n_bytes = self.pixels.nbytes
        for array in (self.alpha, self.light):
            n_bytes += array.nbytes if array is not None else 0
        return n_bytes


def decode_sprite(content: bytes, width: int, height: int) -> Image:
    """Return an image from its bytes, JPEG ones in the smallest size that still suffices.

    Parameters
    ----------
    content : bytes
        A JPEG, PNG or WebP file. An orientation noted in it is not applied.
    width, height : int
        The size that is needed, in pixels.

    Raises
    ------
    ImageError
        If the bytes are no image that can be decoded.
    """
    if content.startswith(_JPEG_START):
        import simplejpeg

        # Pillow reads oddities that this decoder does not; what is broken off fails in both.
        with contextlib.suppress(ValueError):
            jpeg: Image = simplejpeg.decode_jpeg(
                content, "RGB", min_width=width, min_height=height, min_factor=_LEAST_FACTOR
            )
            return jpeg
    webp = decode_webp(content)
    return _decoded_by_pillow(content) if webp is None else webp


def _decoded_by_pillow(content: bytes) -> Image:
    from PIL import Image as PillowImage
    from PIL import UnidentifiedImageError

    try:
        with PillowImage.open(io.BytesIO(content)) as image:
            return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    except UnidentifiedImageError:
        raise ImageError(
            f"The sprite cannot be decoded: its {len(content):,} bytes are no JPEG, PNG or WebP."
        ) from None
    except (ValueError, OSError, SyntaxError) as error:
        raise ImageError(f"The sprite cannot be decoded: {error}.") from error


class SpriteMaker:
    """Prepares sprites and keeps each until the last tile that shows it is drawn.

    Parameters
    ----------
    source : SpriteSource
        Where images come from.
    style : TileStyle
        How they fit their boxes.
    scale : int
        1 for tiles of 256 pixels, 2 for twice as many.
    cache_bytes : int, optional
        Above this, the sprites used longest ago are prepared again when needed.

    Notes
    -----
    :meth:`expect` says which sprites will be taken how often; what is taken more
    often is prepared anew each time.
    """

    def __init__(
        self, source: SpriteSource, style: TileStyle, scale: int, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self.failures: dict[str, SpriteFailure] = {}
        self._source = source
        self._style = style
        self._scale = scale
        self._cache_bytes = cache_bytes
        self._held: OrderedDict[tuple[int, int], Sprite] = OrderedDict()
        self._held_bytes = 0
        self._uses: dict[int, npt.NDArray[np.int64]] = {}

    def expect(self, layer: Layer, members: Rows) -> None:
        """Note that each of these sprites of a layer will be taken, once an entry."""
        self._uses[layer.zoom] = np.bincount(members, minlength=len(layer.ids))

    def take(self, layer: Layer, member: int) -> Sprite | None:
        """Return a sprite for one of the tiles it touches, or None if it has failed."""
        key = (layer.zoom, member)
        media_id = layer.ids[member].tobytes().hex()
        if media_id in self.failures:
            return None
        sprite = self._held.pop(key, None)
        if sprite is not None:
            self._held_bytes -= sprite.n_bytes
        else:
            sprite = self._prepared(media_id, layer, member)
        if sprite is not None and self._needed_again(layer, member):
            self._hold(key, sprite)
        return sprite

    def _needed_again(self, layer: Layer, member: int) -> bool:
        uses = self._uses.get(layer.zoom)
        if uses is None:
            return False
        uses[member] -= 1
        return bool(uses[member] > 0)

    def _hold(self, key: tuple[int, int], sprite: Sprite) -> None:
        self._held[key] = sprite
        self._held_bytes += sprite.n_bytes
        while self._held_bytes > self._cache_bytes:
            _, dropped = self._held.popitem(last=False)
            self._held_bytes -= dropped.n_bytes

    def _prepared(self, media_id: str, layer: Layer, member: int) -> Sprite | None:
        """Return the sprite, or note why there is none."""
        width, height = (int(side) * self._scale for side in layer.boxes[member, 2:])
        try:
            image = _checked(self._source.load(media_id, width, height))
            return self._made(image, width, height, layer.shadow)
        except Exception as error:  # noqa: BLE001 - one bad image costs one sprite, whatever it is
            message = getattr(error, "message", str(error))
            self.failures[media_id] = SpriteFailure(media_id, type(error).__name__, message)
            return None

    def _made(self, image: Image, width: int, height: int, shadow: Shadow) -> Sprite:
        if image.shape[2] == 4:
            image = premultiplied(image)
        fit = fill_box if self._style.fit == "fill" else fit_box
        image = fit(image, width, height)
        rows, columns = image.shape[:2]
        alpha = np.ascontiguousarray(image[:, :, 3]) if image.shape[2] > 3 else None
        return Sprite(
            np.ascontiguousarray(image[:, :, :3]),
            alpha,
            (width - columns) // 2,
            (height - rows) // 2,
            self._light(alpha, (rows, columns), shadow),
            shadow.reach * self._scale,
            shadow.drop * self._scale,
        )

    def _light(self, alpha: Image | None, shape: tuple[int, int], shadow: Shadow) -> Image | None:
        """Return what the shadow leaves, or None where there is no shadow."""
        if shadow.opacity == 0:
            return None
        if alpha is None:
            return _opaque_light(shape, shadow, self._scale)
        return _light_around(alpha, shadow, self._scale)


def _light_around(silhouette: Image, shadow: Shadow, scale: int) -> Image:
    dark = soft_shadow(silhouette, shadow.sigma * scale, shadow.reach * scale)
    kept = 255 - np.arange(256) * shadow.opacity
    return kept.round().astype(np.uint8)[dark]


@functools.lru_cache(maxsize=128)
def _opaque_light(shape: tuple[int, int], shadow: Shadow, scale: int) -> Image:
    """Return the light around a photograph; photographs of one size share it."""
    return _light_around(np.full(shape, 255, np.uint8), shadow, scale)


def _checked(image: Image) -> Image:
    """Return what a source gave if it is an image at all."""
    if (
        image.dtype != np.uint8
        or image.ndim != 3
        or image.shape[2] not in {3, 4}
        or 0 in image.shape
    ):
        raise ImageError(
            f"The sprite is an array of {image.dtype} of shape {image.shape}; it must be uint8 "
            "of shape (height, width, 3) or (height, width, 4), not empty."
        )
    return image
