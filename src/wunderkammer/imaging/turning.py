"""Turning, cropping and framing cut-outs without a dark fringe."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.resampling import Colour
from wunderkammer.imaging.shadows import shadow_reach, soft_shadow

Rgba = npt.NDArray[np.uint8]
Rgb = npt.NDArray[np.uint8]
Premultiplied = npt.NDArray[np.float32]

VISIBLE = 13
"""Least alpha that anybody sees: 5 % of 255."""

_SOLID = 250.0
_RIM = 0.04
"""Rim of a padded crop, as a share of the specimen's longest side."""

_SHADOW_SIGMA = 0.015
"""Standard deviation of a frame's shadow, as a share of the frame's side."""


def turn(rgba: Rgba, angle_deg: float) -> Rgba:
    """Return a cut-out turned counter-clockwise as seen, whole, on a grown canvas.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        RGB and straight alpha.
    angle_deg : float
        Degrees. Quarter turns move pixels and change none.

    Returns
    -------
    ndarray of uint8, shape (new_height, new_width, 4)
        The bounding box of the turned rectangle, to a pixel, transparent at its corners;
        its centre is the centre of the picture that was given.

    Notes
    -----
    Colours are weighted with their alpha before they are interpolated (bicubic
    inside, bilinear on the edge), so what is hidden outside of the mask never
    bleeds into the edge.
    """
    quarters, rest = divmod(angle_deg, 90.0)
    if rest == 0:
        return np.ascontiguousarray(np.rot90(rgba, int(quarters) % 4))
    return _straight(_turned(_weighted(rgba), angle_deg))


def crop_to_alpha(rgba: Rgba, threshold: int = VISIBLE) -> Rgba:
    """Return the smallest box that holds every visible pixel.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
    threshold : int
        Least alpha that counts as visible, 1 to 255. Brightness is never looked
        at: white wings are not cut.

    Raises
    ------
    ImageError
        If no pixel is visible.
    """
    return np.ascontiguousarray(rgba[_visible_box(rgba[:, :, 3], threshold)])


def padded_crop(rgba: Rgba, longest_px: int) -> Rgba:
    """Return a cut-out with a rim of what surrounds it, shrunken; hidden colours stay.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Colours where alpha is 0, such as the photograph's ground, are kept.
    longest_px : int
        Longest side of the result at most.

    Raises
    ------
    ImageError
        If no pixel is visible.
    """
    import cv2

    rows, columns = _visible_box(rgba[:, :, 3], VISIBLE)
    rim = max(2, round(_RIM * max(rows.stop - rows.start, columns.stop - columns.start)))
    part = rgba[
        max(0, rows.start - rim) : rows.stop + rim, max(0, columns.start - rim) : columns.stop + rim
    ]
    longest = max(part.shape[:2])
    if longest <= longest_px:
        return np.ascontiguousarray(part)
    weighted = _shrunken(_weighted(part), longest_px)
    size = (weighted.shape[1], weighted.shape[0])
    ground = cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_AREA)
    inside = weighted[:, :, 3:] >= VISIBLE
    return np.where(inside, _straight(weighted), ground).astype(np.uint8)


def upright(rgba: Rgba, angle_deg: float, longest_px: int | None = None) -> Rgba:
    """Return a cut-out set upright, cropped by its alpha, and shrunken if asked.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
    angle_deg : float
        How far the specimen is turned from upright, counter-clockwise as seen; so
        much is undone.
    longest_px : int, optional
        Longest side of the result at most; nothing is enlarged.

    Raises
    ------
    ImageError
        If no pixel is visible.
    """
    inside = crop_to_alpha(rgba)
    if longest_px is None:
        return crop_to_alpha(turn(inside, -angle_deg))
    weighted = _weighted(inside)
    # Twice the size that is wanted loses nothing, and is soon turned.
    weighted = _shrunken(weighted, 2 * longest_px)
    quarters, rest = divmod(-angle_deg, 90.0)
    turned = np.rot90(weighted, int(quarters) % 4) if rest == 0 else _turned(weighted, -angle_deg)
    box = _visible_box(np.rint(turned[:, :, 3]), VISIBLE)
    return _straight(_shrunken(np.ascontiguousarray(turned[box]), longest_px))


def on_colour(rgba: Rgba, colour: Colour) -> Rgb:
    """Return a cut-out laid on one colour.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
    colour : tuple of int
        RGB of the ground.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Examples
    --------
    >>> on_colour(np.array([[[200, 0, 0, 0], [200, 0, 0, 255]]], np.uint8), (9, 9, 9)).tolist()
    [[[9, 9, 9], [200, 0, 0]]]
    """
    alpha = rgba[:, :, 3:].astype(np.float32) / 255
    ground = np.asarray(colour, np.float32)
    mixed = ground + (rgba[:, :, :3].astype(np.float32) - ground) * alpha
    return np.rint(mixed).astype(np.uint8)


