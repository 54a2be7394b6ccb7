"""Perceptual hashes: 256 bits that stay alike when an image is resized or compressed again."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.float32]
Fingerprint = npt.NDArray[np.uint8]

N_BITS = 256
"""Length of a fingerprint."""

_SIDE_PX = 64


def grey_square(pixels: Pixels, side_px: int) -> Grey:
    """Return the image's luma on a square, each pixel the mean of the area it covers.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB. The aspect is given up, so that no border has to be invented.
    side_px : int
        Side of the square in pixels.

    Returns
    -------
    ndarray of float32, shape (side_px, side_px)
        0 to 255, ITU-R BT.601 weights; bilinear where the image is smaller.
    """
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY).astype(np.float32)
    smaller = max(grey.shape) >= side_px
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (side_px, side_px), interpolation=how), np.float32)


def contrast(pixels: Pixels) -> float:
    """Return how far an image is from one grey: the standard deviation in grey levels.

    It is taken after the reduction that :func:`dct_hash` sees, so that noise and
    paper grain count for little. A white page gives 0, black on white up to 127.
    """
    return float(grey_square(pixels, _SIDE_PX).std())


def dct_hash(pixels: Pixels) -> Fingerprint:
    """Return 256 bits: the signs of the lowest frequencies of an image.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, of any size.

    Returns
    -------
    ndarray of uint8, shape (32,)
        Bits in order of rising frequency, first bit highest in its byte.

    Notes
    -----
    The luma is averaged onto 64 x 64 pixels and transformed by the discrete
    cosine transform (type II) [1]_; a bit is 1 where a coefficient is positive.
    The constant term is left out, the 256 lowest others are taken along rising
    diagonals, as in [2]_ but more of them and against zero, not the median: a
    bit then depends on its own coefficient alone.

    A copy in another size or compression differs in few bits, a turned or
    mirrored one in about half. Of an image without contrast the bits are noise.
    Alike bits do not prove alike images: photographs of two beetles of one
    species in one place can differ in a dozen bits, two typed labels in none.

    References
    ----------
    .. [1] Ahmed, N., Natarajan, T., Rao, K. R. (1974). Discrete cosine
           transform. IEEE Transactions on Computers C-23, 90-93.
    .. [2] Zauner, C. (2010). Implementation and benchmarking of perceptual image
           hash functions. Thesis, FH Hagenberg.

    Examples
    --------
    >>> ramp = np.tile(np.arange(0, 200, dtype=np.uint8)[:, None, None], (1, 90, 3))
    >>> distance(dct_hash(ramp), dct_hash(ramp[::2, ::2])) < 4
    True
    """
    import cv2

    rows, columns = _lowest()
    coefficients = cv2.dct(grey_square(pixels, _SIDE_PX))[rows, columns]
    # What rounding leaves of a coefficient that is zero has a sign by chance.
    return np.packbits(coefficients > 1e-2)


def distance(first: Fingerprint, second: Fingerprint) -> int:
    """Return in how many bits two fingerprints differ, 0 to 256."""
    return int(np.bitwise_count(np.bitwise_xor(first, second)).sum())


@functools.cache
def _lowest() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return rows and columns of the lowest coefficients, the constant one left out."""
    places = [(row, column) for row in range(_SIDE_PX) for column in range(_SIDE_PX)]
    places.sort(key=lambda place: (sum(place), max(place), place))
    rows, columns = np.array(places[1 : N_BITS + 1]).T
    return rows, columns
