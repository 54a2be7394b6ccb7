"""How an image becomes a network's input, and its answer a map of the whole image."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch

from wunderkammer.imaging.resampling import resize_to

MIDDLE, SPREAD = 127.0, 128.0
"""An 8-bit value v enters as (v - MIDDLE) / SPREAD, as the published trunk was trained."""


_THIN = 128
"""Parts thinner than twice the longest side over this are too thin for the coarse look."""

_SEEN, _SPECK = 0.5, 0.02
"""Probability of what is seen; what has a smaller share of the largest piece's area is a speck."""

_PIECE = 0.3
"""Probability of what a piece of a closer look hangs together by."""

_LITTLE, _AROUND = 0.25, 0.35
"""What is no longer than this share of the longest side is looked at again, with so much ground
beyond each of its ends as a share of its own."""

_MOST_PX = 2048
"""Longest side of probabilities that hold a closer look."""


def letterboxed(
    image: npt.NDArray[np.uint8], longest_px: int, multiple: int, *, square: bool = False
) -> tuple[npt.NDArray[np.uint8], tuple[int, int]]:
    """Return an image whole in a frame of grey whose sides a network can take.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    longest_px : int
        Longest side of the image in the frame.
    multiple : int
        Both sides of the frame are multiples of this.
    square : bool
        Whether the frame is a square of ``longest_px``.

    Returns
    -------
    frame : ndarray of uint8, shape (rows, columns, 3)
        The image lies in its upper left corner.
    size : (int, int)
        Height and width of the image in it.
    """
    small = resize_to(image, longest_px)
    size = small.shape[0], small.shape[1]
    sides = (longest_px, longest_px) if square else size
    rows, columns = (math.ceil(side / multiple) * multiple for side in sides)
    frame = np.full((rows, columns, 3), round(MIDDLE), np.uint8)
    frame[: size[0], : size[1]] = small
    return frame, size


def as_input(frames: npt.NDArray[np.uint8], device: torch.device | str) -> torch.Tensor:
    """Return frames (n, height, width, 3) as a network's input (n, 3, height, width)."""
    pixels = torch.from_numpy(frames).to(device).permute(0, 3, 1, 2)
    return pixels.to(torch.float32).sub_(MIDDLE).div_(SPREAD)


