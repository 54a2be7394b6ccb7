"""Smaller images, and square ones, without losing an edge or inventing detail."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


def shrink(pixels: Pixels, longest_px: int) -> Pixels:
    """Return the image with its longest side at most so many pixels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, channels) or (height, width)
    longest_px : int
        At least 1. A smaller image is returned as it is: nothing is enlarged.

    Returns
    -------
    ndarray of uint8
        C-contiguous; each pixel is the mean of the area it covers, so that fine
        patterns blur and do not alias. The short side keeps at least 1 pixel.

    Examples
    --------
    >>> shrink(np.zeros((300, 600, 3), np.uint8), 128).shape
    (64, 128, 3)
    """
    if max(pixels.shape[:2]) <= longest_px:
        return np.ascontiguousarray(pixels)
    return resize_to(pixels, longest_px)


def resize_to(pixels: Pixels, longest_px: int) -> Pixels:
    """Return the image with its longest side exactly so many pixels.

    Shrinks by the mean over the area (as :func:`shrink`), enlarges bilinearly;
    the aspect is kept to the nearest pixel.
    """
    import cv2

    height, width = pixels.shape[:2]
    longest = max(height, width)
    if longest == longest_px:
        return np.ascontiguousarray(pixels)
    scale = longest_px / longest
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how), np.uint8)


def edge_colour(pixels: Pixels) -> Colour:
    """Return the median colour of an image's outermost pixels, each channel alone.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)

    Examples
    --------
    >>> edge_colour(np.full((4, 6, 3), 200, np.uint8))
    (200, 200, 200)
    """
    sides = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    red, green, blue = np.median(np.concatenate(sides), axis=0)
    return int(red), int(green), int(blue)


def pad_to_square(pixels: Pixels, colour: Colour) -> Pixels:
    """Return the whole image in the middle of a square of one colour.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    colour : tuple of int
        RGB of what is added. Of an odd number of added pixels, the last side
        gets one more.

    Returns
    -------
    ndarray of uint8, shape (longest, longest, 3)
    """
    height, width = pixels.shape[:2]
    side = max(height, width)
    square = np.empty((side, side, 3), np.uint8)
    square[:] = colour
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = pixels
    return square