def framed(
    rgba: Rgba,
    size_px: int,
    *,
    margin: float = 0.05,
    background: Colour = (240, 240, 240),
    shadow: float = 0.4,
) -> Rgb:
    """Return an upright cut-out in the middle of a square, with a soft shadow.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Only what is visible of it is placed; it is enlarged or shrunken to fit.
    size_px : int
        Side of the square, at least 1.
    margin : float
        Share of the side that stays free on each side at least, 0 to 0.45.
    background : tuple of int
        RGB.
    shadow : float
        Darkness of the shadow right beside the specimen, 0 (none) to 1 (black).

    Returns
    -------
    ndarray of uint8, shape (size_px, size_px, 3)

    Raises
    ------
    ImageError
        If no pixel is visible.
    """
    room = max(1, round(size_px * (1 - 2 * margin)))
    fitted = _fitted(_weighted(crop_to_alpha(rgba)), room)
    height, width = fitted.shape[:2]
    top, left = (size_px - height) // 2, (size_px - width) // 2
    placed = np.zeros((size_px, size_px, 4), np.float32)
    placed[top : top + height, left : left + width] = fitted
    alpha = placed[:, :, 3]
    ground = np.empty((size_px, size_px, 3), np.float32)
    ground[:] = background
    if shadow > 0:
        ground *= 1 - shadow * _shade(alpha, size_px)[:, :, None]
    mixed = placed[:, :, :3] + ground * (1 - alpha[:, :, None] / 255)
    return np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)


def _shade(alpha: npt.NDArray[np.float32], size_px: int) -> npt.NDArray[np.float32]:
    """Return how dark the shadow is at each pixel of a square, 0 to 1."""
    sigma = _SHADOW_SIGMA * size_px
    reach = shadow_reach(sigma)
    blurred = soft_shadow(np.rint(alpha).astype(np.uint8), sigma, reach)
    inside = blurred[reach : reach + size_px, reach : reach + size_px]
    return np.asarray(inside / np.float32(255), np.float32)


def _weighted(rgba: Rgba) -> Premultiplied:
    """Multiply the colours with their alpha; all stay on the scale of 0 to 255."""
    weighted = rgba.astype(np.float32)
    weighted[:, :, :3] *= weighted[:, :, 3:] / 255
    return weighted


def _straight(weighted: Premultiplied) -> Rgba:
    """Divide the colours by their alpha; nothing has no colour."""
    alpha = np.clip(weighted[:, :, 3:], 0, 255)
    whole = np.rint(alpha)
    colours = weighted[:, :, :3] * (255 / np.maximum(alpha, 0.5))
    colours = np.where(whole > 0, np.clip(colours, 0, 255), 0)
    return np.concatenate([np.rint(colours), whole], axis=2).astype(np.uint8)


def _turned(weighted: Premultiplied, angle_deg: float) -> Premultiplied:
    """Turn about the centre onto a canvas that holds all of it."""
    import cv2

    height, width = weighted.shape[:2]
    cosine = math.cos(math.radians(angle_deg))
    sine = math.sin(math.radians(angle_deg))
    new_width = max(1, math.ceil(abs(width * cosine) + abs(height * sine) - 1e-6))
    new_height = max(1, math.ceil(abs(width * sine) + abs(height * cosine) - 1e-6))
    # Odd stays odd and even even, so that a turn back meets the same grid of pixels.
    new_width += (new_width - width) % 2
    new_height += (new_height - height) % 2
    matrix = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0]])
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    matrix[:, 2] = np.array([(new_width - 1) / 2, (new_height - 1) / 2]) - matrix[:, :2] @ middle

    def warped(how: int) -> Premultiplied:
        turned = cv2.warpAffine(weighted, matrix, (new_width, new_height), flags=how)
        return np.asarray(turned, np.float32)

    # Bicubic weights go below zero: beside an edge they would make colours nobody painted.
    smooth = warped(cv2.INTER_LINEAR)
    return np.where(smooth[:, :, 3:] > _SOLID, warped(cv2.INTER_CUBIC), smooth)


def _shrunken(weighted: Premultiplied, longest_px: int) -> Premultiplied:
    """Bring the longest side down to a length; what is smaller stays."""
    if max(weighted.shape[:2]) <= longest_px:
        return weighted
    return _fitted(weighted, longest_px)


def _fitted(weighted: Premultiplied, longest_px: int) -> Premultiplied:
    """Bring the longest side to a length: by area where it shrinks, bicubic where it grows."""
    import cv2

    height, width = weighted.shape[:2]
    scale = longest_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    fitted = np.asarray(cv2.resize(weighted, size, interpolation=how), np.float32)
    alpha = np.clip(fitted[:, :, 3:], 0, 255)
    return np.concatenate([np.clip(fitted[:, :, :3], 0, alpha), alpha], axis=2)


def _visible_box(alpha: npt.NDArray[np.generic], threshold: int) -> tuple[slice, slice]:
    """Return rows and columns from the first to the last visible pixel."""
    seen = alpha >= threshold  # type: ignore[operator]
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        raise ImageError(
            f"The cut-out has no visible pixel: its alpha is at most {alpha.max(initial=0):.0f} "
            f"of 255, and {threshold} is asked for.",
            hint="Draw its mask, or reject it.",
        )
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