def unframed(
    answer: npt.NDArray[np.float32], size: tuple[int, int], shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """Return what a network answered about a frame at the size of the image in it.

    Parameters
    ----------
    answer : ndarray of float32, shape (rows, columns)
    size : (int, int)
        Height and width of the image in the frame.
    shape : (int, int)
        Height and width that are wanted.
    """
    import cv2

    part = np.ascontiguousarray(answer[: size[0], : size[1]])
    full = cv2.resize(part, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, np.float32)


def half(longest_px: int) -> int:
    """Return the longest side of the second, coarser look at an image."""
    return round(longest_px / 2)


def together(
    fine: npt.NDArray[np.float32], coarse: npt.NDArray[np.float32] | None = None
) -> npt.NDArray[np.float32]:
    """Return the probabilities of a fine and a coarse look as one, at the size of the fine one.

    Parameters
    ----------
    fine : ndarray of float32, shape (h, w)
    coarse : ndarray of float32, shape (rows, columns), optional
        The same image, seen smaller; without it the fine look is all.

    Notes
    -----
    The geometric mean: what either look takes for background becomes doubtful. From close
    by, petals and grass resemble wings; seen small, the specimen stands out from them. What
    is too thin to be seen small, antennae and legs, is left to the fine look alone.
    """
    import cv2

    if coarse is None:
        return fine
    size = (fine.shape[1], fine.shape[0])
    wide = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    both = np.sqrt(fine * np.clip(wide, 0, 1))
    return np.asarray(np.maximum(both, _thin_parts(fine)), np.float32)


def nearby(chance: npt.NDArray[np.float32], shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Return the part of an image that is worth a closer look, or None if most of it is.

    Parameters
    ----------
    chance : ndarray of float32, shape (h, w)
        The probabilities of the whole image.
    shape : (int, int, ...)
        Height and width of the image in pixels.

    Returns
    -------
    (slice, slice) or None
        Rows and columns of the image: what is seen, and some ground around it.
    """
    box = _box(chance)
    if box is None or (box[1] - box[0]).max() > _LITTLE * max(chance.shape):
        return None
    return _with_ground(box, chance.shape, shape)


def around(chance: npt.NDArray[np.float32], shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Return the part of an image that shows what is seen, or None if nothing is.

    Parameters
    ----------
    chance, shape
        As in :func:`nearby`.

    Returns
    -------
    (slice, slice) or None
        Rows and columns of the image, as from :func:`nearby`, however large.
    """
    box = _box(chance)
    return None if box is None else _with_ground(box, chance.shape, shape)


def _box(chance: npt.NDArray[np.float32]) -> npt.NDArray[np.int64] | None:
    """Return the first and last row and column of what is seen, specks left out."""
    import cv2

    _, _, found, _ = cv2.connectedComponentsWithStats((chance > _SEEN).astype(np.uint8))
    x, y, wide, high, area = found[1:].T.astype(np.int64)
    if not len(area):
        return None
    large = area >= _SPECK * area.max()
    starts = y[large].min(), x[large].min()
    return np.array([starts, ((y + high)[large].max(), (x + wide)[large].max())])


def _with_ground(
    box: npt.NDArray[np.int64], size: tuple[int, ...], shape: tuple[int, ...]
) -> tuple[slice, slice]:
    """Return what a box in probabilities is in the image, and some ground around it."""
    sides = np.array(shape[:2])
    scale, air = sides / size, _AROUND * (box[1] - box[0]).max()
    starts = np.maximum(np.floor((box[0] - air) * scale), 0).astype(int)
    stops = np.minimum(np.ceil((box[1] + air) * scale), sides).astype(int)
    rows, columns = map(slice, starts.tolist(), stops.tolist())
    return rows, columns


def put_back(
    wide: npt.NDArray[np.float32],
    near: npt.NDArray[np.float32],
    part: tuple[slice, slice],
    shape: tuple[int, ...],
    *,
    thin_stays: bool = True,
) -> npt.NDArray[np.float32]:
    """Return the probabilities of a whole image, with those of a closer look at a part of it.

    Parameters
    ----------
    wide, near : ndarray of float32, shape (h, w) each
        Of the whole image, and of its part.
    part : (slice, slice)
        From :func:`nearby` or :func:`around`.
    shape : (int, int, ...)
        Height and width of the image in pixels.
    thin_stays : bool
        Whether thin parts that were seen before stay: from nearby a thin antenna may seem too
        wide for one.

    Notes
    -----
    The result is as fine as the closer look, but no larger than the image.
    """
    import cv2

    longest, part_px = max(shape[:2]), max(one.stop - one.start for one in part)
    finest = min(1.0, _MOST_PX / longest, max(near.shape) / part_px)
    scale = max(finest, max(wide.shape) / longest)
    size = round(shape[1] * scale), round(shape[0] * scale)
    whole = cv2.resize(wide, size, interpolation=cv2.INTER_LINEAR)
    there = tuple(slice(round(one.start * scale), round(one.stop * scale)) for one in part)
    rows, columns = whole[there].shape
    how = cv2.INTER_AREA if max(near.shape) > max(rows, columns) else cv2.INTER_LINEAR
    seen = cv2.resize(near, (columns, rows), interpolation=how)
    if thin_stays:
        thin = cv2.resize(_thin_parts(wide), size, interpolation=cv2.INTER_LINEAR)
        seen = np.maximum(seen, thin[there])
    whole[there] = seen
    return np.asarray(whole, np.float32)


def known(
    near: npt.NDArray[np.float32],
    wide: npt.NDArray[np.float32],
    part: tuple[slice, slice],
    shape: tuple[int, ...],
) -> npt.NDArray[np.float32]:
    """Return the probabilities of a closer look, less the pieces that were not seen before.

    Parameters
    ----------
    near, wide, part, shape
        As in :func:`put_back`. A piece of which nothing was seen before is no more likely in
        the result than it was then.
    """
    import cv2

    scale = max(wide.shape) / max(shape[:2])
    there = tuple(slice(int(one.start * scale), math.ceil(one.stop * scale)) for one in part)
    before = cv2.resize(wide[there], near.shape[::-1], interpolation=cv2.INTER_LINEAR)
    _, pieces = cv2.connectedComponents((near > _PIECE).astype(np.uint8))
    seen = np.isin(pieces, np.unique(pieces[before > _SEEN]))
    return np.where(seen | (pieces == 0), near, np.minimum(near, before))


def _thin_parts(chance: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return probabilities less those of what holds a disc: antennae, legs, fine print."""
    import cv2

    width = 2 * round(max(chance.shape) / _THIN) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    thin = chance - cv2.morphologyEx(chance, cv2.MORPH_OPEN, disc)
    return np.asarray(thin, np.float32)
